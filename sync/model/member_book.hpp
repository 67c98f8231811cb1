#pragma once
// Who named whom in one complete read, kept when the read itself is not: for whoever hears later that one
// group changed.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/model/pool.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/model/strong.hpp"

namespace dirsync {

/// About 70 bytes a person and 4 a membership, in a few large pieces. Moved, not copied. Pure; any thread,
/// none while it is assigned.
class MemberBook {
 public:
  MemberBook() = default;
  /// `rules`: names under which the read has selections, as Snapshot::selected().
  explicit MemberBook(Snapshot const& snapshot, std::span<std::string const> rules = {});

  bool has_group(EntryId const& group) const { return numbers_.contains(group.value()); }
  /// Those people of the group's own list whom `values`, its list as it is now, names no more. Nothing: that
  /// cannot be told. Then the group was not read, or a value is no DN, or one that was not in the list names
  /// nobody who was read: it might be a group, or another spelling of somebody. People who came to the list
  /// are no reason, as they take nothing away from others.
  std::optional<std::vector<EntryId>> left(EntryId const& group,
                                           std::span<std::string_view const> values) const;
  /// The same of values that came to the list and went from it since.
  std::optional<std::vector<EntryId>> left(EntryId const& group, std::span<std::string const> added,
                                           std::span<std::string const> removed) const;
  /// Those that had the person themselves, by whichever way: also a dynamic one, or one's primary group.
  std::set<EntryId> groups_of(EntryId const& person) const;
  bool was_selected(EntryId const& group, std::string const& rule) const;
  /// How the group stood.
  struct Kept {
    std::string dn;
    ChangeStamp changed;
    std::size_t people = 0;  // in its own list
  };
  std::optional<Kept> kept(EntryId const& group) const;
  /// The group, and those in which it is, at any depth.
  std::set<EntryId> up_from(EntryId const& group) const;

 private:
  using Number = std::uint32_t;  // PersonIndex or GroupIndex of that read
  struct Group {
    EntryId id;
    std::string dn;
    ChangeStamp changed;
    std::vector<Number> people, above;  // ascending
    std::vector<std::uint64_t> others;  // marks of its values that named a group or nobody, ascending
  };
  Group const* find(EntryId const& group) const;
  /// Of a value that `group` has: one that may take nobody's place.
  std::optional<std::uint64_t> mark_of_known(Group const& group, std::string_view value) const;

  TextPool ids_;
  std::vector<std::string_view> people_;  // their ids
  std::vector<std::uint64_t> marks_;  // of their DNs, by number
  std::vector<std::uint64_t> known_;  // the same, ascending
  std::vector<Group> groups_;
  std::unordered_map<std::string, Number> numbers_;      // of groups, by id
  std::map<std::string, std::vector<Number>> selected_;  // by rule, ascending
};

}  // namespace dirsync
