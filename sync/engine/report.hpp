#pragma once
// What one run was asked for and what came of it.
#include <boost/json/fwd.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/engine/read/untried.hpp"
#include "sync/model/certificate.hpp"
#include "sync/model/member_book.hpp"
#include "sync/model/plan.hpp"
#include "sync/model/record.hpp"
#include "sync/model/user_book.hpp"
#include "sync/plan/judge/cut.hpp"
#include "sync/plan/kept/in_force.hpp"

namespace dirsync::engine {

struct RunRequest {
  bool apply = false;            // false: plan only; nothing is written to a target and no run is recorded
  std::string trigger = "sync";  // "sync", "daemon", "feed", "leavers" or "undo"
  std::string actor;
  plan::Cut cut;
  /// This plan, or read, may be used although it is held: its digest, or the first digits of it.
  std::optional<PlanDigest> approve;
  std::string reason{};  // why it may, in the words of who approves; may be empty
  bool accept_band = false;
  /// Asked before the first write, be it of a plan with verdict `run` or of the leavers of one that waits;
  /// empty: yes. Called on the event loop.
  std::function<bool(Plan const&)> proceed;
  /// Asked in its place of a plan that somebody approved, before anything of it is sent; empty: yes.
  std::function<bool(Plan const&)> is_expected;
  Untried untried;  // what the schedule leaves out
  /// Takes back what that run did, as far as it still stands, and does nothing else; `cut` is empty.
  std::optional<RunId> undo{};
  /// The plan is one of claims: nothing is sent, and of what was read nothing is kept but the run.
  bool is_claim = false;
  /// Of a run of leavers alone (engine/leavers), by directory: whether these entries' people leave is looked
  /// at, and nothing else. Of what such a run reads nothing is kept.
  std::map<std::string, std::set<EntryId>> told{};
  /// Report::members, users and fed are wanted, for runs that follow what feeds tell.
  bool keeps_members = false;
  /// Everything that the rules want.
  bool is_whole() const { return cut.empty() && !undo && !is_claim && told.empty(); }
  /// The settings are not in force: Plan::rehearsal tells what they alone would bring about, or end. Not with
  /// `apply`. The plan is for looking, so the journal had best be one that keeps nothing.
  std::optional<plan::GoneRules> rehearses{};
  /// Where the feeds can go on whose news this run looks at. Kept with the run's end, and only for
  /// directories whose read it accepted.
  FeedCookies feed_cookies{};
  /// When feeds saw entries deleted; for the delays of changes, and for nothing else.
  std::map<EntryId, Time> deleted_at{};
  /// Asked before each call of the rest, once all who must lose access at once were answered: true leaves
  /// what is not sent yet for the next run. Never asked of a plan that somebody approved, for what is left of
  /// it would be another plan and need another approval. Empty: never. Called on the event loop.
  std::function<bool()> gives_way{};
};

/// Exit codes that a run can end with; the commands have more.
enum class Exit { done = 0, pending = 3, held = 4, unread = 5, failed = 6 };

/// A target's group of ours that one group of a directory feeds, with its people, and nothing else does.
struct FedGroup {
  std::string target;
  ManagedGroup group;
};
using FedGroups = std::map<EntryId, std::vector<FedGroup>>;  // by the directory's group

struct Report {
  RunId run;  // 0: plan only
  Plan plan;
  std::vector<Settled> outcomes;   // of its changes, in their order; none of those that only wait
  std::uint64_t unverified = 0;    // of them, made without a look whether they are so
  bool ended_early = false;        // some target took no more changes in mid-run; the reasons name it
  bool applied = false;            // changes were sent, be it the leavers alone
  bool approval_stale = false;     // RunRequest::approve names another plan
  bool approval_short = false;     // it was taken, and further people must approve the plan
  bool approval_repeated = false;  // it was not: the same person had given one, and it takes another person
  bool declined = false;           // RunRequest::proceed said no
  bool stopped = false;
  bool gave_way = false;  // some of it was left for the next run; those changes have no outcome
  std::vector<std::string> unknown_names;  // what RunRequest::cut names and nothing has, in sentences
  std::map<std::string, Certificate> certificates;                  // by directory and target
  std::map<std::string, Error> unread_directories, unread_targets;  // not tried, failed, or refused
  /// Memberships that are ours once it has ended: by target and rule.
  std::map<std::pair<std::string, std::string>, std::int64_t> managed;
  std::map<std::pair<std::string, std::string>, std::int64_t> managed_in;  // the same by target and group id
  // Where RunRequest::keeps_members asks for them:
  std::map<std::string, MemberBook> members;  // by directory
  std::map<std::string, UserBook> users;      // by target whose users are told by DNs
  FedGroups fed;
  std::map<std::string, std::chrono::milliseconds> took;
  std::chrono::milliseconds total{0};
  Exit exit = Exit::done;
};

/// The documents of the record: what is the run's own, what it may have in common with others, and its
/// notices. Of a run that sent nothing no figures of clauses that hold are kept: there is one every few
/// minutes.
void keep_report(Report const& report, RunRecord& record);
/// {plan, certificates, read_ms, total_ms, sent, stopped, gave_way}, as `run show --json` prints it, from a
/// record of this or an older version; null where nothing is kept.
boost::json::value kept_report(RunRecord const& record);

/// The exit code that a plan, with its outcomes, stands for. Of a plan that was only looked at: what
/// --detailed-exitcode asks for.
Exit exit_of(Report const& report);

}  // namespace dirsync::engine
