#include "sync/model/snapshot.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync {

std::span<GroupIndex const> Snapshot::selected(std::string const& rule) const {
  auto const selection = selected_.find(rule);
  if (selection == selected_.end()) return {};
  return selection->second;
}

Entry const& entry_of(Snapshot const& snapshot, Damage const& damage) {
  return (damage.of == Damage::Of::person ? snapshot.people() : snapshot.groups())[damage.number];
}

std::optional<GroupIndex> Snapshot::group_named(std::string_view dn) const {
  auto const spelt = std::ranges::find(groups(), dn, &Entry::dn);
  if (spelt != groups().end()) return static_cast<GroupIndex>(spelt - groups().begin());
  auto const key = DnKeys{schema()}.key(dn);
  return key ? groups_.by_own_dn(*key) : std::nullopt;
}

std::optional<EntryNumber> Snapshot::entry_by_own_dn(std::string_view key) const {
  auto const person = people_.by_own_dn(key), group = groups_.by_own_dn(key);
  if (person.has_value() == group.has_value()) return std::nullopt;
  return person ? EntryNumber{false, *person} : EntryNumber{true, *group};
}

std::span<MemberElsewhere const> Snapshot::elsewhere(GroupIndex group) const {
  auto const found = elsewhere_.find(group);
  if (found == elsewhere_.end()) return {};
  return found->second;
}

void Snapshot::explain_members(
    std::function<std::optional<MemberElsewhere>(std::string_view value)> const& find) {
  members_.take_unresolved([this, &find](GroupIndex group, std::string_view value) {
    auto found = find(value);
    if (!found) return false;
    found->value = value;
    elsewhere_[group].push_back(*std::move(found));
    return true;
  });
}

UnreadEntry const* Snapshot::unread_by_id(EntryId const& id) const {
  auto const has_id = [&id](auto const& item) { return item.second.id == id; };
  auto const found = std::ranges::find_if(unread_, has_id);
  return found == unread_.end() ? nullptr : &found->second;
}

UnreadEntry const* Snapshot::unread_by_dn(std::string_view normalized) const {
  auto const found = unread_.find(normalized);
  return found == unread_.end() ? nullptr : &found->second;
}

void Snapshot::explain(std::vector<UnreadEntry> unread) {
  for (auto& entry : unread)
    if (auto const key = normalized_dn(entry.dn)) unread_.emplace(*key, std::move(entry));
}

SnapshotBuilder::SnapshotBuilder(std::string directory) : SnapshotBuilder(std::move(directory), {}, {}, {}) {}

SnapshotBuilder::SnapshotBuilder(std::string directory, EntryList people, EntryList groups,
                                 MemberValues members)
    : members_(std::move(members)) {
  snapshot_.directory_ = std::move(directory);
  snapshot_.people_ = std::move(people);
  snapshot_.groups_ = std::move(groups);
  set_schema({std::shared_ptr<void>{}, &builtin_schema()});  // it lives for ever
}

void SnapshotBuilder::add_person(EntryId id, std::string_view dn, std::span<Attribute const> attributes,
                                 ChangeStamp changed) {
  snapshot_.people_.add(std::move(id), dn, attributes, changed);
}

GroupIndex SnapshotBuilder::add_group(EntryId id, std::string_view dn, std::span<Attribute const> attributes,
                                      ChangeStamp changed) {
  return snapshot_.groups_.add(std::move(id), dn, attributes, changed);
}

void SnapshotBuilder::add_member_dn(GroupIndex group, std::string_view value) {
  members_.add_dn(group, value);
}

void SnapshotBuilder::add_member_uid(GroupIndex group, std::string_view value) {
  members_.add_uid(group, value);
}

void SnapshotBuilder::select(std::string rule, EntryId const& group) {
  selections_.push_back({Selection::Kind::id, std::move(rule), group.value()});
}

void SnapshotBuilder::select_dn(std::string rule, std::string dn) {
  selections_.push_back({Selection::Kind::dn, std::move(rule), std::move(dn)});
}

void SnapshotBuilder::select_members_of(std::string rule, std::string dn) {
  selections_.push_back({Selection::Kind::members_of, std::move(rule), std::move(dn)});
}

void SnapshotBuilder::set_account_rules(AccountRules rules) { snapshot_.account_rules_ = rules; }

void SnapshotBuilder::set_beside(std::optional<Census> groups, std::optional<Census> people) {
  snapshot_.beside_groups_ = std::move(groups);
  snapshot_.beside_people_ = std::move(people);
}

void SnapshotBuilder::set_schema(std::shared_ptr<Schema const> schema) {
  snapshot_.schema_ = std::move(schema);
}

void SnapshotBuilder::count_who_show(std::set<std::string> attributes) { deciding_ = std::move(attributes); }

Result<Snapshot> SnapshotBuilder::build(Certificate certificate) && {
  for (auto const& clause : certificate.clauses)
    if (!clause.holds)
      return Error{SnapshotErrc::incomplete,
                   "directory " + snapshot_.directory_ + ", clause " + clause.name + ": " + clause.detail};
  snapshot_.certificate_ = std::move(certificate);
  DnKeys const keys{*snapshot_.schema_};
  if (auto const people = index(Damage::Of::person, snapshot_.people_, keys); !people) return people.error();
  if (auto const groups = index(Damage::Of::group, snapshot_.groups_, keys); !groups) return groups.error();
  note_people_who_are_groups();
  if (!deciding_.empty() && members_.has_uids()) deciding_.insert("uid");
  note_attributes();
  snapshot_.members_ = std::move(members_).resolve(snapshot_.people_, snapshot_.groups_, keys);
  for (auto const& lists : lists_)
    if (auto two = compare_lists(lists, snapshot_.members(lists.group), snapshot_.people()))
      snapshot_.two_lists_.push_back(*std::move(two));
  note_unresolved();
  note_damages();
  if (auto const resolved = resolve_selections(); !resolved) return resolved.error();
  return std::move(snapshot_);
}

Result<void> SnapshotBuilder::index(Damage::Of kind, EntryList& entries, DnKeys const& keys) {
  using Fault = EntryFault::Kind;
  auto faults = entries.index(snapshot_.directory_, keys);
  if (!faults) return faults.error();
  for (auto& [number, fault, what] : *faults)
    snapshot_.damages_.push_back({.of = kind,
                                  .number = number,
                                  // A group is told from others by its id alone.
                                  .is_set_aside = kind == Damage::Of::person || fault == Fault::shared_id,
                                  .what = std::move(what)});
  return {};
}

/// Nobody can tell what a member value that names it means.
void SnapshotBuilder::note_people_who_are_groups() {
  for (auto const& group : snapshot_.groups())
    if (auto const person = snapshot_.person_by_dn(group.normalized_dn))
      snapshot_.damages_.push_back(
          {.of = Damage::Of::person,
           .number = *person,
           .is_set_aside = true,
           .what = "was read as a person and as a group; keep it out of one of the two: exclude its class in "
                   "users.filter, or in groups.filter"});
}

/// No error: people outside of users.base are members too, and so are entries that were deleted.
void SnapshotBuilder::note_unresolved() {
  constexpr std::size_t kShown = 3, kLongest = 100;
  auto const values = snapshot_.members_.unresolved();
  if (values.empty()) return;
  auto detail = std::to_string(values.size()) + " member values name no entry that was read, such as";
  for (auto const value : values.first(std::min(values.size(), kShown)))
    detail += " \"" + printable(value, kLongest) + "\"";
  snapshot_.certificate_.clauses.push_back({"unresolved", true, std::move(detail)});
}

void SnapshotBuilder::note_damages(std::vector<Damage> damages) {
  std::ranges::move(damages, std::back_inserter(snapshot_.damages_));
}

void SnapshotBuilder::note_damages() {
  constexpr std::size_t kShown = 3;
  auto& damages = snapshot_.damages_;
  for (GroupIndex group = 0; group < snapshot_.groups().size(); ++group)
    note_junk(snapshot_.members(group).unresolved, group, damages);
  if (damages.empty()) return;
  std::ranges::stable_sort(damages, {}, [](Damage const& damage) {
    return std::pair{damage.of, damage.number};
  });
  auto detail = std::to_string(damages.size()) + " set aside, such as";
  for (auto const& damage : std::span{damages}.first(std::min(damages.size(), kShown)))
    detail += " \"" + printable(entry_of(snapshot_, damage).dn) + "\"";
  snapshot_.certificate_.clauses.push_back({"damaged", true, std::move(detail)});
}

void SnapshotBuilder::note_attributes() {
  if (deciding_.empty()) return;
  auto& counts = snapshot_.certificate_.deciding_attributes;
  for (auto const& name : deciding_) counts[name] = 0;
  // An entry list keeps each spelling of a name once, so that where it stands tells which one it is.
  std::map<char const*, std::int64_t*> known;
  for (auto const& person : snapshot_.people())
    for (auto const& attribute : person.attributes) {
      auto const [found, is_new] = known.emplace(attribute.name.data(), nullptr);
      if (is_new)
        if (auto const count = counts.find(ascii_lower(attribute.name)); count != counts.end())
          found->second = &count->second;
      if (found->second != nullptr && !attribute.values.empty()) ++*found->second;
    }
}

Result<void> SnapshotBuilder::resolve_selections() {
  for (auto const& selection : selections_) {
    auto& groups = snapshot_.selected_[selection.rule];
    if (selection.kind == Selection::Kind::id) {
      auto const group = snapshot_.group_by_id(EntryId{selection.text});
      if (!group)
        return Error{SnapshotErrc::incomplete,
                     "rule " + selection.rule + " of directory " + snapshot_.directory_ + " selected group " +
                         selection.text +
                         ", which the search for all groups did not give; the directory changed meanwhile, "
                         "read it again"};
      groups.push_back(*group);
      continue;
    }
    auto const group = snapshot_.group_named(selection.text);
    if (!group)
      note_missing(selection);
    else if (selection.kind == Selection::Kind::dn)
      groups.push_back(*group);
    else
      add_members_at_any_depth(*group, groups);
  }
  for (auto& [rule, groups] : snapshot_.selected_) {
    std::ranges::sort(groups);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  }
  return {};
}

void SnapshotBuilder::note_missing(Selection const& selection) {
  snapshot_.certificate_.clauses.push_back({"selection", true,
                                            "rule " + selection.rule + ": no group \"" +
                                                printable(selection.text) + "\" was read below groups.base"});
}

void SnapshotBuilder::add_members_at_any_depth(GroupIndex top, std::vector<GroupIndex>& groups) const {
  std::vector<bool> seen(snapshot_.groups().size());
  std::vector<GroupIndex> open{top};
  seen[top] = true;
  while (!open.empty()) {
    auto const group = open.back();
    open.pop_back();
    for (auto const member : snapshot_.members(group).groups) {
      if (seen[member]) continue;
      seen[member] = true;
      groups.push_back(member);
      open.push_back(member);
    }
  }
}

boost::system::error_code make_error_code(SnapshotErrc code) { return code_of(code); }
char const* category_name(SnapshotErrc) { return "snapshot"; }
char const* to_text(SnapshotErrc code) {
  switch (code) {
    case SnapshotErrc::duplicate_id:
      return "an entry came twice";
    case SnapshotErrc::incomplete:
      return "the read is not complete";
    case SnapshotErrc::canary:
      return "an entry that must be seen was not";
    case SnapshotErrc::values_cut:
      return "a group has more values than came";
    case SnapshotErrc::entries_cut:
      return "a container has another number of entries than came";
  }
  return "unknown";
}
Failure failure_of(SnapshotErrc code) {
  // A change in mid-read causes these; the next read is another one.
  auto const passes = code == SnapshotErrc::duplicate_id || code == SnapshotErrc::incomplete ||
                      code == SnapshotErrc::values_cut || code == SnapshotErrc::entries_cut;
  return passes ? Failure::transient : Failure::permanent;
}

}  // namespace dirsync
