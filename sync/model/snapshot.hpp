#pragma once
// A complete read of a directory, compact enough for a million memberships.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/census.hpp"
#include "sync/model/certificate.hpp"
#include "sync/model/damage.hpp"
#include "sync/model/entries.hpp"
#include "sync/model/error.hpp"
#include "sync/model/members.hpp"
#include "sync/model/schema.hpp"
#include "sync/model/strong.hpp"
#include "sync/model/two_lists.hpp"

namespace dirsync {

/// An entry of which it is known that it is there, and no more: not read as a person or as a group.
struct UnreadEntry {
  EntryId id;
  std::string dn;
  std::string object_class;  // for which it is not read, as the schema writes it
  enum class Kind {
    group,   // its class allows members, and groups.classes leaves it out
    alias,   // RFC 4512, 2.6
    neither  // nor a person
  } kind = Kind::group;
};

/// The attribute under which entries keep their security identifier, as text; where it was asked for.
inline constexpr std::string_view kSidAttribute = "objectSid";

/// A person or a group by its number among those of its directory.
struct EntryNumber {
  bool is_group = false;
  std::uint32_t number = 0;  // PersonIndex or GroupIndex
};

/// A member that another directory has.
struct MemberElsewhere {
  std::string directory;
  EntryNumber entry;
  std::string_view value = {};  // by which the group names it
};

class Snapshot {
 public:
  Snapshot(Snapshot&&) noexcept = default;
  Snapshot& operator=(Snapshot&&) noexcept = default;

  std::span<Entry const> people() const noexcept { return people_.all(); }
  std::span<Entry const> groups() const noexcept { return groups_.all(); }
  GroupMembers members(GroupIndex group) const { return members_.of(group); }
  /// Members that other directories have, as far as resolve_elsewhere() found them; by value.
  std::span<MemberElsewhere const> elsewhere(GroupIndex group) const;
  std::optional<PersonIndex> person_by_id(EntryId const& id) const { return people_.by_id(id); }
  std::optional<GroupIndex> group_by_id(EntryId const& id) const { return groups_.by_id(id); }
  /// `normalized`: from normalized_dn(). Nothing as well when several entries share it.
  std::optional<PersonIndex> person_by_dn(std::string_view normalized) const {
    return people_.by_dn(normalized);
  }
  std::optional<GroupIndex> group_by_dn(std::string_view normalized) const {
    return groups_.by_dn(normalized);
  }
  /// Whether a person or a group, or several, have that DN.
  bool has_dn(std::string_view normalized) const { return has_person(normalized) || has_group(normalized); }
  bool has_person(std::string_view normalized) const { return people_.has_dn(normalized); }
  bool has_group(std::string_view normalized) const { return groups_.has_dn(normalized); }
  /// The group that its server means by `dn`, in any spelling.
  std::optional<GroupIndex> group_named(std::string_view dn) const;
  /// The only entry of that DN; nothing as well when it is a person and a group. `key`: from DnKeys::key() of
  /// its schema.
  std::optional<EntryNumber> entry_by_own_dn(std::string_view key) const;
  /// Groups that the rule's own selection found; ascending. `rule`: as in GroupQuery::rule.
  std::span<GroupIndex const> selected(std::string const& rule) const;
  Certificate const& certificate() const noexcept { return certificate_; }
  /// What could not be used and was set aside, people first.
  std::span<Damage const> damages() const noexcept { return damages_; }
  /// Number of member values read, resolved or not.
  std::uint64_t value_count() const noexcept { return members_.value_count(); }
  /// Of them, those that name no entry that was read.
  std::uint64_t unresolved_count() const noexcept { return members_.unresolved().size(); }
  /// One of these; empty: there is none.
  std::string_view example_unresolved() const noexcept {
    return members_.unresolved().empty() ? std::string_view{} : members_.unresolved().front();
  }
  std::string const& directory() const noexcept { return directory_; }
  /// Groups whose lists of members differ, ascending.
  std::vector<TwoLists> const& two_lists() const noexcept { return two_lists_; }
  /// Nothing: read, or not known.
  UnreadEntry const* unread_by_id(EntryId const& id) const;
  UnreadEntry const* unread_by_dn(std::string_view normalized) const;
  void explain(std::vector<UnreadEntry> unread);
  /// Asks of each value that names no entry whether another directory has it.
  void explain_members(std::function<std::optional<MemberElsewhere>(std::string_view value)> const& find);
  /// How its people's accounts are to be judged.
  AccountRules const& account_rules() const noexcept { return account_rules_; }
  /// What is there instead, where some rule selected no group, or nobody was found; null: nobody looked.
  Census const* beside_groups() const noexcept { return beside_groups_ ? &*beside_groups_ : nullptr; }
  Census const* beside_people() const noexcept { return beside_people_ ? &*beside_people_ : nullptr; }
  /// What its attributes and classes are.
  Schema const& schema() const noexcept { return *schema_; }

 private:
  friend class SnapshotBuilder;
  Snapshot() = default;
  std::string directory_;
  EntryList people_, groups_;
  MemberTable members_;
  std::vector<Damage> damages_;
  std::map<std::string, std::vector<GroupIndex>> selected_;
  Certificate certificate_;
  AccountRules account_rules_;
  std::optional<Census> beside_groups_, beside_people_;
  std::shared_ptr<Schema const> schema_;
  std::vector<TwoLists> two_lists_;
  std::map<std::string, UnreadEntry, std::less<>> unread_;  // by normalized DN
  std::map<GroupIndex, std::vector<MemberElsewhere>> elsewhere_;
};

/// The entry that is damaged.
Entry const& entry_of(Snapshot const& snapshot, Damage const& damage);

enum class SnapshotErrc {
  duplicate_id = 1,  // one entry came twice
  incomplete,        // a clause of the certificate does not hold
  canary,            // an entry that must be seen in every read was not
  values_cut,        // a group has more values than came
  entries_cut,       // a container has more entries, or fewer, than came
};
boost::system::error_code make_error_code(SnapshotErrc code);
char const* category_name(SnapshotErrc);
char const* to_text(SnapshotErrc code);
Failure failure_of(SnapshotErrc code);

/// Joins what readers collected, and resolves member values once. The add functions, which copy what they are
/// given, are for tests.
class SnapshotBuilder {
 public:
  using Attribute = EntryAttribute;
  explicit SnapshotBuilder(std::string directory);
  /// Continues with what two readers collected, each by itself. `members`: by number in `groups`.
  SnapshotBuilder(std::string directory, EntryList people, EntryList groups, MemberValues members);

  void add_person(EntryId id, std::string_view dn, std::span<Attribute const> attributes,
                  ChangeStamp changed = {});
  /// Returns the number by which members are added.
  GroupIndex add_group(EntryId id, std::string_view dn, std::span<Attribute const> attributes,
                       ChangeStamp changed = {});
  /// As MemberValues.
  void add_member_dn(GroupIndex group, std::string_view value);
  void add_member_uid(GroupIndex group, std::string_view value);
  void select(std::string rule, EntryId const& group);
  /// The group of that DN; when none was read, the certificate says so and the selection lacks it.
  void select_dn(std::string rule, std::string dn);
  /// The groups that are members of that group at any depth, itself excluded; else as select_dn().
  void select_members_of(std::string rule, std::string dn);
  /// Without: a directory that says nothing of accounts.
  void set_account_rules(AccountRules rules);
  void set_beside(std::optional<Census> groups, std::optional<Census> people);
  /// Without: the built-in one.
  void set_schema(std::shared_ptr<Schema const> schema);
  /// Groups that have several lists of members, to be compared; ascending.
  void compare(std::vector<ListsBeside> lists) { lists_ = std::move(lists); }
  /// The certificate is to count the people who show each of them, in lower case, and `uid` where a group
  /// lists members by it. Without: nothing is counted.
  void count_who_show(std::set<std::string> attributes);
  /// What a reader itself set aside. Its numbers are those of the lists.
  void note_damages(std::vector<Damage> damages);
  /// Errors: SnapshotErrc. A selected id without a group is `incomplete`: the directory changed meanwhile.
  Result<Snapshot> build(Certificate certificate) &&;

 private:
  struct Selection {
    enum class Kind { id, dn, members_of } kind;
    std::string rule, text;
  };
  Result<void> index(Damage::Of kind, EntryList& entries, DnKeys const& keys);
  void note_people_who_are_groups();
  void note_unresolved();
  void note_damages();
  void note_attributes();
  Result<void> resolve_selections();
  void note_missing(Selection const& selection);
  void add_members_at_any_depth(GroupIndex top, std::vector<GroupIndex>& groups) const;

  Snapshot snapshot_;
  MemberValues members_;
  std::vector<Selection> selections_;
  std::set<std::string> deciding_;
  std::vector<ListsBeside> lists_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::SnapshotErrc> : std::true_type {};
