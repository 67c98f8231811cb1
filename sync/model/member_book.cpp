#include "sync/model/member_book.hpp"

#include <algorithm>
#include <functional>

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
  known_ = marks_;
  std::ranges::sort(known_);
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

std::optional<std::uint64_t> MemberBook::mark_of_known(Group const& group, std::string_view value) const {
  auto const dn = normalized_dn(value);
  if (!dn) return std::nullopt;
  auto const mark = mark_of(*dn);
  auto const is_known =
      std::ranges::binary_search(known_, mark) || std::ranges::binary_search(group.others, mark);
  return is_known ? std::optional{mark} : std::nullopt;
}

std::optional<std::vector<EntryId>> MemberBook::left(EntryId const& group,
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
  std::vector<EntryId> left;
  for (auto const person : before->people)
    if (!std::ranges::binary_search(now, marks_[person])) left.emplace_back(std::string{people_[person]});
  return left;
}

std::optional<std::vector<EntryId>> MemberBook::left(EntryId const& group, std::span<std::string const> added,
                                                     std::span<std::string const> removed) const {
  auto const* const before = find(group);
  if (before == nullptr) return std::nullopt;
  for (auto const& value : added)
    if (!mark_of_known(*before, value)) return std::nullopt;
  std::set<std::uint64_t> gone;
  for (auto const& value : removed) {
    auto const dn = normalized_dn(value);
    if (!dn) return std::nullopt;
    gone.insert(mark_of(*dn));
  }
  std::vector<EntryId> left;
  for (auto const person : before->people)
    if (gone.contains(marks_[person])) left.emplace_back(std::string{people_[person]});
  return left;
}

bool MemberBook::was_selected(EntryId const& group, std::string const& rule) const {
  auto const number = numbers_.find(group.value());
  auto const selected = selected_.find(rule);
  return number != numbers_.end() && selected != selected_.end() &&
         std::ranges::binary_search(selected->second, number->second);
}

std::set<EntryId> MemberBook::groups_of(EntryId const& person) const {
  std::set<EntryId> groups;
  auto const found = std::ranges::find(people_, person.value());
  if (found == people_.end()) return groups;
  auto const number = static_cast<Number>(found - people_.begin());
  for (auto const& group : groups_)
    if (std::ranges::binary_search(group.people, number)) groups.insert(group.id);
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
