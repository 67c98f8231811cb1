#include "ldap/read/primary_members.hpp"

#include <string>

namespace dirsync::ldap {

std::uint64_t add_primary_members(People const& people, Groups& groups) {
  auto const before = groups.members.count();
  for (auto const& [sid, members] : people.primary_groups)
    if (auto const group = groups.by_sid.find(sid); group != groups.by_sid.end())
      for (auto const person : members) groups.members.add_dn(group->second, people.entries.all()[person].dn);
  return groups.members.count() - before;
}

Result<void> find_primary_members(ReadContext const& context, Groups& groups) {
  if (groups.by_sid.empty()) return {};
  std::string any = "(|";
  for (auto const& [sid, group] : groups.by_sid) any += "(primaryGroupID=" + std::to_string(sid.rid) + ")";
  any += ")";
  // Their names are all that is wanted of them.
  DirectoryQuery const names_alone{};
  ReadContext const of_people{.connection = context.connection,
                              .settings = context.settings,
                              .flavour = context.flavour,
                              .query = names_alone,
                              .schema = context.schema,
                              .classes = context.classes};
  auto const people = read_people(of_people, any);
  if (!people) return people.error();
  groups.figures.add(people->figures);
  groups.figures.primary_members = add_primary_members(*people, groups);
  return {};
}

}  // namespace dirsync::ldap
