#include "sync/engine/apply/by_hand.hpp"

#include "sync/engine/apply/applier.hpp"
#include "sync/engine/report.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

Result<void> end_run(HandPorts const& audit, HandReport const& report, RunStart const& start) {
  auto const success = is_success(report.settled.outcome);
  RunRecord run;
  run.id = report.run;
  run.start = start;
  run.finished = audit.clock->now();
  run.verdict = to_text(Verdict::run);
  run.exit_code = static_cast<int>(success ? Exit::done : Exit::failed);
  run.planned = 1;
  (success ? run.done : run.failed) = 1;
  return audit.journal->end_run(run);
}

Error unrecorded(Outcome outcome, Error const& error) {
  return within("the change was sent (" + std::string{to_text(outcome)} +
                    "), but its outcome could not be recorded; the next run looks it up",
                error);
}

/// The change with its outcome. Errors: the journal's.
asio::awaitable<Result<Settled>> carry_out_one(AuditContext const& audit, HandChange wanted) {
  if (auto why = wanted.guard.refusal(wanted.change); !why.empty()) {
    auto const recorded =
        audit.journal->record_unsent(audit.run, audit.digest, audit.actor, wanted.change, why);
    if (!recorded) co_return recorded.error();
    co_return Settled{std::move(wanted.change), Outcome::skipped, std::move(why)};
  }
  std::vector<Change> batch{std::move(wanted.change)};
  Look nobody_looks;  // whoever sends it by hand looks already
  auto carried = co_await carry_out(audit, std::move(batch), std::move(wanted.send), std::move(nobody_looks),
                                    Rows::at_once);
  auto& settled = carried.settled.front();
  if (!carried.journal_failure) co_return std::move(settled);
  if (!carried.announced) co_return *carried.journal_failure;
  co_return unrecorded(settled.outcome, *carried.journal_failure);
}

}  // namespace

asio::awaitable<Result<HandReport>> change_by_hand(HandPorts const& audit, HandChange wanted) {
  auto const run = audit.journal->begin_run(wanted.start);
  if (!run) co_return run.error();
  wanted.change.n = 1;
  AuditContext const written{
      .journal = audit.journal, .run = *run, .digest = PlanDigest{""}, .actor = wanted.start.actor};
  auto const start = wanted.start;
  auto settled = co_await carry_out_one(written, std::move(wanted));
  if (!settled) co_return settled.error();
  HandReport const report{*run, std::move(*settled)};
  tell_outcome(*audit.monitor, *run, report.settled.change, &report.settled);
  if (auto const ended = end_run(audit, report, start); !ended)
    co_return unrecorded(report.settled.outcome, ended.error());
  co_return report;
}

}  // namespace dirsync::engine
