// From a judged plan to its outcomes.
#include <algorithm>

#include "sync/engine/apply/applier.hpp"
#include "sync/engine/apply/back_off.hpp"
#include "sync/engine/run/work.hpp"
#include "sync/plan/document.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// What follows from the plan without a call: what was found is ours, or no longer is.
Result<void> keep_house(Journal& journal, RunRequest const& request, RunId run, plan::Draft& draft) {
  auto const& actor = request.actor;
  for (auto& [target, house] : draft.housekeeping) {
    plan::cut(house, request.cut);
    if (!house.adopt_groups.empty() || !house.adopt_grants.empty())
      if (auto const done = journal.adopt(run, target, actor, house.adopt_groups, house.adopt_grants); !done)
        return done.error();
    if (!house.forget.empty())
      if (auto const done = journal.forget(run, target, actor, house.forget); !done) return done.error();
    if (!house.update_groups.empty())
      if (auto const done = journal.update_groups(target, house.update_groups); !done) return done.error();
  }
  return {};
}

}  // namespace

/// Holds, approvals and the question at the terminal.
Result<bool> Engine::may_apply(Work& work) {
  auto& report = work.report;
  auto const& plan = report.plan;
  if (work.request.approve && *work.request.approve != plan.digest) {
    report.approval_stale = true;
    // The plan as it is now waits for its own approval.
    if (plan.held && work.request.apply)
      if (auto const held = hold(work); !held) return held.error();
    return false;
  }
  auto const changes =
      std::ranges::any_of(plan.changes, [](Change const& change) { return !change.unconfirmed; });
  if (!changes || !plan.held) {
    if (!work.request.apply) return false;
    if (work.refused.empty() && work.request.cut.empty())
      if (auto const none_waits = setup_.journal->supersede_held_plans(); !none_waits)
        return none_waits.error();
    if (changes && work.request.proceed && !work.request.proceed(plan)) {
      report.declined = true;
      return false;
    }
    return true;
  }
  auto const stored = setup_.journal->find_plan(plan.digest);
  if (!stored) return stored.error();
  auto const now = setup_.clock->now();
  if (work.request.apply && *stored && (*stored)->state == StoredPlan::State::approved &&
      (*stored)->decided && *(*stored)->decided + setup_.limits.approval_ttl > now)
    return true;
  if (work.request.apply || work.request.cut.empty())
    if (auto const held = hold(work); !held) return held.error();
  if (!work.request.apply || !work.request.approve) return false;
  auto const decided = setup_.journal->decide_plan(plan.digest, true, work.request.actor, now);
  if (!decided) return decided.error();
  return true;
}

Result<void> Engine::hold(Work& work) {
  auto const& plan = work.report.plan;
  auto const known = setup_.journal->find_plan(plan.digest);
  if (!known) return known.error();
  auto const now = setup_.clock->now();
  auto const run = work.request.apply ? std::optional{work.report.run} : std::nullopt;
  auto const document = plan::plan_json(plan, run);
  // A look from outside of a run does not hide in which run the plan was held.
  auto const held_in = !run && *known ? (*known)->run : work.report.run;
  if (auto const held = setup_.journal->hold_plan(
          {plan.digest, held_in, now, now, StoredPlan::State::held, std::nullopt, "", document});
      !held)
    return held.error();
  if (!work.request.apply || (*known && (*known)->run.value() != 0)) return {};
  AuditRow row;
  row.time = now;
  row.run = work.report.run;
  row.phase = "hold";
  row.plan = plan.digest.value();
  row.actor = work.request.actor;
  row.result = "held";
  for (auto const& reason : plan.reasons)
    row.detail += (row.detail.empty() ? "" : "; ") + reason.code + ": " + reason.text;
  return setup_.journal->append(std::move(row));
}

asio::awaitable<Result<void>> Engine::apply(Work& work) {
  auto& report = work.report;
  if (auto const kept = keep_house(*setup_.journal, work.request, report.run, work.draft); !kept)
    co_return kept.error();
  auto set_aside = set_aside_in(work);
  if (!set_aside) co_return set_aside.error();
  if (auto const waiting = record_waiting(work); !waiting) co_return waiting.error();

  ApplyContext context{
      setup_.journal, setup_.monitor, report.run, report.plan.digest,        work.request.actor,
      &stopping_,     std::nullopt,   0,          report.plan.changes.size()};
  std::set<int> left;
  for (auto const& settled : *set_aside) left.insert(settled.change.n);
  std::vector<Applier> appliers;
  appliers.reserve(setup_.targets.size());
  std::vector<std::vector<Settled>> parts;
  for (auto const& target : setup_.targets) {
    std::vector<Settled> part;
    for (auto const& change : report.plan.changes)
      if (change.target == target.name && !change.unconfirmed && !left.contains(change.n))
        part.push_back({change, Outcome::skipped, ""});
    if (part.empty()) continue;
    appliers.emplace_back(context, target, work.readings.observed.at(target.name));
    parts.push_back(std::move(part));
  }
  auto const one = [](Applier& applier, std::span<Settled> changes) -> asio::awaitable<void> {
    co_await applier.apply(changes);
    co_await applier.verify(changes);
  };
  std::vector<asio::awaitable<void>> works;
  for (std::size_t at = 0; at < appliers.size(); ++at) works.push_back(one(appliers[at], parts[at]));
  co_await gather(std::move(works));
  report.outcomes = std::move(*set_aside);
  for (auto& part : parts) std::ranges::move(part, std::back_inserter(report.outcomes));
  std::ranges::sort(report.outcomes, {}, [](Settled const& settled) { return settled.change.n; });
  report.applied = std::ranges::any_of(
      report.outcomes, [](Settled const& settled) { return settled.outcome != Outcome::skipped; });
  if (context.journal_failure) co_return *context.journal_failure;
  if (auto const used = use_up_approval(work); !used) co_return used.error();
  if (auto const kept = keep_set_aside(work); !kept) co_return kept.error();
  co_return remember(work);
}

/// An approval ends with the run that used it, needed or not.
Result<void> Engine::use_up_approval(Work& work) {
  auto const& digest = work.report.plan.digest;
  auto const stored = setup_.journal->find_plan(digest);
  if (!stored) return stored.error();
  if (!*stored) return {};
  return setup_.journal->plan_applied(digest, work.report.run);
}

/// Objects that failed lately are left alone for a while by the daemon.
Result<std::vector<Settled>> Engine::set_aside_in(Work const& work) {
  std::vector<Settled> left;
  if (work.request.trigger != "daemon") return left;
  for (auto const& target : setup_.targets) {
    auto const objects = setup_.journal->set_aside(target.name);
    if (!objects) return objects.error();
    std::ranges::move(skip_set_aside(work.report.plan.changes, *objects, setup_.clock->now()),
                      std::back_inserter(left));
  }
  return left;
}

/// What waits for its confirmation is told in every run, so that nobody misses it in the audit trail.
Result<void> Engine::record_waiting(Work const& work) {
  auto const& report = work.report;
  for (auto const& change : report.plan.changes) {
    if (!change.unconfirmed) continue;
    auto const recorded =
        setup_.journal->record_unsent(report.run, report.plan.digest, work.request.actor, change, "");
    if (!recorded) return recorded.error();
    tell_outcome(*setup_.monitor, report.run, change, nullptr);
  }
  return {};
}

Result<void> Engine::keep_set_aside(Work& work) {
  for (auto const& target : setup_.targets) {
    if (work.refused.contains(target.name)) continue;
    auto const before = setup_.journal->set_aside(target.name);
    if (!before) return before.error();
    auto const now = set_aside_after(work.report.outcomes, target.name, *before, !work.request.cut.empty(),
                                     setup_.clock->now());
    if (before->empty() && now.empty()) continue;
    if (auto const kept = setup_.journal->replace_set_aside(target.name, now); !kept) return kept.error();
  }
  return {};
}

}  // namespace dirsync::engine
