#pragma once
// The stages of a run, in order: each makes one value of those before it. Inside this folder and for tests.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "sync/engine/read/reads.hpp"
#include "sync/engine/report.hpp"
#include "sync/engine/setup.hpp"
#include "sync/plan/desired/desired.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::engine {

/// What every stage is given beside its arguments.
struct RunContext {
  Setup const& setup;
  RunRequest const& request;
  RunStart start;
  RunId run;  // 0: plan only
  std::stop_token stop;
  std::chrono::steady_clock::time_point begun;
};

/// A stage's name and duration, as an event of level debug.
class StageClock {
 public:
  StageClock(RunContext const& context, char const* stage);
  ~StageClock();
  StageClock(StageClock const&) = delete;
  StageClock& operator=(StageClock const&) = delete;

 private:
  RunContext const& context_;
  char const* stage_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Of a run that the journal does not know of yet.
RunContext context_of(Setup const& setup, RunRequest const& request, std::stop_token stop);

/// Begins the run, where it applies something. Errors: the journal's.
Result<RunContext> begin(Setup const& setup, RunRequest const& request, std::stop_token stop);

/// read: both sides, each once; failed reads are told and audited. Errors: the journal's.
boost::asio::awaitable<Result<Reads>> read(RunContext const& context);

/// What is ours, by target that was read.
using Ours = std::map<std::string, Managed>;

/// recover: what is ours, with changes of earlier runs whose outcome nobody recorded; they are looked up now
/// and, in a run that applies, recorded. Errors: the journal's.
boost::asio::awaitable<Result<Ours>> recover(RunContext const& context, Reads const& reads);

/// What the planner works on. `input` points into the other members, and to the reads.
struct LinedUp {
  std::vector<Rule> rules;  // those whose target has a part in this run
  Ours ours;
  std::map<std::string, bool> folds_case;  // by target
  std::vector<Freeze> freezes;             // in force
  plan::Input input;

  LinedUp() = default;
  LinedUp(LinedUp&&) = default;
  LinedUp& operator=(LinedUp&&) = default;
};

/// line_up: the sides that were read and what earlier runs know. Freezes whose time is over end here, in a
/// run that applies. Errors: the journal's.
Result<LinedUp> line_up(RunContext const& context, Reads const& reads, Ours ours);

/// Its part of the directories: those that were read, and the names of the others.
void line_up_directories(RunContext const& context, Reads const& reads, plan::Input& input);

struct Drafted {
  LinedUp lined_up;  // with what the planner's questions brought
  plan::Desired desired;
  plan::Draft draft;
};

/// What the rules want; nothing is drafted yet.
Drafted want(LinedUp lined_up);

/// draft: asks what the planner wants to know and drafts again until no question is new, at most kRounds
/// times; what is then still open holds the plan (reason `questions`). Errors: the journal's.
boost::asio::awaitable<Result<Drafted>> draft(RunContext const& context, LinedUp lined_up);
boost::asio::awaitable<Result<Drafted>> draft_wanted(RunContext const& context, Drafted wanted);

/// How often the planner may ask something new.
inline constexpr int kRounds = 3;

struct Judged {
  Drafted drafted;                                    // its plan has become `plan`
  std::map<std::string, std::int64_t> whole_changes;  // by target: how many before the cut
  /// Rules of whose new settings something still waits: those of before stay remembered.
  std::set<std::string> unsettled_rules;
  /// As it will run: judged as a whole, then cut. Nobody changes it from here on.
  Plan plan;
  std::vector<std::string> unknown_names;  // as in Report
};

/// judge: limits, verdicts, and the part that was asked for.
Judged judge(RunContext const& context, Reads const& reads, Drafted drafted);
/// Of a draft of claims: it waits for a person, and no limit counts what is not sent.
Judged judge_claims(RunContext const& context, Reads const& reads, Drafted drafted);

/// What a person has said of the plan already, or must say, as reasons of it: `rejected`, `approvals`,
/// `approval-expired`. Errors: the journal's.
Result<Judged> with_decisions(RunContext const& context, Judged judged);

enum class Decision {
  apply,
  plan_only,          // nothing was to be applied
  held,               // a person must decide first
  approval_stale,     // what was approved is another plan
  approval_short,     // approved in this run, and it takes further people
  approval_repeated,  // not approved in this run: the same person had done so, and it takes another
  declined,           // the person at the terminal said no
};

/// decide: holds, approvals, and the question at the terminal. Errors: the journal's.
Result<Decision> decide(RunContext const& context, Reads const& reads, Judged const& judged);

struct Written {
  Decision decision = Decision::plan_only;
  std::vector<Settled> outcomes;         // in the order of the plan
  std::uint64_t unverified = 0;          // of them, made without a look whether they are so
  std::map<std::string, Error> ended{};  // targets that took no more changes in mid-run, with the cause
  bool leavers_declined = false;         // RunRequest::proceed said no to those of a plan that waits
  std::vector<Freeze> stopped_by{};      // freezes that came meanwhile, and kept something back
  bool gave_way = false;                 // as in Report
};

/// apply: the changes, and what follows from the plan without a call. Errors: the journal's.
boost::asio::awaitable<Result<Written>> apply(RunContext const& context, Reads const& reads,
                                              Judged const& judged, Decision decision);

/// record: what the run leaves behind, and its report. Errors: the journal's.
Result<Report> record(RunContext const& context, Reads reads, Judged judged, Written written);

/// What is ours at the end of the run, by rule and by group, from its outcomes; to `report`. `adopted`: what
/// was found is ours now.
void count_managed(plan::Draft const& draft, bool adopted, Report& report);

/// How each target of the plan stands at the end of the run, for `status`.
std::vector<TargetState> target_states(Report const& report, Time now);

}  // namespace dirsync::engine
