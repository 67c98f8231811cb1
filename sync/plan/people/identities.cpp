#include "sync/plan/people/identities.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace dirsync::plan {
namespace {
constexpr auto kAlone = std::numeric_limits<std::size_t>::max();

/// By what values of `join` are the same: of directories that do not agree the stricter rule.
Comparison join_rule(std::map<std::string, DirectoryView> const& views) {
  std::optional<Comparison> rule;
  for (auto const& [name, view] : views) {
    if (view.join.empty()) continue;
    auto const own = key_rule(view.snapshot->schema(), view.join);
    rule = rule ? stricter(*rule, own) : own;
  }
  return rule.value_or(Comparison::case_ignore);
}

auto order_of_person(PersonRef const& ref) {
  return std::tuple{std::string_view{ref.view->name}, ref.person};
}
}  // namespace

Identities::Identities(std::map<std::string, DirectoryView> const& views) {
  for (auto const& [name, view] : views) views_.push_back(&view);
  if (views.size() < 2) return;
  std::map<std::string, std::vector<PersonRef>> by_key;
  auto const rule = join_rule(views);
  for (auto const& [name, view] : views) {
    auto const people = view.snapshot->people();
    for (auto other = views.upper_bound(name); other != views.end(); ++other)
      for (PersonIndex person = 0; person < people.size(); ++person)
        if (auto const twin = other->second.snapshot->person_by_id(people[person].id))
          link({&view, person}, {&other->second, *twin});
    if (view.join.empty()) continue;
    auto const& book = keys_.try_emplace(name, *view.snapshot, view.join, rule).first->second;
    for (PersonIndex person = 0; person < people.size(); ++person)
      if (auto const& key = book.key_of(person); !key.empty()) by_key[key].push_back({&view, person});
  }
  for (auto const& [key, refs] : by_key)
    for (auto const& ref : refs) link(refs.front(), ref);
  for (auto& cluster : clusters_) std::ranges::sort(cluster, {}, order_of_person);
}

std::size_t Identities::cluster_of(PersonRef const& ref) const {
  auto const numbers = numbers_.find(ref.view);
  if (numbers == numbers_.end()) return kAlone;
  auto const found = numbers->second.find(ref.person);
  return found == numbers->second.end() ? kAlone : found->second;
}

void Identities::link(PersonRef const& one, PersonRef const& other) {
  if (one == other) return;
  auto const into = [this, &one] {
    auto const known = cluster_of(one);
    if (known != kAlone) return known;
    clusters_.push_back({one});
    return numbers_[one.view][one.person] = clusters_.size() - 1;
  }();
  auto const from = cluster_of(other);
  if (from == into) return;
  auto const moved = from == kAlone ? std::vector{other} : std::exchange(clusters_[from], {});
  for (auto const& ref : moved) {
    clusters_[into].push_back(ref);
    numbers_[ref.view][ref.person] = into;
  }
}

std::span<PersonRef const> Identities::joined(PersonRef const& ref) const {
  auto const cluster = cluster_of(ref);
  return cluster == kAlone ? std::span<PersonRef const>{} : clusters_[cluster];
}

PersonRef Identities::first_of(PersonRef const& ref) const {
  auto const cluster = cluster_of(ref);
  return cluster == kAlone ? ref : clusters_[cluster].front();
}

EntryId Identities::id_of(PersonRef const& ref) const {
  auto const refs = joined(ref);
  if (refs.empty()) return ref.entry().id;
  std::vector<EntryId> ids;
  for (auto const& one : refs) ids.push_back(one.entry().id);
  return joined_id(std::move(ids));
}

std::vector<PersonRef> Identities::bearers_of(EntryId const& id) const {
  std::vector<PersonRef> refs;
  for (auto const* view : views_)
    if (auto const person = view->snapshot->person_by_id(id)) refs.push_back({view, *person});
  return refs;
}

std::vector<PersonRef> Identities::bearers_of_dn(std::string const& normalized) const {
  std::vector<PersonRef> refs;
  for (auto const* view : views_)
    if (auto const person = view->snapshot->person_by_dn(normalized)) refs.push_back({view, *person});
  return refs;
}

bool Identities::has_shared_key(PersonRef const& ref) const {
  auto const own = keys_.find(ref.view->name);
  if (own == keys_.end()) return false;
  auto const& key = own->second.key_of(ref.person);
  if (key.empty()) return !own->second.shared_key(ref.person).empty();
  return std::ranges::any_of(keys_, [&key](auto const& keys) { return keys.second.shared().contains(key); });
}

bool Identities::are_two(PersonRef const& one, PersonRef const& other) const {
  if (first_of(one) == first_of(other)) return false;
  if (one.view == other.view) return true;
  auto const has_no_key = [this](PersonRef const& ref) {
    return keys_.at(ref.view->name).key_of(ref.person).empty();
  };
  if (one.view->join.empty() || other.view->join.empty()) return true;
  return !has_no_key(one) && !has_no_key(other);
}

}  // namespace dirsync::plan
