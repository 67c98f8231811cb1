#include "daemon/cli/plan_view.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "daemon/cli/group_view.hpp"
#include "daemon/cli/layout.hpp"
#include "daemon/cli/notice_view.hpp"
#include "daemon/cli/plan_counts.hpp"
#include "daemon/cli/reason_view.hpp"
#include "daemon/cli/rehearsal_view.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/summary_view.hpp"
#include "daemon/cli/undo_view.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

using ByGroup = std::map<std::string_view, std::vector<Change const*>>;

char const* verdict_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::in_sync:
      return "in sync";
    case Verdict::wait:
      return "nothing to send now";
    case Verdict::run:
      return "ready to run";
    case Verdict::hold:
      return "waits for a person";
    case Verdict::refuse:
      return "could not be read";
  }
  return "";
}

std::string target_view(Plan const& plan, std::string const& name, ByGroup const& groups,
                        Presentation const& presentation) {
  auto const& target = plan.targets.at(name);
  PlanCounts counts;
  for (auto const& [group, changes] : groups)
    for (auto const* change : changes) counts.count(*change);
  auto const& palette = presentation.palette;
  auto const is_only_frozen = target.verdict == Verdict::hold && is_frozen(plan, name) &&
                              std::ranges::none_of(target.reasons, &Reason::holds);
  auto text = "(" + target.kind + "): " + (is_only_frozen ? "frozen" : verdict_words(target.verdict));
  if (counts.has_any()) text += "; " + words_of(counts);
  auto const title = printable(name);
  auto view = hanging({palette.strong(title) + " ", title.size() + 1}, text, presentation.width);
  for (auto const& [group, changes] : groups) view += group_view(changes, presentation);
  return view + notices_view(target.notices, presentation);
}

/// Once the changes are told.
std::vector<std::string> next_steps(Plan const& plan, PlanCounts const& counts, AfterPlan after,
                                    Presentation const& presentation) {
  auto const sync_command = presentation.command + " sync";
  std::vector<std::string> steps;
  if (plan.verdict == Verdict::refuse)
    steps.emplace_back(
        "A side could not be read: nothing is written there until it can; the reason stands above.");
  if (!plan.freezes.empty())
    steps.emplace_back("What is frozen is not sent, and no approval lifts that. To let it go on: " +
                       presentation.command + " " + thaw_command(plan.freezes));
  if (plan.rehearsal) {
    steps.emplace_back(
        "Put this configuration into force to have it carried out. Where it waits for a person, the first "
        "run under it holds the plan, and it can be approved from then on.");
  } else if (waits_for_a_person(plan)) {
    steps.push_back("This plan waits for a person. To let it run: " + approve_command(plan, presentation));
    if (counts.leavers > 0)
      steps.push_back("No approval is needed for " + counted(counts.leavers, "removal", "removals") +
                      " of people who are gone or disabled" +
                      (after == AfterPlan::nothing ? ": " + sync_command : "."));
  } else if (!counts.to_send.empty() && after == AfterPlan::nothing) {
    steps.push_back("To apply it: " + sync_command + ", or the next run of the service");
  }
  return steps;
}

std::string ending(Plan const& plan, AfterPlan after, Presentation const& presentation) {
  auto const counts = counts_of(plan.changes);
  auto const& palette = presentation.palette;
  std::string view;
  auto const add = [&view, &presentation](std::string const& text) {
    if (!text.empty()) view += hanging({}, text, presentation.width);
  };
  auto const add_titled = [&view, &presentation, &palette](std::string const& title,
                                                           std::string const& text) {
    view += hanging({palette.strong(title) + " ", title.size() + 1}, text, presentation.width);
  };
  if (plan.verdict == Verdict::in_sync && plan.command.empty())
    add_titled("In sync:", "nothing to do; " + wanted_words(plan.summary));
  else if (plan.verdict == Verdict::in_sync && !plan.undoes)
    add_titled("Plan:", "nothing to take over.");
  else
    add_titled("Plan:", (counts.has_any() ? words_of(counts) : std::string{"nothing to send"}) + ".");
  // Of nothing but frozen changes there is nothing to approve.
  auto const is_only_frozen = counts.to_send.empty() && counts.frozen > 0;
  if (counts.has_any() && !is_only_frozen) add("Digest: " + short_digest(plan.digest));
  for (auto const& step : next_steps(plan, counts, after, presentation)) add(step);
  return view;
}

}  // namespace

std::string plan_view(Plan const& plan, AfterPlan after, Presentation const& presentation) {
  std::map<std::string_view, ByGroup> groups;
  for (auto const& change : plan.changes) groups[change.target][change.group].push_back(&change);
  std::string view;
  auto const add = [&view](std::string const& part) {
    if (part.empty()) return;
    if (!view.empty()) view += "\n";
    view += part;
  };
  add(rehearsal_view(plan, presentation));
  add(summary_view(plan.summary, presentation));
  add(undo_view(plan, presentation));
  add(reasons_view(plan, presentation));
  for (auto const& [name, target] : plan.targets) add(target_view(plan, name, groups[name], presentation));
  add(only_old_view(plan, presentation));
  add(ending(plan, after, presentation));
  return view;
}

}  // namespace dirsync::cli
