#include "sync/engine/read/queries.hpp"

#include <algorithm>

#include "sync/model/text.hpp"
#include "sync/plan/desired/needed_attributes.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::engine {
namespace {

void want(std::set<std::string>& attributes, std::vector<std::string> const& more) {
  attributes.insert(more.begin(), more.end());
}

bool makes_users(Setup const& setup, std::string const& target) {
  auto const found = std::ranges::find(setup.targets, target, &SinkTarget::name);
  return found != setup.targets.end() && found->target->traits().refuse_user_name != nullptr;
}

/// The rules by their settings of before, so that what those would do can be told from the same reads.
Result<std::vector<Rule>> rules_as_kept(Setup const& setup, std::optional<plan::GoneRules> const& rehearses) {
  std::vector<Rule> kept;
  for (auto const& rule : setup.rules) {
    auto const memory = setup.journal->rule_memory(rule.name);
    if (!memory) return memory.error();
    if (!*memory) continue;
    auto before = rehearses ? plan::rule_in_force(setup.rules, rule, (*memory)->settings)
                            : plan::rule_of((*memory)->settings, rule);
    if (before) kept.push_back(*std::move(before));
  }
  if (rehearses)
    for (auto const& [name, memory] : *rehearses)
      if (auto before = plan::gone_rule_in_force(setup.rules, name, memory.settings))
        kept.push_back(*std::move(before));
  return kept;
}

DirectoryQuery query_for(Setup const& setup, std::vector<Rule> const& kept,
                         SourceDirectory const& directory) {
  DirectoryQuery query;
  auto& deciding = query.deciding_attributes;
  auto const& policy = directory.policy;
  query.account_states = policy.disabled ? kNoAccountStates : policy.account_states;
  if (policy.disabled) want(deciding, policy.disabled->attributes());
  if (!policy.join.empty()) deciding.insert(ascii_lower(policy.join));
  for (auto const& rule : setup.rules) {
    auto const needed = plan::needed_attributes(rule, directory.name);
    query.group_attributes.insert(needed.of_groups.begin(), needed.of_groups.end());
    deciding.insert(needed.of_people.begin(), needed.of_people.end());
    if (rule.directory == directory.name) query.rules.push_back({rule.name, rule.selection});
    if ((!rule.people || rule.people->directory == directory.name) && makes_users(setup, rule.target))
      want(query.person_attributes, plan::new_user_attributes());
  }
  query.person_attributes.insert(deciding.begin(), deciding.end());
  for (auto const& rule : kept) {
    auto const needed = plan::needed_attributes(rule, directory.name);
    query.group_attributes.insert(needed.of_groups.begin(), needed.of_groups.end());
    query.person_attributes.insert(needed.of_people.begin(), needed.of_people.end());
    if (!rule.selected_as.empty() && rule.directory == directory.name)
      query.rules.push_back({rule.selected_as, rule.selection});
  }
  query.shown_group_attributes = owner_attributes();
  query.wants_sids = setup.directories.size() > 1;
  return query;
}

}  // namespace

Result<std::map<std::string, DirectoryQuery>> queries_of(Setup const& setup,
                                                         std::optional<plan::GoneRules> const& rehearses) {
  auto const kept = rules_as_kept(setup, rehearses);
  if (!kept) return kept.error();
  std::map<std::string, DirectoryQuery> queries;
  for (auto const& directory : setup.directories)
    queries.emplace(directory.name, query_for(setup, *kept, directory));
  return queries;
}

}  // namespace dirsync::engine
