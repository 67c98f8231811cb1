#include "sync/model/snapshot.hpp"

#include <algorithm>
#include <functional>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::optional<std::uint32_t> found(std::uint32_t number) {
  if (number == FlatIndex::kNone) return std::nullopt;
  return number;
}

std::uint32_t find_id(FlatIndex const& index, std::vector<Entry> const& entries, EntryId const& id) {
  return index.find(hash_of(id.value()), [&entries, &id](auto n) { return entries[n].id == id; });
}

std::uint32_t find_dn(FlatIndex const& index, std::vector<Entry> const& entries,
                      std::string_view normalized) {
  return index.find(hash_of(normalized),
                    [&entries, normalized](auto n) { return entries[n].normalized_dn == normalized; });
}

template <class T>
std::uint32_t size_of(std::vector<T> const& list) {
  return static_cast<std::uint32_t>(list.size());
}

template <class T>
void sort_each_once(std::vector<T>& list, std::uint32_t from) {
  auto const start = list.begin() + from;
  std::sort(start, list.end());
  list.erase(std::unique(start, list.end()), list.end());
}

}  // namespace

bool Certificate::complete() const { return std::ranges::all_of(clauses, &CertificateClause::holds); }

std::span<std::string_view const> Entry::values(std::string_view name) const {
  for (auto const& attribute : attributes)
    if (ascii_iequal(attribute.name, name)) return attribute.values;
  return {};
}

GroupMembers Snapshot::members(GroupIndex group) const {
  DIRSYNC_ASSERT(group < ranges_.size());
  auto const& range = ranges_[group];
  return {std::span{member_people_}.subspan(range.people, range.people_end - range.people),
          std::span{member_groups_}.subspan(range.groups, range.groups_end - range.groups),
          std::span{unresolved_}.subspan(range.unresolved, range.unresolved_end - range.unresolved)};
}

std::optional<PersonIndex> Snapshot::person_by_id(EntryId const& id) const {
  return found(find_id(person_ids_, people_, id));
}
std::optional<GroupIndex> Snapshot::group_by_id(EntryId const& id) const {
  return found(find_id(group_ids_, groups_, id));
}
std::optional<PersonIndex> Snapshot::person_by_dn(std::string_view normalized) const {
  return found(find_dn(person_dns_, people_, normalized));
}
std::optional<GroupIndex> Snapshot::group_by_dn(std::string_view normalized) const {
  return found(find_dn(group_dns_, groups_, normalized));
}

std::span<GroupIndex const> Snapshot::selected(std::string const& rule) const {
  auto const selection = selected_.find(rule);
  if (selection == selected_.end()) return {};
  return selection->second;
}

/// What arrives is kept as numbers of distinct spellings, so that a DN is hashed once for each time it is
/// seen, stored once, and normalized once for each way in which it is written.
struct SnapshotBuilder::State {
  enum class Kind : std::uint32_t { unknown, nobody, person, group };
  struct Target {
    Kind kind = Kind::unknown;
    std::uint32_t number = 0;
  };
  /// Members of one group that arrived in a row.
  struct Stretch {
    std::uint32_t group = 0;
    std::uint32_t start = 0;  // in `members`
  };
  struct Selection {
    enum class Kind { id, dn, members_of } kind;
    std::string rule, text;
  };
  static constexpr std::uint32_t kIsUid = 1U << 31;  // in `members`: a memberUid, not a DN

  Snapshot snapshot;
  std::vector<std::string_view> spellings;
  FlatIndex spelling_index;
  std::vector<std::uint32_t> person_spellings, group_spellings, members;
  std::vector<Stretch> stretches;
  std::vector<Selection> selections;
  std::vector<std::string_view> names;  // of attributes
  std::vector<AttributeView> scratch;
  std::vector<std::string_view> scratch_values;
  // Filled by build().
  std::vector<Target> dn_targets, uid_targets;           // by spelling
  std::vector<std::vector<std::uint32_t>> stretches_of;  // by group

  std::uint32_t spelling(std::string_view text) {
    auto const hash = hash_of(text);
    auto const known = spelling_index.find(hash, [this, text](auto n) { return spellings[n] == text; });
    if (known != FlatIndex::kNone) return known;
    auto const number = size_of(spellings);
    DIRSYNC_ASSERT(number < kIsUid);
    spellings.push_back(snapshot.texts_.keep(text));
    spelling_index.add(hash, number);
    return number;
  }

  /// Few names, many entries: a walk is cheaper than a hash.
  std::string_view attribute_name(std::string_view name) {
    auto const known = std::ranges::find(names, name);
    if (known != names.end()) return *known;
    names.push_back(snapshot.texts_.keep(name));
    return names.back();
  }

  Entry entry(EntryId id, std::uint32_t dn, std::span<Attribute const> attributes) {
    scratch.clear();
    for (auto const& attribute : attributes) {
      scratch_values.clear();
      for (auto const value : attribute.values) scratch_values.push_back(snapshot.texts_.keep(value));
      scratch.push_back({attribute_name(attribute.name), snapshot.values_.keep(scratch_values)});
    }
    return {std::move(id), spellings[dn], {}, snapshot.attributes_.keep(scratch)};
  }

  void add_member(std::uint32_t group, std::uint32_t member) {
    DIRSYNC_ASSERT(group < snapshot.groups_.size());
    if (stretches.empty() || stretches.back().group != group) stretches.push_back({group, size_of(members)});
    members.push_back(member);
  }

  std::string described(Entry const& entry) const {
    return "entry \"" + printable(entry.dn) + "\" of directory " + snapshot.directory_;
  }

  Result<void> index_entries(Kind kind) {
    auto const people = kind == Kind::person;
    auto& entries = people ? snapshot.people_ : snapshot.groups_;
    auto const& entry_spellings = people ? person_spellings : group_spellings;
    auto& ids = people ? snapshot.person_ids_ : snapshot.group_ids_;
    auto& dns = people ? snapshot.person_dns_ : snapshot.group_dns_;
    for (std::uint32_t n = 0; n < entries.size(); ++n) {
      auto& entry = entries[n];
      auto const normalized = normalized_dn(entry.dn);
      if (!normalized)
        return Error{SnapshotErrc::bad_dn, described(entry) + ": its DN does not follow RFC 4514; rename it"};
      // The usual spelling is the normal one already.
      entry.normalized_dn = *normalized == entry.dn ? entry.dn : snapshot.texts_.keep(*normalized);
      if (find_id(ids, entries, entry.id) != FlatIndex::kNone)
        return Error{SnapshotErrc::duplicate_id, described(entry) + " came twice under the id " +
                                                     entry.id.value() + "; it was probably moved meanwhile"};
      if (find_dn(dns, entries, entry.normalized_dn) != FlatIndex::kNone)
        return Error{SnapshotErrc::duplicate_dn, described(entry) +
                                                     ": a second entry has the same DN by the "
                                                     "rules of RFC 4518; rename one of them"};
      if (!people && find_dn(snapshot.person_dns_, snapshot.people_, entry.normalized_dn) != FlatIndex::kNone)
        return Error{SnapshotErrc::duplicate_dn,
                     described(entry) + " was read as a person and as a group; narrow users.filter"};
      ids.add(hash_of(entry.id.value()), n);
      dns.add(hash_of(entry.normalized_dn), n);
      dn_targets[entry_spellings[n]] = {kind, n};
    }
    return {};
  }

  Target target_of_normalized(std::string_view raw) const {
    auto const normalized = normalized_dn(raw);
    if (!normalized) return {Kind::nobody};
    if (auto const person = find_dn(snapshot.person_dns_, snapshot.people_, *normalized);
        person != FlatIndex::kNone)
      return {Kind::person, person};
    if (auto const group = find_dn(snapshot.group_dns_, snapshot.groups_, *normalized);
        group != FlatIndex::kNone)
      return {Kind::group, group};
    return {Kind::nobody};
  }

  Target target_of_dn(std::uint32_t member) {
    auto& target = dn_targets[member];
    if (target.kind != Kind::unknown) return target;
    auto const raw = spellings[member];
    target = target_of_normalized(raw);
    if (auto const dn = without_optional_uid(raw); target.kind == Kind::nobody && dn.size() != raw.size())
      target = target_of_normalized(dn);
    return target;
  }

  /// Two people with one uid are told apart by nothing: the value names nobody.
  void index_uids() {
    uid_targets.resize(spellings.size());
    for (std::uint32_t n = 0; n < snapshot.people_.size(); ++n)
      for (auto const uid : snapshot.people_[n].values("uid")) {
        auto const known =
            spelling_index.find(hash_of(uid), [this, uid](auto s) { return spellings[s] == uid; });
        if (known == FlatIndex::kNone) continue;
        auto& target = uid_targets[known];
        target = target.kind == Kind::unknown ? Target{Kind::person, n} : Target{Kind::nobody};
      }
  }

  void resolve_members() {
    if (std::ranges::any_of(members, [](auto member) { return (member & kIsUid) != 0; })) index_uids();
    stretches.push_back({0, size_of(members)});  // the end of the last one
    stretches_of.resize(snapshot.groups_.size());
    for (std::uint32_t n = 0; n + 1 < stretches.size(); ++n) stretches_of[stretches[n].group].push_back(n);
    snapshot.member_people_.reserve(members.size());
    for (auto const& own : stretches_of) {
      Snapshot::MemberRange range{size_of(snapshot.member_people_), 0, size_of(snapshot.member_groups_), 0,
                                  size_of(snapshot.unresolved_),    0};
      for (auto const stretch : own)
        for (auto at = stretches[stretch].start; at < stretches[stretch + 1].start; ++at)
          resolve(members[at]);
      sort_each_once(snapshot.member_people_, range.people);
      sort_each_once(snapshot.member_groups_, range.groups);
      sort_each_once(snapshot.unresolved_, range.unresolved);
      range.people_end = size_of(snapshot.member_people_);
      range.groups_end = size_of(snapshot.member_groups_);
      range.unresolved_end = size_of(snapshot.unresolved_);
      snapshot.ranges_.push_back(range);
    }
    snapshot.value_count_ = members.size();
  }

  void resolve(std::uint32_t member) {
    auto const number = member & ~kIsUid;
    auto const target = (member & kIsUid) != 0 ? uid_targets[number] : target_of_dn(number);
    if (target.kind == Kind::person)
      snapshot.member_people_.push_back(target.number);
    else if (target.kind == Kind::group)
      snapshot.member_groups_.push_back(target.number);
    else
      snapshot.unresolved_.push_back(spellings[number]);
  }

  Result<void> resolve_selections() {
    for (auto const& selection : selections) {
      auto& groups = snapshot.selected_[selection.rule];
      if (selection.kind == Selection::Kind::id) {
        auto const group = snapshot.group_by_id(EntryId{selection.text});
        if (!group)
          return Error{SnapshotErrc::incomplete,
                       "rule " + selection.rule + " of directory " + snapshot.directory_ +
                           " selected group " + selection.text +
                           ", which the search for all groups did not give; the directory "
                           "changed meanwhile, read it again"};
        groups.push_back(*group);
        continue;
      }
      auto const normalized = normalized_dn(selection.text);
      auto const group = normalized ? snapshot.group_by_dn(*normalized) : std::nullopt;
      if (!group)
        note_missing(selection);
      else if (selection.kind == Selection::Kind::dn)
        groups.push_back(*group);
      else
        add_members_at_any_depth(*group, groups);
    }
    for (auto& [rule, groups] : snapshot.selected_) sort_each_once(groups, 0);
    return {};
  }

  void note_missing(Selection const& selection) {
    snapshot.certificate_.clauses.push_back({"selection", true,
                                             "rule " + selection.rule + ": no group \"" +
                                                 printable(selection.text) +
                                                 "\" was read below groups.base"});
  }

  void add_members_at_any_depth(GroupIndex top, std::vector<GroupIndex>& groups) const {
    std::vector<bool> seen(snapshot.groups_.size());
    std::vector<GroupIndex> open{top};
    seen[top] = true;
    while (!open.empty()) {
      auto const group = open.back();
      open.pop_back();
      for (auto const member : snapshot.members(group).groups) {
        if (seen[member]) continue;
        seen[member] = true;
        groups.push_back(member);
        open.push_back(member);
      }
    }
  }
};

SnapshotBuilder::SnapshotBuilder(std::string directory) : state_(std::make_shared<State>()) {
  state_->snapshot.directory_ = std::move(directory);
}

void SnapshotBuilder::add_person(EntryId id, std::string_view dn, std::span<Attribute const> attributes) {
  auto const spelling = state_->spelling(dn);
  state_->snapshot.people_.push_back(state_->entry(std::move(id), spelling, attributes));
  state_->person_spellings.push_back(spelling);
}

std::uint32_t SnapshotBuilder::add_group(EntryId id, std::string_view dn,
                                         std::span<Attribute const> attributes) {
  auto const spelling = state_->spelling(dn);
  state_->snapshot.groups_.push_back(state_->entry(std::move(id), spelling, attributes));
  state_->group_spellings.push_back(spelling);
  return size_of(state_->snapshot.groups_) - 1;
}

void SnapshotBuilder::add_member_dn(std::uint32_t group, std::string_view value) {
  state_->add_member(group, state_->spelling(value));
}

void SnapshotBuilder::add_member_uid(std::uint32_t group, std::string_view value) {
  state_->add_member(group, state_->spelling(value) | State::kIsUid);
}

void SnapshotBuilder::select(std::string rule, EntryId const& group) {
  state_->selections.push_back({State::Selection::Kind::id, std::move(rule), group.value()});
}

void SnapshotBuilder::select_dn(std::string rule, std::string dn) {
  state_->selections.push_back({State::Selection::Kind::dn, std::move(rule), std::move(dn)});
}

void SnapshotBuilder::select_members_of(std::string rule, std::string dn) {
  state_->selections.push_back({State::Selection::Kind::members_of, std::move(rule), std::move(dn)});
}

void SnapshotBuilder::set_account_rules(AccountRules rules) { state_->snapshot.account_rules_ = rules; }

Result<Snapshot> SnapshotBuilder::build(Certificate certificate) && {
  auto const state = std::move(state_);
  for (auto const& clause : certificate.clauses)
    if (!clause.holds)
      return Error{SnapshotErrc::incomplete, "directory " + state->snapshot.directory_ + ", clause " +
                                                 clause.name + ": " + clause.detail};
  state->snapshot.certificate_ = std::move(certificate);
  state->dn_targets.resize(state->spellings.size());
  if (auto const indexed = state->index_entries(State::Kind::person); !indexed) return indexed.error();
  if (auto const indexed = state->index_entries(State::Kind::group); !indexed) return indexed.error();
  state->resolve_members();
  if (auto const resolved = state->resolve_selections(); !resolved) return resolved.error();
  return std::move(state->snapshot);
}

boost::system::error_code make_error_code(SnapshotErrc code) { return code_of(code); }
char const* category_name(SnapshotErrc) { return "snapshot"; }
char const* to_text(SnapshotErrc code) {
  switch (code) {
    case SnapshotErrc::duplicate_id:
      return "two entries with one immutable id";
    case SnapshotErrc::duplicate_dn:
      return "two entries with one DN";
    case SnapshotErrc::bad_dn:
      return "malformed DN of an entry";
    case SnapshotErrc::incomplete:
      return "the read is not complete";
  }
  return "unknown";
}
Failure failure_of(SnapshotErrc code) {
  // A change in mid-read causes these two; the next read is another one.
  auto const passes = code == SnapshotErrc::duplicate_id || code == SnapshotErrc::incomplete;
  return passes ? Failure::transient : Failure::permanent;
}

}  // namespace dirsync
