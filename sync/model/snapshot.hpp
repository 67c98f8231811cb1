#pragma once
// A complete read of a directory, compact enough for a million memberships.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/error.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/flat_index.hpp"
#include "sync/model/strong.hpp"

namespace dirsync {

using PersonIndex = std::uint32_t;
using GroupIndex = std::uint32_t;

/// One clause of the completeness proof (product.md 6 in the design; docs/architecture.md).
struct CertificateClause {
  std::string name;  // "result-codes", "paging", "base-readable", "entry-count", ...
  bool holds = false;
  std::string detail;  // figures; what to do when it does not hold
};

/// Why a snapshot counts as complete. Stored with the run, shown by `run show`.
struct Certificate {
  std::vector<CertificateClause> clauses;
  std::uint64_t searches = 0, pages = 0, entries = 0, values = 0;
  std::string server;  // URI that answered
  bool complete() const;
};

/// Values that stay where they are while the pool lives, also when it moves.
template <class T>
class Pool {
 public:
  std::span<T const> keep(std::span<T const> values) {
    if (values.size() > capacity_ - used_) {
      capacity_ = std::max(kBlock, values.size());
      blocks_.push_back(std::make_unique_for_overwrite<T[]>(capacity_));
      used_ = 0;
    }
    if (values.empty()) return {};
    auto* const place = blocks_.back().get() + used_;
    std::ranges::copy(values, place);
    used_ += values.size();
    kept_ += values.size();
    return {place, values.size()};
  }
  std::size_t kept() const noexcept { return kept_; }

 private:
  static constexpr std::size_t kBlock = 65'536 / sizeof(T);
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t used_ = 0, capacity_ = 0, kept_ = 0;
};

/// Text owned by one snapshot; views stay valid while it lives, also when it moves.
class TextPool {
 public:
  std::string_view keep(std::string_view text) {
    auto const kept = pool_.keep(text);
    return {kept.data(), kept.size()};
  }
  std::size_t bytes() const noexcept { return pool_.kept(); }

 private:
  Pool<char> pool_;
};

struct Entry {
  EntryId id;
  std::string_view dn;             // as the server spells it
  std::string_view normalized_dn;  // key for comparing
  std::span<AttributeView const> attributes;
  /// Values of one attribute; empty when absent. `name` in any ASCII case.
  std::span<std::string_view const> values(std::string_view name) const;
};

/// Members of one group as read. A member DN that no read entry bears is `unresolved`.
struct GroupMembers {
  std::span<PersonIndex const> people;           // ascending, each once
  std::span<GroupIndex const> groups;            // ascending, each once
  std::span<std::string_view const> unresolved;  // raw values that name nobody and no group read
};

class Snapshot {
 public:
  Snapshot(Snapshot&&) noexcept = default;
  Snapshot& operator=(Snapshot&&) noexcept = default;

  std::span<Entry const> people() const noexcept { return people_; }
  std::span<Entry const> groups() const noexcept { return groups_; }
  GroupMembers members(GroupIndex group) const;
  std::optional<PersonIndex> person_by_id(EntryId const& id) const;
  std::optional<GroupIndex> group_by_id(EntryId const& id) const;
  /// `normalized`: from normalized_dn().
  std::optional<PersonIndex> person_by_dn(std::string_view normalized) const;
  std::optional<GroupIndex> group_by_dn(std::string_view normalized) const;
  /// Groups that the rule's own selection found; ascending. `rule`: as in GroupQuery::rule.
  std::span<GroupIndex const> selected(std::string const& rule) const;
  Certificate const& certificate() const noexcept { return certificate_; }
  /// Number of member values read, resolved or not.
  std::uint64_t value_count() const noexcept { return value_count_; }
  std::string const& directory() const noexcept { return directory_; }
  /// How its people's accounts are to be judged.
  AccountRules const& account_rules() const noexcept { return account_rules_; }

 private:
  friend class SnapshotBuilder;
  Snapshot() = default;
  struct MemberRange {
    std::uint32_t people = 0, people_end = 0, groups = 0, groups_end = 0, unresolved = 0, unresolved_end = 0;
  };
  std::string directory_;
  TextPool texts_;
  Pool<AttributeView> attributes_;
  Pool<std::string_view> values_;
  std::vector<Entry> people_, groups_;
  std::vector<MemberRange> ranges_;
  std::vector<PersonIndex> member_people_;
  std::vector<GroupIndex> member_groups_;
  std::vector<std::string_view> unresolved_;
  FlatIndex person_ids_, group_ids_, person_dns_, group_dns_;
  std::map<std::string, std::vector<GroupIndex>> selected_;
  Certificate certificate_;
  AccountRules account_rules_;
  std::uint64_t value_count_ = 0;
};

enum class SnapshotErrc {
  duplicate_id = 1,  // two entries with one immutable id
  duplicate_dn,      // two entries with one DN
  bad_dn,            // an entry's own DN does not parse
  incomplete,        // a clause of the certificate does not hold
};
boost::system::error_code make_error_code(SnapshotErrc code);
char const* category_name(SnapshotErrc);
char const* to_text(SnapshotErrc code);
Failure failure_of(SnapshotErrc code);

/// Collects entries as they stream in, in any order, then resolves member values once.
/// Copies what it is given. Used by directory readers and by tests.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(std::string directory);
  struct Attribute {
    std::string_view name;
    std::vector<std::string_view> values;
  };
  void add_person(EntryId id, std::string_view dn, std::span<Attribute const> attributes);
  /// Returns the number by which members are added.
  std::uint32_t add_group(EntryId id, std::string_view dn, std::span<Attribute const> attributes);
  /// A member value that is a DN, or DN#uid.
  void add_member_dn(std::uint32_t group, std::string_view value);
  /// A memberUid value (RFC 2307): names the person whose `uid` has it (exact, case-sensitive match).
  void add_member_uid(std::uint32_t group, std::string_view value);
  void select(std::string rule, EntryId const& group);
  /// The group of that DN; when none was read, the certificate says so and the selection lacks it.
  void select_dn(std::string rule, std::string dn);
  /// The groups that are members of that group at any depth, itself excluded; else as select_dn().
  void select_members_of(std::string rule, std::string dn);
  /// Without: a directory that says nothing of accounts.
  void set_account_rules(AccountRules rules);
  /// Errors: SnapshotErrc. A selected id without a group is `incomplete`: the directory changed meanwhile.
  Result<Snapshot> build(Certificate certificate) &&;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::SnapshotErrc> : std::true_type {};
