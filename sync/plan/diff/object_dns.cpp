#include "sync/plan/diff/object_dns.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"

namespace dirsync::plan {

ObjectDns::ObjectDns(Input const& input, TargetInput const& target, std::vector<NamedPeople> const& people,
                     FormerDns const& former)
    : input_(input), target_(target.name), former_(former) {
  std::set<std::string> names;
  for (auto const& rule : input.rules)
    if (rule.target == target.name) names.insert({rule.directory, rule.people_directory()});
  for (auto const& from : people) names.insert(from.view->name);
  for (auto const& name : names)
    if (auto const view = input.views.find(name); view != input.views.end())
      feeding_.push_back(&view->second);
  for (auto const& grant : target.managed->grants)
    if (!grant.principal_id.empty()) grants_[grant.principal_id].push_back(&grant);
}

/// Beside what is known of the DN itself, the DNs of our own grants tell. A grant to several joined entries
/// does not say whose DN it has.
EntryId const* ObjectDns::former_bearer(std::string const& directory, std::string const& normalized,
                                        std::string const& principal_id) const {
  if (auto const* const bearer = former_.bearer_of(directory, normalized)) return bearer;
  auto const granted = grants_.find(principal_id);
  if (granted == grants_.end()) return nullptr;
  auto const found = std::ranges::find_if(granted->second, [&normalized](auto const* grant) {
    return parts_of(grant->id).size() == 1 && normalized_dn(grant->dn) == normalized;
  });
  return found == granted->second.end() ? nullptr : &(*found)->id;
}

DnFinding ObjectDns::find(std::string_view dn, std::string const& principal_id, AbsenceBook& book) const {
  using Kind = DnFinding::Kind;
  auto const key = normalized_dn(dn);
  std::vector<DirectoryView const*> in_scope;
  for (auto const* view : feeding_) {
    if (!key || !is_below(*key, view->normalized_base)) continue;
    if (view->snapshot->has_dn(*key)) return {Kind::ok};
    in_scope.push_back(view);
  }
  if (in_scope.empty()) return {Kind::foreign};
  DnFinding finding;
  for (auto const* view : in_scope) {
    auto const* const id = former_bearer(view->name, *key, principal_id);
    if (id == nullptr) {
      book.known_as_or_ask(view->name, *key);
      continue;
    }
    book.count(view->name, former_dn_key(target_, *id, *key));
    auto const& snapshot = *view->snapshot;
    if (auto const group = snapshot.group_by_id(*id))
      return {.kind = Kind::moved,
              .view = view,
              .id = *id,
              .entry = &snapshot.groups()[*group],
              .is_group = true};
    if (auto const person = snapshot.person_by_id(*id))
      return {.kind = Kind::moved,
              .view = view,
              .id = *id,
              .entry = &snapshot.people()[*person],
              .is_group = false};
    finding = {Kind::gone, view, *id};
  }
  return finding;
}

void keep_former_dns(Input const& input, AbsenceBook& book) {
  // Whoever has a DN now is the one to remember.
  auto const is_borne = [&input](std::string const& directory, std::string const& dn) {
    auto const view = input.views.find(directory);
    if (view == input.views.end()) return false;
    return view->second.snapshot->has_dn(dn);
  };
  for (auto const& target : input.unread_targets)
    for (auto const& [directory, counts] : input.facts.absences)
      for (auto const& [key, runs] : counts)
        if (auto const former = former_dn_of(key, target); former && !is_borne(directory, former->dn))
          book.count(directory, key);
}

}  // namespace dirsync::plan
