#pragma once
// One run: read, resolve, plan, judge, apply, verify, record.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "sync/engine/read/reading.hpp"
#include "sync/engine/setup.hpp"
#include "sync/model/plan.hpp"
#include "sync/plan/planner.hpp"

namespace dirsync::engine {

struct RunRequest {
  bool apply = false;            // false: plan only; nothing is written to a target and no run is recorded
  std::string trigger = "sync";  // "sync" or "daemon"
  std::string actor;
  plan::Cut cut;
  std::optional<PlanDigest> approve;  // this plan may run although it is held
  bool accept_band = false;
  /// Asked before the first write of a plan with verdict `run`; empty: yes. Called on the event loop.
  std::function<bool(Plan const&)> proceed;
};

/// Exit codes that a run can end with; the commands have more.
enum class Exit { done = 0, pending = 3, held = 4, unread = 5, failed = 6 };

struct Report {
  RunId run;  // 0: plan only
  Plan plan;
  std::vector<Settled> outcomes;  // of its changes, in their order; none of those that only wait
  bool applied = false;           // changes were sent
  bool approval_stale = false;    // RunRequest::approve names another plan
  bool declined = false;          // RunRequest::proceed said no
  bool stopped = false;
  std::map<std::string, Certificate> certificates;  // by directory and target
  std::map<std::string, std::chrono::milliseconds> took;
  std::chrono::milliseconds total{0};
  Exit exit = Exit::done;
};

/// JSON kept with the run and shown by `run show`: plan, certificates, timings.
std::string report_document(Report const& report);

/// The exit code that a plan, with its outcomes, stands for. Of a plan that was only looked at:
/// what
/// --detailed-exitcode asks for.
Exit exit_of(Report const& report);

class Engine {
 public:
  explicit Engine(Setup setup);
  ~Engine();
  /// One pass. An Error is a broken journal; nothing more was sent from then on.
  /// Thread: event loop; one run at a time.
  boost::asio::awaitable<Result<Report>> run(RunRequest request);
  /// Lets calls in hand finish and be recorded; nothing more is sent in the current run.
  void stop() noexcept { stopping_ = true; }

 private:
  struct Work;
  boost::asio::awaitable<Result<void>> draft_plan(Work& work);
  boost::asio::awaitable<Result<bool>> answer(Work& work, plan::Questions const& questions);
  Result<std::vector<EntryProbe>> probes_for(Work const& work, plan::Questions const& questions,
                                             SourceDirectory const& directory);
  Result<void> line_up(Work& work);
  void judge_plan(Work& work);
  Result<void> recover(Work& work);
  Result<void> recover_one(Work& work, OpenIntent found);
  Result<void> gather_facts(Work& work);
  Result<bool> may_apply(Work& work);
  Result<void> hold(Work& work);
  boost::asio::awaitable<Result<void>> apply(Work& work);
  Result<std::vector<Settled>> set_aside_in(Work const& work);
  Result<void> record_waiting(Work const& work);
  Result<void> keep_set_aside(Work& work);
  Result<void> use_up_approval(Work& work);
  Result<void> remember(Work& work);
  static bool is_in_order(Work const& work, std::string const& target);
  Result<void> keep_reads(Work& work);
  Result<void> finish(Work& work);
  Result<void> audit_failed_reads(Work& work);

  Setup setup_;
  bool stopping_ = false;
};

}  // namespace dirsync::engine
