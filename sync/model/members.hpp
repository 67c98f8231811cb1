#pragma once
// Who is in which group: member values as they stream in, then numbers.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "sync/model/entries.hpp"
#include "sync/model/flat_index.hpp"
#include "sync/model/pool.hpp"

namespace dirsync {

using PersonIndex = std::uint32_t;
using GroupIndex = std::uint32_t;

/// Members of one group as read. A member DN that no read entry bears is `unresolved`.
struct GroupMembers {
  std::span<PersonIndex const> people;           // ascending, each once
  std::span<GroupIndex const> groups;            // ascending, each once
  std::span<std::string_view const> unresolved;  // raw values that name nobody and no group read
};

/// The members of every group, resolved.
class MemberTable {
 public:
  GroupMembers of(GroupIndex group) const;
  /// Number of values they were made of.
  std::uint64_t value_count() const noexcept { return value_count_; }
  /// Those of all groups, one after the other.
  std::span<std::string_view const> unresolved() const noexcept { return unresolved_; }
  /// Takes those values out for which it is true.
  void take_unresolved(std::function<bool(GroupIndex, std::string_view)> const& is_explained);

 private:
  friend class MemberValues;
  struct Range {
    std::uint32_t people = 0, people_end = 0, groups = 0, groups_end = 0, unresolved = 0, unresolved_end = 0;
  };
  std::vector<Range> ranges_;
  std::vector<PersonIndex> people_;
  std::vector<GroupIndex> groups_;
  std::vector<std::string_view> unresolved_;
  TextPool texts_;
  std::uint64_t value_count_ = 0;
};

/// Member values by the number of their group, in any order. Each distinct spelling is stored and normalized
/// once. Shares nothing with the entries until it is resolved.
class MemberValues {
 public:
  /// A value that is a DN, or DN#uid.
  void add_dn(GroupIndex group, std::string_view value);
  /// A memberUid value (RFC 2307): names the person whose `uid` has it (exact, case-sensitive match).
  void add_uid(GroupIndex group, std::string_view value);
  std::uint64_t count() const noexcept { return members_.size(); }
  bool has_uids() const noexcept { return has_uids_; }  // memberUid values

  /// Both lists are indexed, by the same `keys`. A value means the entry that is spelt so, else the only one
  /// that its server takes for the same.
  MemberTable resolve(EntryList const& people, EntryList const& groups, DnKeys const& keys) &&;

 private:
  struct Resolver;
  /// Members of one group that arrived in a row.
  struct Stretch {
    GroupIndex group = 0;
    std::uint32_t start = 0;  // in `members_`
  };
  static constexpr std::uint32_t kIsUid = 1U << 31;  // in `members_`: a memberUid, not a DN

  std::uint32_t spelling(std::string_view text);
  std::uint32_t find_spelling(std::string_view text) const;
  void add(GroupIndex group, std::uint32_t member);

  TextPool texts_;
  std::vector<std::string_view> spellings_;
  FlatIndex index_;
  std::vector<std::uint32_t> members_;  // numbers of spellings
  std::vector<Stretch> stretches_;
  bool has_uids_ = false;
};

}  // namespace dirsync
