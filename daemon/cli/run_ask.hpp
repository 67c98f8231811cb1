#pragma once
// What `plan` and `sync` ask for, and what they say of the run, whoever runs it: the command or the service.
#include <optional>
#include <string>

#include "daemon/cli/answer.hpp"
#include "daemon/cli/arguments.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/config/config.hpp"
#include "store/store.hpp"
#include "sync/engine/report.hpp"

namespace dirsync::cli {

struct RunAsk {
  std::string rule, group, user;  // as the options; empty: all
  std::string approve;            // a digest, or the first digits of it
  std::string reason{};           // why, in the words of who approves
  bool dry_run = false, accept_band = false, detailed_exitcode = false;
  std::int64_t undo = 0;  // number of the run that is to be taken back; 0: none, an ordinary run
  /// Stops before the first write; Answer::question says what to ask a person.
  bool asks = false;
  /// Answer::expect of a run that asked: sends just that, or nothing. Empty: whatever the run comes to.
  std::string expect;
  std::string configuration{};  // digest of the one that the asker has read; empty: whichever is in force
  friend bool operator==(RunAsk const&, RunAsk const&) = default;
};

RunAsk run_ask_of(Arguments const& arguments);
/// A full run that may send: what the schedule would do.
bool is_whole_run(RunAsk const& ask);

/// What is said of an approval that was not enough, as several people must give theirs; empty: nothing such.
std::string approvals_missing(engine::Report const& report);

/// A rule that does not exist has no changes; that must not look like being in sync.
boost::system::result<void, Answer> check_rule(std::string const& rule, config::Config const& config);

/// Whether the plan sends what `expect` names.
bool is_expected(RunAsk const& ask, Plan const& plan);

/// An ask that may run.
struct ReadyRun {
  engine::RunRequest request;
  PlanDigest approved;  // empty: none
};
/// `proceed` of its request does what `asks` and `expect` say. Errors: an Answer's: no such rule, no digest;
/// the store's.
boost::system::result<ReadyRun, Answer> ready_run(RunAsk const& ask, std::string actor,
                                                  config::Config const& config, store::Store& store);

/// "Apply these 3 changes?"
std::string question_about(Plan const& plan);

/// What is said of a run that ended. `plan_is_shown`: a person has seen the plan already.
Answer run_answer(RunAsk const& ask, engine::Report const& report, PlanDigest const& approved,
                  store::Store& store, Presentation const& presentation, bool plan_is_shown);

}  // namespace dirsync::cli
