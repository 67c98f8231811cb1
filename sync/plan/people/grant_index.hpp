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
  GrantIndex(Managed const& managed, GrantBinding const& binding);
  /// The user granted to the person with that entry; nothing when none was, or they are no more.
  std::optional<std::uint32_t> user_of(EntryId const& id) const;
  /// Where there is none: somebody else, who has the id of that user now.
  std::optional<std::uint32_t> successor_of(EntryId const& id) const;
  /// The entries of the people to whom the user was granted.
  std::span<EntryId const> entries_of(std::uint32_t user) const;

 private:
  std::unordered_map<EntryId, std::uint32_t> by_entry_, successors_;
  std::unordered_map<std::uint32_t, std::vector<EntryId>> by_user_;
};

}  // namespace dirsync::plan
