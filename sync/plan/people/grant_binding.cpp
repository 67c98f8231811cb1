#include "sync/plan/people/grant_binding.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

bool is_same_name(std::string_view one, std::string_view other) {
  return one == other || fold_case(one) == fold_case(other);
}

}  // namespace

/// Of a grant whose user's kind nobody noted: a target with LDAP users gives nothing to local ones.
bool GrantBinding::is_same_kind(Grant const& grant, TargetUser const& user) const {
  auto const granted = grant.source.value_or(by_dn_ ? UserSource::directory : UserSource::unknown);
  return granted == user.source || granted == UserSource::unknown || user.source == UserSource::unknown;
}

/// The DN that the person had when it was granted, that one of their entries has now, or had meanwhile.
bool GrantBinding::has_its_dn(Grant const& grant, std::string_view dn) const {
  auto const key = dn.empty() ? std::nullopt : normalized_dn(dn);
  if (!key) return false;
  if (normalized_dn(grant.dn) == key) return true;
  return std::ranges::any_of(parts_of(grant.id), [this, &key](EntryId const& id) {
    auto const has_it = [&key](PersonRef const& ref) { return ref.entry().normalized_dn == *key; };
    return std::ranges::any_of(identities_.bearers_of(id), has_it) || former_.was_of(id, *key);
  });
}

bool GrantBinding::has_name_of_now(Grant const& grant, std::string_view name) const {
  for (auto const& id : parts_of(grant.id))
    for (auto const& ref : identities_.bearers_of(id))
      for (auto const& people : people_)
        if (people.view == ref.view)
          for (auto const& one : people.names->names_of(ref.person))
            if (is_same_name(one, name)) return true;
  return false;
}

Bound GrantBinding::bind(Grant const& grant) const {
  auto const number = users_.bearer_of(grant);
  if (!number) return {};
  auto const& user = users_[*number];
  if (!is_same_kind(grant, user)) return {number, false};
  // Of one whose name the target does not tell there is nothing but the id.
  auto const fits = user.name.empty() || is_same_name(user.name, grant.principal) ||
                    (by_dn_ ? has_its_dn(grant, user.dn) : has_name_of_now(grant, user.name));
  return {number, fits};
}

}  // namespace dirsync::plan
