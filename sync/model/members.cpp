#include "sync/model/members.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

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

GroupMembers MemberTable::of(GroupIndex group) const {
  DIRSYNC_ASSERT(group < ranges_.size());
  auto const& range = ranges_[group];
  return {std::span{people_}.subspan(range.people, range.people_end - range.people),
          std::span{groups_}.subspan(range.groups, range.groups_end - range.groups),
          std::span{unresolved_}.subspan(range.unresolved, range.unresolved_end - range.unresolved)};
}

void MemberTable::take_unresolved(std::function<bool(GroupIndex, std::string_view)> const& is_explained) {
  std::uint32_t kept = 0;
  for (GroupIndex group = 0; group < ranges_.size(); ++group) {
    auto& range = ranges_[group];
    auto const start = kept;
    for (auto at = range.unresolved; at < range.unresolved_end; ++at)
      if (auto const value = unresolved_[at]; !is_explained(group, value)) unresolved_[kept++] = value;
    range.unresolved = start;
    range.unresolved_end = kept;
  }
  unresolved_.resize(kept);
}

std::uint32_t MemberValues::find_spelling(std::string_view text) const {
  return index_.find(hash_of(text), [this, text](auto n) { return spellings_[n] == text; });
}

std::uint32_t MemberValues::spelling(std::string_view text) {
  auto const hash = hash_of(text);
  auto const known = index_.find(hash, [this, text](auto n) { return spellings_[n] == text; });
  if (known != FlatIndex::kNone) return known;
  auto const number = size_of(spellings_);
  DIRSYNC_ASSERT(number < kIsUid);
  spellings_.push_back(texts_.keep(text));
  index_.add(hash, number);
  return number;
}

void MemberValues::add(GroupIndex group, std::uint32_t member) {
  if (stretches_.empty() || stretches_.back().group != group)
    stretches_.push_back({group, size_of(members_)});
  members_.push_back(member);
}

void MemberValues::add_dn(GroupIndex group, std::string_view value) { add(group, spelling(value)); }
void MemberValues::add_uid(GroupIndex group, std::string_view value) {
  has_uids_ = true;
  add(group, spelling(value) | kIsUid);
}

/// Each spelling is looked up once, however many groups have it.
struct MemberValues::Resolver {
  enum class Kind : std::uint8_t { unknown, nobody, person, group, person_or_group };
  struct Target {
    Kind kind = Kind::unknown;
    std::uint32_t number = 0;
  };

  MemberValues& values;
  EntryList const& people;
  EntryList const& groups;
  DnKeys const& keys;
  MemberTable table{};
  std::vector<Target> dn_targets{}, uid_targets{};            // by spelling
  std::map<std::uint32_t, std::vector<PersonIndex>> twins{};  // by spelling: people who all have that DN

  /// A value that is spelt like the entry's own DN needs no normalization. Two of one kind that are spelt
  /// alike are told apart by nothing: such a value names nobody, and people keep what they have by it.
  void index_own_spellings(EntryList const& entries, Kind kind) {
    for (std::uint32_t n = 0; n < entries.all().size(); ++n) {
      auto const known = values.find_spelling(entries.all()[n].dn);
      if (known == FlatIndex::kNone) continue;
      auto& target = dn_targets[known];
      if (target.kind == Kind::unknown) {
        target = {kind, n};
      } else if (target.kind == Kind::person && kind == Kind::group) {
        target.kind = Kind::person_or_group;
      } else {
        if (kind == Kind::person) note_twins(known, target, n);
        target = {Kind::nobody};
      }
    }
  }

  void note_twins(std::uint32_t spelling, Target const& first, std::uint32_t other) {
    auto& all = twins[spelling];
    if (all.empty()) all.push_back(first.number);
    all.push_back(other);
  }

  /// Two people with one uid are told apart by nothing: the value names nobody.
  void index_uids() {
    uid_targets.resize(values.spellings_.size());
    for (std::uint32_t n = 0; n < people.all().size(); ++n)
      for (auto const uid : people.all()[n].values("uid")) {
        auto const known = values.find_spelling(uid);
        if (known == FlatIndex::kNone) continue;
        auto& target = uid_targets[known];
        target = target.kind == Kind::unknown ? Target{Kind::person, n} : Target{Kind::nobody};
      }
  }

  Target target_of_text(std::string_view raw) const {
    auto const key = keys.key(raw);
    if (!key) return {Kind::nobody};
    auto const person = people.by_own_dn(*key), group = groups.by_own_dn(*key);
    if (person && group) return {Kind::person_or_group, *person};
    if (person) return {Kind::person, *person};
    return group ? Target{Kind::group, *group} : Target{Kind::nobody};
  }

  Target target_of_dn(std::uint32_t member) {
    auto& target = dn_targets[member];
    if (target.kind != Kind::unknown) return target;
    auto const raw = values.spellings_[member];
    target = target_of_text(raw);
    if (auto const dn = without_optional_uid(raw); target.kind == Kind::nobody && dn.size() != raw.size())
      target = target_of_text(dn);
    return target;
  }

  /// A user name; but some tools write a DN where one is due.
  Target target_of_uid(std::uint32_t member) {
    auto const target = uid_targets[member];
    auto const may_be_dn = values.spellings_[member].find('=') != std::string_view::npos;
    return target.kind == Kind::unknown && may_be_dn ? target_of_dn(member) : target;
  }

  void resolve(std::uint32_t member) {
    auto const number = member & ~kIsUid;
    auto const target = (member & kIsUid) != 0 ? target_of_uid(number) : target_of_dn(number);
    if (target.kind == Kind::person || target.kind == Kind::person_or_group)
      table.people_.push_back(target.number);
    if (target.kind == Kind::group) table.groups_.push_back(target.number);
    if (auto const all = twins.find(number); target.kind == Kind::nobody && all != twins.end())
      table.people_.insert(table.people_.end(), all->second.begin(), all->second.end());
    // An entry that is person and group keeps what it has as a person, and what it would give as a group is
    // not known.
    if (target.kind != Kind::person && target.kind != Kind::group)
      table.unresolved_.push_back(values.spellings_[number]);
  }

  void run() {
    auto const& members = values.members_;
    auto& stretches = values.stretches_;
    dn_targets.resize(values.spellings_.size());
    index_own_spellings(people, Kind::person);
    index_own_spellings(groups, Kind::group);
    if (std::ranges::any_of(members, [](auto member) { return (member & kIsUid) != 0; })) index_uids();
    stretches.push_back({0, size_of(members)});  // the end of the last one
    std::vector<std::vector<std::uint32_t>> stretches_of(groups.all().size());
    for (std::uint32_t n = 0; n + 1 < stretches.size(); ++n) {
      DIRSYNC_ASSERT(stretches[n].group < stretches_of.size());
      stretches_of[stretches[n].group].push_back(n);
    }
    table.people_.reserve(members.size());
    for (auto const& own : stretches_of) {
      MemberTable::Range range{size_of(table.people_),     0, size_of(table.groups_), 0,
                               size_of(table.unresolved_), 0};
      for (auto const stretch : own)
        for (auto at = stretches[stretch].start; at < stretches[stretch + 1].start; ++at)
          resolve(members[at]);
      sort_each_once(table.people_, range.people);
      sort_each_once(table.groups_, range.groups);
      sort_each_once(table.unresolved_, range.unresolved);
      range.people_end = size_of(table.people_);
      range.groups_end = size_of(table.groups_);
      range.unresolved_end = size_of(table.unresolved_);
      table.ranges_.push_back(range);
    }
    table.value_count_ = members.size();
    table.texts_ = std::move(values.texts_);
  }
};

MemberTable MemberValues::resolve(EntryList const& people, EntryList const& groups, DnKeys const& keys) && {
  Resolver resolver{*this, people, groups, keys};
  resolver.run();
  return std::move(resolver.table);
}

}  // namespace dirsync
