#include "sync/plan/diff/each_target.hpp"

#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/object_dns.hpp"

namespace dirsync::plan {
namespace {

std::vector<NamedPeople> const& people_of(Desired const& desired, std::string const& target) {
  static std::vector<NamedPeople> const nobody;
  auto const found = desired.people.find(target);
  return found == desired.people.end() ? nobody : found->second;
}

}  // namespace

void for_each_target(Input const& input, Desired const& desired,
                     std::map<std::string, UnresolvedValues> const& unresolved, AbsenceBook& book,
                     std::function<void(Context const&)> const& use) {
  auto const logon_names = logon_names_of(input);
  for (auto const& target : input.targets) {
    TargetIndex const index{target};
    auto const& people = people_of(desired, target.name);
    HandsOff const hands_off{index, target, people};
    FormerDns const former{input.facts, target.name};
    GrantBinding const binding{index.users(), *desired.identities, people, former,
                               target.traits.matches_by_dn};
    GrantIndex const grants{*target.managed, binding};
    MatchSources const match{.target = target.name,
                             .traits = target.traits,
                             .users = index.users(),
                             .grants = grants,
                             .former = former,
                             .identities = *desired.identities,
                             .people = people,
                             .domains = target.domains};
    use({.input = input,
         .target = target,
         .desired = desired,
         .unresolved = unresolved,
         .logon_names = logon_names,
         .index = index,
         .hands_off = hands_off,
         .match = match,
         .binding = binding,
         .book = book});
  }
}

}  // namespace dirsync::plan
