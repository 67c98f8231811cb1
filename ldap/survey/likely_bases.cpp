#include "ldap/survey/likely_bases.hpp"

#include <algorithm>
#include <array>

#include "ldap/read/read_context.hpp"
#include "ldap/survey/branches.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::array<std::string_view, 4> kGroups{"groups", "group", "gruppen", "groupes"};
constexpr std::array<std::string_view, 6> kPeople{"people",  "users",    "accounts",
                                                  "persons", "personen", "benutzer"};

/// Active Directory marks what it brought along.
std::string without_builtin(SurveyContext const& context, std::string const& filter) {
  if (context.flavour.flavour != Flavour::active_directory) return filter;
  return and_filter(filter, "(!(isCriticalSystemObject=TRUE))");
}

Result<LikelyBase> look_below(SurveyContext const& context, BaseFor what, std::string const& filter,
                              std::string const& base, bool stays) {
  Branches branches{base};
  auto const is_groups = what == BaseFor::groups;
  Search const search{.what = is_groups ? "look where groups are" : "look where people are",
                      .base = base,
                      .scope = Scope::sub,
                      .filter = without_builtin(context, filter),
                      .attributes = {"1.1"}};
  auto const looked = look_at(context, search, [&branches](EntryReader& entry) { branches.add(entry.dn()); });
  if (!looked) return looked.error();
  if (stays) return LikelyBase{base, looked->entries, 0, *looked};
  auto const chosen = is_groups ? branches.choose(kGroups) : branches.choose(kPeople);
  return LikelyBase{chosen.base, chosen.below, chosen.elsewhere, *looked};
}

}  // namespace

Result<std::vector<LikelyBase>> likely_bases(SurveyContext const& context, BaseFor what,
                                             std::string const& filter,
                                             std::vector<std::string> const& contexts,
                                             std::string const& freeipa) {
  // Its cn=compat shows the same groups and people a second time.
  auto const* const accounts = what == BaseFor::groups ? "cn=groups,cn=accounts," : "cn=users,cn=accounts,";
  std::vector<LikelyBase> bases;
  for (auto const& one : contexts) {
    auto const is_freeipa = !freeipa.empty() && one == freeipa;
    auto base = look_below(context, what, filter, is_freeipa ? accounts + one : one, is_freeipa);
    if (!base) return base.error();
    if (base->below > 0 || is_freeipa) bases.push_back(std::move(*base));
  }
  std::ranges::stable_sort(bases, std::greater{}, &LikelyBase::below);
  return bases;
}

}  // namespace dirsync::ldap
