// apply: from a judged plan to its outcomes.
#include <algorithm>
#include <set>

#include "sync/engine/apply/applier.hpp"
#include "sync/engine/apply/back_off.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/engine/run/undone_changes.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// What follows from the plan without a call: what was found is ours, or no longer is.
Result<void> record_findings(RunContext const& context,
                             std::map<std::string, plan::StoreUpdates> const& findings, Plan const& plan) {
  auto& journal = *context.setup.journal;
  auto const& actor = context.request.actor;
  for (auto const& [target, found] : findings) {
    // While something is frozen there nobody has had the look that the whole may still need.
    if (keeps_back(plan, target)) continue;
    if (!found.adopt_groups.empty() || !found.adopt_grants.empty())
      if (auto const done = journal.adopt(context.run, target, actor, found.adopt_groups, found.adopt_grants);
          !done)
        return done.error();
    if (!found.forget.empty())
      if (auto const done = journal.forget(context.run, target, actor, found.forget); !done)
        return done.error();
    if (!found.update_groups.empty())
      if (auto const done = journal.update_groups(target, found.update_groups); !done) return done.error();
  }
  return {};
}

/// That nobody asked for.
bool is_of_the_schedule(RunRequest const& request) {
  return request.trigger == "daemon" || request.trigger == "feed" || request.trigger == "leavers";
}

/// Objects that failed lately are left alone for a while by the daemon.
Result<std::vector<Settled>> left_alone(RunContext const& context, Plan const& plan) {
  std::vector<Settled> left;
  if (!is_of_the_schedule(context.request)) return left;
  for (auto const& target : context.setup.targets) {
    auto const objects = context.setup.journal->set_aside(target.name);
    if (!objects) return objects.error();
    std::ranges::move(skip_set_aside(plan.changes, *objects, context.setup.clock->now()),
                      std::back_inserter(left));
  }
  return left;
}

/// What waits for its confirmation is told in every run, so that nobody misses it in the audit trail.
Result<void> record_waiting(RunContext const& context, Plan const& plan) {
  for (auto const& change : plan.changes) {
    if (!change.unconfirmed) continue;
    auto const recorded =
        context.setup.journal->record_unsent(context.run, plan.digest, context.request.actor, change, "");
    if (!recorded) return recorded.error();
    tell_outcome(*context.setup.monitor, context.run, change, nullptr);
  }
  return {};
}

/// Everything that may go, or what need not wait for a person.
bool is_due(Change const& change, Decision decision) {
  return is_to_send(change) && (decision == Decision::apply || change.part == Part::leavers);
}

/// Whether there are leavers to go while the rest waits.
bool are_leavers_due(RunContext const& context, Plan const& plan, Decision decision) {
  auto const& request = context.request;
  auto const is_left = decision == Decision::held || decision == Decision::approval_stale ||
                       decision == Decision::approval_short || decision == Decision::approval_repeated;
  auto const rest_waits = is_left && plan.verdict == Verdict::hold;
  auto const due = [decision](Change const& change) { return is_due(change, decision); };
  return request.apply && rest_waits && std::ranges::any_of(plan.changes, due);
}

/// The changes of each target that are to be sent; without those of `outcomes`, which have theirs already.
std::map<std::string, std::vector<Settled>> parts_of_plan(Plan const& plan, Decision decision,
                                                          std::span<Settled const> outcomes) {
  std::set<int> settled;
  for (auto const& one : outcomes) settled.insert(one.change.n);
  std::map<std::string, std::vector<Settled>> parts;
  for (auto const& change : plan.changes)
    if (is_due(change, decision) && !settled.contains(change.n))
      parts[change.target].push_back({change, Outcome::skipped, ""});
  return parts;
}

/// How its groups stood before the run, for the removals whose additions fail.
Standings standings(RunContext const& context, Judged const& judged, std::string const& target) {
  auto const& drafted = judged.drafted;
  return standings_of(target, drafted.draft.groups, drafted.lined_up.input.rules, context.setup.limits,
                      judged.plan.changes, drafted.lined_up.ours.at(target));
}

/// Those that were not sent because the run was asked to stop or gave way, or a person froze them: one row
/// and one event for each target and cause, however many there are.
Result<void> record_left(RunContext const& context, PlanDigest const& digest, LeftAlike const& left) {
  for (auto const& [what, count] : left) {
    auto const& [target, why] = what;
    Monitor::Field const fields[] = {{"cycle", std::to_string(context.run.value())},
                                     {"target", target},
                                     {"changes", std::to_string(count)},
                                     {"text", why}};
    context.setup.monitor->event(Monitor::Level::info, "changes_left", fields);
    AuditRow row;
    row.run = context.run;
    row.phase = "run";
    row.target = target;
    row.plan = digest.value();
    row.actor = context.request.actor;
    row.result = to_text(Outcome::skipped);
    row.detail = std::to_string(count) + " changes " + why;
    if (auto const told = context.setup.journal->append(std::move(row)); !told) return told;
  }
  return {};
}

/// An approval ends with the run that used it, needed or not.
Result<void> use_up_approval(RunContext const& context, PlanDigest const& digest) {
  auto const stored = context.setup.journal->find_plan(digest);
  if (!stored) return stored.error();
  if (!*stored) return {};
  return context.setup.journal->plan_applied(digest, context.run);
}

}  // namespace

asio::awaitable<Result<Written>> apply(RunContext const& context, Reads const& reads, Judged const& judged,
                                       Decision decision) {
  StageClock const clock{context, "apply"};
  auto const& setup = context.setup;
  auto const& plan = judged.plan;
  Written written{.decision = decision, .outcomes = {}};
  auto const whole = decision == Decision::apply;
  auto const due = [decision](Change const& change) { return is_due(change, decision); };
  if (!whole && !are_leavers_due(context, plan, decision)) co_return written;
  // Whoever sits at the terminal is asked, as for any write.
  if (!whole && context.request.proceed && !context.request.proceed(plan)) {
    written.leavers_declined = true;
    co_return written;
  }
  if (whole)
    if (auto const kept = record_findings(context, judged.drafted.draft.store_updates, plan); !kept)
      co_return kept.error();
  if (whole && context.request.undo)
    if (auto const begun = begin_undo(context, judged); !begun) co_return begun.error();
  auto left = left_alone(context, plan);
  if (!left) co_return left.error();
  std::erase_if(*left, [&due](Settled const& settled) { return !due(settled.change); });
  if (whole)
    if (auto const waiting = record_waiting(context, plan); !waiting) co_return waiting.error();

  ApplyContext shared;
  shared.audit = {
      .journal = setup.journal, .run = context.run, .digest = plan.digest, .actor = context.request.actor};
  shared.monitor = setup.monitor;
  shared.clock = setup.clock;
  shared.stop = context.stop;
  shared.total = static_cast<std::uint64_t>(std::ranges::count_if(plan.changes, due));
  written.outcomes = std::move(*left);
  auto parts = parts_of_plan(plan, decision, written.outcomes);
  for (auto const& [target, part] : parts)
    for (auto const& settled : part) shared.way.expect(settled.change);
  // What somebody approved goes through in one run: its rest would be a plan that nobody has approved.
  if (whole && !plan.held) shared.way.ask_by(context.request.gives_way);
  std::map<std::string, Applier> appliers;
  std::vector<asio::awaitable<void>> works;
  for (auto const& target : setup.targets) {
    auto const part = parts.find(target.name);
    if (part == parts.end()) continue;
    auto const applier = appliers.try_emplace(target.name, shared, target, reads.observed.at(target.name),
                                              standings(context, judged, target.name));
    works.push_back(applier.first->second.apply(part->second));
  }
  co_await gather(std::move(works));
  // A run that is asked to end breaks off what is in hand: that is no failure of a target.
  if (!context.stop.stop_requested())
    for (auto const& [target, applier] : appliers)
      if (applier.down()) written.ended.emplace(target, *applier.down());
  for (auto& [target, part] : parts) std::ranges::move(part, std::back_inserter(written.outcomes));
  written.gave_way = std::erase_if(written.outcomes, is_left_for_next_run) > 0;
  std::ranges::sort(written.outcomes, {}, [](Settled const& settled) { return settled.change.n; });
  written.unverified = shared.unverified;
  if (shared.journal_failure) co_return *shared.journal_failure;
  written.stopped_by = std::move(shared.stopped_by);
  if (auto const told = record_left(context, plan.digest, shared.left); !told) co_return told.error();
  if (whole)
    if (auto const used = use_up_approval(context, plan.digest); !used) co_return used.error();
  co_return written;
}

}  // namespace dirsync::engine
