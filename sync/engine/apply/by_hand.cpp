#include "sync/engine/apply/by_hand.hpp"

#include "sync/engine/apply/applier.hpp"
#include "sync/engine/report.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

Result<void> end_run(HandDesk const& desk, HandReport const& report, RunStart const& start) {
  auto const success = is_success(report.settled.outcome);
  RunRecord run;
  run.id = report.run;
  run.start = start;
  run.finished = desk.clock->now();
  run.verdict = to_text(Verdict::run);
  run.exit_code = static_cast<int>(success ? Exit::done : Exit::failed);
  run.planned = 1;
  (success ? run.done : run.failed) = 1;
  return desk.journal->end_run(run);
}

Error unrecorded(Outcome outcome, Error const& error) {
  return within("the change was sent (" + std::string{to_text(outcome)} +
                    "), but its outcome could not be recorded; the next run looks it up",
                error);
}

}  // namespace

asio::awaitable<Result<HandReport>> change_by_hand(HandDesk const& desk, HandChange wanted) {
  auto const run = desk.journal->begin_run(wanted.start);
  if (!run) co_return run.error();
  wanted.change.n = 1;
  Desk const written{
      .journal = desk.journal, .run = *run, .digest = PlanDigest{""}, .actor = wanted.start.actor};
  std::vector<Change> batch{std::move(wanted.change)};
  Look nobody_looks;  // whoever sends it by hand looks already
  auto const carried =
      co_await carry_out(written, std::move(batch), std::move(wanted.send), std::move(nobody_looks));
  HandReport const report{*run, carried.settled.front()};
  tell_outcome(*desk.monitor, *run, report.settled.change, &report.settled);
  if (carried.journal_failure && !carried.announced) co_return *carried.journal_failure;
  if (carried.journal_failure) co_return unrecorded(report.settled.outcome, *carried.journal_failure);
  if (auto const ended = end_run(desk, report, wanted.start); !ended)
    co_return unrecorded(report.settled.outcome, ended.error());
  co_return report;
}

}  // namespace dirsync::engine
