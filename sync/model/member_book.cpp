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

MemberBook::MemberBook(Snapshot const& snapshot, std::span<std::string const> rules) {
  for (auto const& rule : rules) {
    auto const selected = snapshot.selected(rule);
    selected_[rule].assign(selected.begin(), selected.end());
  }
  people_.reserve(snapshot.people().size());
  marks_.reserve(snapshot.people().size());
  for (auto const& person : snapshot.people()) {
    people_.push_back(ids_.keep(person.id.value()));
    marks_.push_back(mark_of(person.normalized_dn));
  }
  by_mark_.resize(people_.size());
  std::iota(by_mark_.begin(), by_mark_.end(), Number{0});
  by_id_ = by_mark_;
  std::ranges::sort(by_mark_, {}, [this](Number person) { return marks_[person]; });
  std::ranges::sort(by_id_, {}, [this](Number person) { return people_[person]; });
  for (auto const& damage : snapshot.damages())
    if (damage.of == Damage::Of::person && damage.is_set_aside) aside_.insert(damage.number);
  groups_.resize(snapshot.groups().size());
  for (GroupIndex number = 0; number < groups_.size(); ++number) {
    auto const& entry = snapshot.groups()[number];
    auto& group = groups_[number];
    group.id = entry.id;
    group.dn = entry.dn;
    group.changed = entry.changed;
    numbers_.emplace(entry.id.value(), number);
    auto const members = snapshot.members(number);
    group.people.assign(members.people.begin(), members.people.end());
    for (auto const below : members.groups) {
      groups_[below].above.push_back(number);
      group.others.push_back(mark_of(snapshot.groups()[below].normalized_dn));
    }
    for (auto const value : members.unresolved)
      if (auto const dn = normalized_dn(value)) group.others.push_back(mark_of(*dn));
    std::ranges::sort(group.others);
  }
}

MemberBook::Group const* MemberBook::find(EntryId const& group) const {
  auto const found = numbers_.find(group.value());
  return found == numbers_.end() ? nullptr : &groups_[found->second];
}

std::optional<MemberBook::Number> MemberBook::number_of(EntryId const& person) const {
  auto const id_of = [this](Number number) { return people_[number]; };
  auto const found = std::ranges::lower_bound(by_id_, std::string_view{person.value()}, {}, id_of);
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
  if (!std::ranges::binary_search(group.people, named.front()))
    came.emplace_back(std::string{people_[named.front()]});
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
  for (auto const person : before->people)
    if (!std::ranges::binary_search(now, marks_[person]))
      changes.left.emplace_back(std::string{people_[person]});
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
  for (auto const person : before->people)
    if (gone.contains(marks_[person])) changes.left.emplace_back(std::string{people_[person]});
  for (auto const mark : here) note_who_came(*before, mark, changes.came);
  return changes;
}

void MemberBook::note_joined(EntryId const& group, EntryId const& person) {
  auto const found = numbers_.find(group.value());
  auto const number = number_of(person);
  if (found == numbers_.end() || !number) return;
  auto& in = groups_[found->second];
  auto const place = std::ranges::lower_bound(in.people, *number);
  if (place != in.people.end() && *place == *number) return;
  in.people.insert(place, *number);
  in.joined.push_back(*number);
}

bool MemberBook::had_dn(EntryId const& person, std::string_view normalized) const {
  auto const number = number_of(person);
  return number && marks_[*number] == mark_of(normalized);
}

bool MemberBook::was_selected(EntryId const& group, std::string const& rule) const {
  auto const number = numbers_.find(group.value());
  auto const selected = selected_.find(rule);
  return number != numbers_.end() && selected != selected_.end() &&
         std::ranges::binary_search(selected->second, number->second);
}

bool MemberBook::has_dn(std::string_view normalized) const { return !bearers(mark_of(normalized)).empty(); }

std::set<EntryId> MemberBook::groups_of(EntryId const& person) const {
  std::set<EntryId> groups;
  auto const number = number_of(person);
  if (!number) return groups;
  for (auto const& group : groups_)
    if (std::ranges::binary_search(group.people, *number)) groups.insert(group.id);
  return groups;
}

std::optional<MemberBook::Kept> MemberBook::kept(EntryId const& group) const {
  auto const* const before = find(group);
  if (before == nullptr) return std::nullopt;
  return Kept{before->dn, before->changed, before->people.size()};
}

std::set<EntryId> MemberBook::up_from(EntryId const& group) const {
  std::set<EntryId> seen;
  std::vector<Number> open;
  if (auto const found = numbers_.find(group.value()); found != numbers_.end()) open.push_back(found->second);
  while (!open.empty()) {
    auto const number = open.back();
    open.pop_back();
    if (!seen.insert(groups_[number].id).second) continue;
    open.insert(open.end(), groups_[number].above.begin(), groups_[number].above.end());
  }
  return seen;
}

}  // namespace dirsync
