#include "tests/sequences/settings.hpp"

#include "tests/support/fakes/world.hpp"

namespace dirsync::sequences {

Rule rule_of(std::string const& name, Settings const& settings, Limits const& limits) {
  auto rule = fake::rule(name, settings.target, settings.teams_only ? "(description=team)" : "(cn=*)");
  rule.group_name = fake::name_template(settings.prefix + "{cn}");
  rule.nested = settings.nested;
  rule.adopt = settings.adopt;
  rule.exclude.assign(settings.excluded.begin(), settings.excluded.end());
  if (settings.no_contractors) rule.exclude_people = fake::filter("(title=contractor)");
  rule.foreign_members = settings.foreign_members;
  rule.source_gone = settings.source_gone;
  rule.delete_groups = settings.delete_groups;
  rule.limits = limits;
  return rule;
}

}  // namespace dirsync::sequences
