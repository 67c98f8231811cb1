#include "sync/model/member_book.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

/// Two DNs of one mark are taken for one: then somebody counts as still there, and a whole read tells.
std::uint64_t mark_of(std::string_view normalized) { return std::hash<std::string_view>{}(normalized); }

}  // namespace

bool MemberBook::Group::has(Number person) const {
  return std::ranges::binary_search(people, person) || std::ranges::find(joined, person) != joined.end();
}

MemberBook::MemberBook(Snapshot const& snapshot, std::span<std::string const> rules) {
  for (auto const& rule : rules) {
    auto const selected = snapshot.selected(rule);
    selected_[rule].assign(selected.begin(), selected.end());
  }
  add_people(snapshot);
  add_groups(snapshot);
}

void MemberBook::add_people(Snapshot const& snapshot) {
  people_.reserve(snapshot.people().size());
  marks_.reserve(snapshot.people().size());
  for (auto const& person : snapshot.people()) {
    people_.push_back(texts_.keep(person.id.value()));
    marks_.push_back(mark_of(person.normalized_dn));
  }
  by_mark_.resize(people_.size());
  std::iota(by_mark_.begin(), by_mark_.end(), Number{0});
  by_id_ = by_mark_;
  std::ranges::sort(by_mark_, {}, [this](Number person) { return marks_[person]; });
  std::ranges::sort(by_id_, {}, [this](Number person) { return people_[person]; });
  for (auto const& damage : snapshot.damages())
    if (damage.of == Damage::Of::person && damage.is_set_aside) aside_.insert(damage.number);
}

void MemberBook::add_groups(Snapshot const& snapshot) {
  auto const size = snapshot.groups().size();
  groups_.resize(size);
  std::vector<std::vector<Number>> above(size);
  std::vector<std::uint64_t> others;
  for (GroupIndex number = 0; number < size; ++number) {
    auto const& entry = snapshot.groups()[number];
    auto& group = groups_[number];
    group.id = texts_.keep(entry.id.value());
    group.dn = texts_.keep(entry.dn);
    group.changed = entry.changed;
    auto const members = snapshot.members(number);
    group.people = number_lists_.keep(members.people);
    others.clear();
    for (auto const below : members.groups) {
      above[below].push_back(number);
      others.push_back(mark_of(snapshot.groups()[below].normalized_dn));
    }
    for (auto const value : members.unresolved)
      if (auto const dn = normalized_dn(value)) others.push_back(mark_of(*dn));
    std::ranges::sort(others);
    group.others = mark_lists_.keep(others);
  }
  for (GroupIndex number = 0; number < size; ++number)
    groups_[number].above = number_lists_.keep(above[number]);
  groups_by_id_.resize(size);
  std::iota(groups_by_id_.begin(), groups_by_id_.end(), Number{0});
  std::ranges::sort(groups_by_id_, {}, [this](Number group) { return groups_[group].id; });
}

std::optional<MemberBook::Number> MemberBook::group_number(EntryId const& group) const {
  auto const id = [this](Number number) { return groups_[number].id; };
  auto const found = std::ranges::lower_bound(groups_by_id_, std::string_view{group.value()}, {}, id);
  auto const is_it = found != groups_by_id_.end() && groups_[*found].id == group.value();
  return is_it ? std::optional{*found} : std::nullopt;
}

MemberBook::Group const* MemberBook::find(EntryId const& group) const {
  auto const number = group_number(group);
  return number ? &groups_[*number] : nullptr;
}

std::optional<MemberBook::Number> MemberBook::number_of(EntryId const& person) const {
  auto const id = [this](Number number) { return people_[number]; };
  auto const found = std::ranges::lower_bound(by_id_, std::string_view{person.value()}, {}, id);
  return found == by_id_.end() || people_[*found] != person.value() ? std::nullopt : std::optional{*found};
}

std::span<MemberBook::Number const> MemberBook::bearers(std::uint64_t mark) const {
  auto const found =
      std::ranges::equal_range(by_mark_, mark, {}, [this](Number person) { return marks_[person]; });
  return {found.begin(), found.end()};
}

std::optional<std::uint64_t> MemberBook::mark_of_known(Group const& group, std::string_view value) const {
  auto const dn = normalized_dn(value);
  if (!dn) return std::nullopt;
  auto const mark = mark_of(*dn);
  auto const is_known = !bearers(mark).empty() || std::ranges::binary_search(group.others, mark);
  return is_known ? std::optional{mark} : std::nullopt;
}

/// Of a value that is in the list now. One that stood there and named nobody still means whom it meant.
void MemberBook::note_who_came(Group const& group, std::uint64_t mark, std::vector<EntryId>& came) const {
  auto const named = bearers(mark);
  if (named.size() != 1 || aside_.contains(named.front()) || std::ranges::binary_search(group.others, mark))
    return;
  if (!group.has(named.front())) came.push_back(id_of(named.front()));
}

std::optional<MemberBook::Changes> MemberBook::changes(EntryId const& group,
                                                       std::span<std::string_view const> values) const {
  auto const* const before = find(group);
  if (before == nullptr) return std::nullopt;
  std::vector<std::uint64_t> now;
  now.reserve(values.size());
  for (auto const value : values) {
    auto const mark = mark_of_known(*before, value);
    if (!mark) return std::nullopt;
    now.push_back(*mark);
  }
  std::ranges::sort(now);
  auto const repeated = std::ranges::unique(now);
  now.erase(repeated.begin(), repeated.end());
  Changes changes;
  for (auto const& people : {before->people, std::span<Number const>{before->joined}})
    for (auto const person : people)
      if (!std::ranges::binary_search(now, marks_[person])) changes.left.push_back(id_of(person));
  for (auto const mark : now) note_who_came(*before, mark, changes.came);
  return changes;
}

std::optional<MemberBook::Changes> MemberBook::changes(EntryId const& group,
                                                       std::span<std::string const> added,
                                                       std::span<std::string const> removed) const {
  auto const* const before = find(group);
  if (before == nullptr) return std::nullopt;
  std::set<std::uint64_t> here, gone;
  for (auto const& value : added) {
    auto const mark = mark_of_known(*before, value);
    if (!mark) return std::nullopt;
    here.insert(*mark);
  }
  for (auto const& value : removed) {
    auto const dn = normalized_dn(value);
    if (!dn) return std::nullopt;
    gone.insert(mark_of(*dn));
  }
  // Of who came after the read and left again nothing is told any more.
  for (auto const person : before->joined)
    if (!here.contains(marks_[person])) gone.insert(marks_[person]);
  Changes changes;
  for (auto const& people : {before->people, std::span<Number const>{before->joined}})
    for (auto const person : people)
      if (gone.contains(marks_[person])) changes.left.push_back(id_of(person));
  for (auto const mark : here) note_who_came(*before, mark, changes.came);
  return changes;
}

void MemberBook::note_joined(EntryId const& group, EntryId const& person) {
  auto const in = group_number(group);
  auto const number = number_of(person);
  if (in && number && !groups_[*in].has(*number)) groups_[*in].joined.push_back(*number);
}

bool MemberBook::had_dn(EntryId const& person, std::string_view normalized) const {
  auto const number = number_of(person);
  return number && marks_[*number] == mark_of(normalized);
}

bool MemberBook::was_kept_out(EntryId const& person) const {
  auto const number = number_of(person);
  return number && std::ranges::binary_search(kept_out_, *number);
}

bool MemberBook::was_selected(EntryId const& group, std::string const& rule) const {
  auto const number = group_number(group);
  auto const selected = selected_.find(rule);
  return number && selected != selected_.end() && std::ranges::binary_search(selected->second, *number);
}

bool MemberBook::has_dn(std::string_view normalized) const { return !bearers(mark_of(normalized)).empty(); }

std::set<EntryId> MemberBook::groups_of(EntryId const& person) const {
  std::set<EntryId> groups;
  auto const number = number_of(person);
  if (!number) return groups;
  for (auto const& group : groups_)
    if (group.has(*number)) groups.emplace(std::string{group.id});
  return groups;
}

std::optional<MemberBook::Kept> MemberBook::kept(EntryId const& group) const {
  auto const* const before = find(group);
  if (before == nullptr) return std::nullopt;
  return Kept{std::string{before->dn}, before->changed, before->people.size() + before->joined.size()};
}

std::set<EntryId> MemberBook::up_from(EntryId const& group) const {
  std::set<EntryId> seen;
  std::vector<Number> open;
  if (auto const number = group_number(group)) open.push_back(*number);
  while (!open.empty()) {
    auto const number = open.back();
    open.pop_back();
    auto const& one = groups_[number];
    if (seen.emplace(std::string{one.id}).second) open.insert(open.end(), one.above.begin(), one.above.end());
  }
  return seen;
}

}  // namespace dirsync
