#pragma once
// Which users of a target were granted to which people.
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "sync/plan/people/grant_binding.hpp"

namespace dirsync::plan {

class GrantIndex {
 public:
  /// `managed` must outlive it.
  GrantIndex(Managed const& managed, GrantBinding const& binding);
  /// The users granted to the person with that entry: none when none was, or they are no more; several after
  /// a log-on under a new name or DN.
  std::vector<std::uint32_t> users_of(EntryId const& id) const;
  /// Where there is none: somebody else, who has the id of that user now.
  std::optional<std::uint32_t> successor_of(EntryId const& id) const;
  /// The entries of the people to whom the user was granted.
  std::span<EntryId const> entries_of(std::uint32_t user) const;

 private:
  struct First {
    std::uint32_t user;
    Grant const* grant;
  };
  void note(EntryId id, std::uint32_t user, Grant const& grant);

  std::unordered_map<EntryId, First> by_entry_;
  std::unordered_map<EntryId, std::vector<std::uint32_t>> further_;  // of the few who have several
  std::unordered_map<EntryId, std::uint32_t> successors_;
  std::unordered_map<std::uint32_t, std::vector<EntryId>> by_user_;
};

}  // namespace dirsync::plan
