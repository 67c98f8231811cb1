#include "sync/plan/diff/summary.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// Source groups of a rule whose name the target refuses.
struct SourcesRefused {
  std::uint64_t sources = 0;
  std::string first;  // what the first notice says
};

std::map<std::string_view, SourcesRefused> refused_by_rule(Resolved const& resolved) {
  std::map<std::string_view, SourcesRefused> refused;
  for (auto const& [group, text] : resolved.refused_names)
    for (auto const& tree : group->trees) {
      if (tree.is_branch) continue;
      auto& of_rule = refused[tree.rule->name];
      if (of_rule.sources++ == 0) of_rule.first = "\"" + printable(group->name) + "\": " + text;
    }
  return refused;
}

/// Who waits, and of whom nobody can tell who they are; two who fit one user are among the latter. `bearers`:
/// by number of a user, all 0 before and after.
void count_matches(RuleReach const& reach, Matches const& matches, std::vector<std::uint32_t>& bearers,
                   RuleSummary& summary) {
  auto const each_match = [&reach, &matches](auto const& look) {
    for (auto const& [from, people] : reach.wanted)
      for (auto const person : people)
        if (auto const* const match = matches.known(from.names, person); match != nullptr) look(*match);
  };
  each_match([&summary, &bearers](Match const& match) {
    summary.waiting += match.kind == Match::Kind::waiting;
    summary.ambiguous += match.kind == Match::Kind::ambiguous;
    if (match.kind == Match::Kind::user) ++bearers[match.user];
  });
  each_match([&summary, &bearers](Match const& match) {
    if (match.kind != Match::Kind::user) return;
    auto const people = std::exchange(bearers[match.user], 0);
    if (people > 1) summary.ambiguous += people;
  });
}

}  // namespace

DirectorySummary summary_of(DirectoryView const& view, Accounts const& accounts) {
  auto const& snapshot = *view.snapshot;
  return {.groups = snapshot.groups().size(),
          .people = snapshot.people().size(),
          .disabled = static_cast<std::uint64_t>(std::ranges::count(accounts.disabled, true)),
          .values = snapshot.value_count(),
          .unresolved = snapshot.unresolved_count()};
}

GroupDraft summaries_of_rules(Context const& context, Resolved const& resolved, Matches const& matches) {
  GroupDraft draft;
  auto refused = refused_by_rule(resolved);
  std::vector<std::uint32_t> bearers(context.target.observed->users.size());
  for (auto const& [name, reach] : context.desired.reach) {
    auto const& rule = *reach.rule;
    if (rule.target != context.target.name) continue;
    auto const& of_target = refused[name];
    RuleSummary summary{.directory = rule.directory,
                        .target = rule.target,
                        .groups = reach.selected,
                        .names = reach.names,
                        .refused = reach.unnamed + of_target.sources,
                        .people = 0};
    for (auto const& wanted : reach.wanted) summary.people += wanted.people.size();
    count_matches(reach, matches, bearers, summary);
    if (summary.groups > 0 && summary.refused == summary.groups && !rule.allow_empty)
      draft.nothing_read.push_back(
          no_names(rule, reach.selected, of_target.sources > 0 ? of_target.first : reach.why_unnamed));
    draft.rules.emplace(name, std::move(summary));
  }
  return draft;
}

}  // namespace dirsync::plan
