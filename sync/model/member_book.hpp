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
#include <vector>

#include "sync/model/pool.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/model/strong.hpp"

namespace dirsync {

/// About 70 bytes a person and 4 a membership, in a few large pieces. Moved, not copied. Pure; any thread,
/// none while it is assigned or noted in.
class MemberBook {
 public:
  MemberBook() = default;
  /// `rules`: names under which the read has selections, as Snapshot::selected().
  explicit MemberBook(Snapshot const& snapshot, std::span<std::string const> rules = {});

  bool has_group(EntryId const& group) const { return group_number(group).has_value(); }
  bool has_person(EntryId const& person) const { return number_of(person).has_value(); }
  /// How a group's own list differs from what it was.
  struct Changes {
    std::vector<EntryId> left;  // people whom it named, and names no more
    /// People whom it names by the DN that they had, which nobody else had; without those set aside.
    std::vector<EntryId> came;
  };
  /// `values`: the list as it is now. Nothing: that cannot be told. Then the group was not read, or a value
  /// is no DN, or one that was not in the list names nobody who was read: it might be a group, or another
  /// spelling of somebody.
  std::optional<Changes> changes(EntryId const& group, std::span<std::string_view const> values) const;
  /// The same of values that came to the list and went from it since the read.
  std::optional<Changes> changes(EntryId const& group, std::span<std::string const> added,
                                 std::span<std::string const> removed) const;
  /// That the person is in the group's list by now: from here on it can be seen that they leave it.
  void note_joined(EntryId const& group, EntryId const& person);
  /// That something about the person kept them out of groups. A later read may not see it any more, be it
  /// only because the account may not. In ascending order.
  void note_kept_out(PersonIndex person) { kept_out_.push_back(person); }
  bool was_kept_out(EntryId const& person) const;
  /// Whether the person had that DN. `normalized`: from normalized_dn().
  bool had_dn(EntryId const& person, std::string_view normalized) const;
  /// Whether anybody had it.
  bool has_dn(std::string_view normalized) const;
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

  /// That `entry` is another than it was. A change of `by` explains it as well as one of `entry` itself:
  /// whom a group has may follow from what the person is.
  struct Difference {
    EntryId entry, by;  // `by` is empty where nothing but the entry explains it
  };
  /// What a later read found otherwise: who is there, under which DN, who is in which group by itself, and
  /// which group in which. At most `most`.
  std::vector<Difference> differences(MemberBook const& later, std::size_t most) const;

 private:
  using Number = std::uint32_t;  // PersonIndex or GroupIndex of that read
  struct Group {
    std::string_view id, dn;
    ChangeStamp changed;
    std::span<Number const> people, above;  // ascending
    std::span<std::uint64_t const> others;  // marks of its values that named a group or nobody, ascending
    std::vector<Number> joined;             // people who came after the read
    bool has(Number person) const;
  };
  std::optional<Number> group_number(EntryId const& group) const;
  Group const* find(EntryId const& group) const;
  std::optional<Number> number_of(EntryId const& person) const;
  /// People whose DNs have that mark.
  std::span<Number const> bearers(std::uint64_t mark) const;
  /// Of a value that `group` has: one that may take nobody's place.
  std::optional<std::uint64_t> mark_of_known(Group const& group, std::string_view value) const;
  void note_who_came(Group const& group, std::uint64_t mark, std::vector<EntryId>& came) const;
  EntryId id_of(Number person) const { return EntryId{std::string{people_[person]}}; }
  void add_people(Snapshot const& snapshot);
  void add_groups(Snapshot const& snapshot);
  class Comparison;

  TextPool texts_;
  Pool<Number> number_lists_;
  Pool<std::uint64_t> mark_lists_;
  std::vector<std::string_view> people_;  // their ids
  std::vector<std::uint64_t> marks_;      // of their DNs, by number
  std::vector<Number> by_mark_, by_id_;   // people, ascending by these
  std::set<Number> aside_;                // people of whom nobody knew who they are
  std::vector<Number> kept_out_;          // people, ascending
  std::vector<Group> groups_;
  std::vector<Number> groups_by_id_;                     // ascending by it
  std::map<std::string, std::vector<Number>> selected_;  // by rule, ascending
};

}  // namespace dirsync
