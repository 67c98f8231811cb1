#include "daemon/cli/run_ask.hpp"

#include <algorithm>
#include <functional>

#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/outcome_view.hpp"
#include "daemon/cli/plan_counts.hpp"
#include "daemon/cli/plan_view.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/wishes.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/document.hpp"
#include "sync/plan/judge/digest.hpp"

namespace dirsync::cli {
namespace {

bool is_unexpected(RunAsk const& ask, engine::Report const& report) {
  return !ask.expect.empty() && report.declined && !is_expected(ask, report.plan);
}

/// Whether there is anything that the run did. What it began and nobody saw end is looked up by the undo.
boost::system::result<void, Answer> check_undo(RunAsk const& ask, store::Store& store) {
  if (!ask.rule.empty() || !ask.group.empty() || !ask.user.empty() || ask.accept_band)
    return refusal(kUsage, "usage", "an undo takes a run back as a whole; leave out what selects a part");
  auto const number = std::to_string(ask.undo);
  auto const run = store.find_run(RunId{ask.undo});
  if (!run) return refusal(run.error());
  if (!*run)
    return refusal(kUsage, "no-such-run",
                   "there is no run " + number +
                       "; a plan or a dry run has no number and does nothing. `dirsyncd runs` lists them");
  auto const& trigger = (*run)->start.trigger;
  if (trigger == kAdoptTrigger || trigger == kRecoverTrigger)
    return refusal(kUsage, "nothing-to-undo",
                   "run " + number +
                       " sent nothing to a target: what is there was taken over, and is ended "
                       "by the rules alone");
  auto const pruned = store.pruned();
  if (!pruned) return refusal(pruned.error());
  if (*pruned && RunId{ask.undo} <= (*pruned)->last_run)
    return refusal(kUsage, "pruned",
                   "rows of run " + number +
                       " may have been pruned from the audit trail, so that nobody can tell all that it did; "
                       "change it in the directory or in the target");
  auto const past = store.past_changes(RunId{ask.undo});
  if (!past) return refusal(past.error());
  auto const intents = store.open_intents();
  if (!intents) return refusal(intents.error());
  auto const is_its = [&ask](OpenIntent const& intent) { return intent.run.value() == ask.undo; };
  if (!past->empty() || std::ranges::any_of(*intents, is_its)) return {};
  if ((*run)->done > 0)
    return refusal(kUsage, "pruned",
                   "the audit trail has no rows of run " + number +
                       " any more, so that nobody can tell what "
                       "to take back; change it in the directory or in the target");
  return refusal(kUsage, "nothing-to-undo",
                 "run " + number + " changed nothing, so that there is nothing to undo");
}

/// As a refused approval, it stays in the trail who wanted it and why it was not done.
Result<void> record_refused_undo(RunAsk const& ask, std::string const& actor, Answer const& refused,
                                 store::Store& store) {
  AuditRow row;
  row.phase = "run";
  row.verb = kUndoTrigger;
  row.actor = actor;
  row.result = "refused";
  row.detail = "of run " + std::to_string(ask.undo) + ": " + refused.message;
  return store.append(std::move(row));
}

/// Sets exit code and message.
void judge_end(Answer& answer, RunAsk const& ask, engine::Report const& report, PlanDigest const& approved,
               store::Store& store) {
  answer.exit = static_cast<int>(report.exit);
  auto const is_unread = report.exit == engine::Exit::unread;
  auto const digest = short_digest(report.plan.digest);
  if (!report.unknown_names.empty()) {
    answer.message = join(report.unknown_names, "; ", std::identity{});
    answer.exit = kUsage;
  } else if (report.approval_stale && !report.plan.freezes.empty()) {
    answer.message = text(report.plan.freezes.front()) +
                     ". No approval lifts that, and none was recorded; `dirsyncd " +
                     thaw_command(report.plan.freezes) + "` does, or `dirsyncd approve " +
                     short_digest(approved) + "` records it for later";
    if (!is_unread) answer.exit = kHeld;
  } else if (auto missing = approvals_missing(report); !missing.empty()) {
    answer.message = std::move(missing);
    if (!is_unread) answer.exit = kHeld;
  } else if (report.approval_stale) {
    auto const known = store.find_plan(approved);
    auto const is_known = known && *known;
    answer.message = is_known ? "the plan is another by now: " + digest + "; look at it and approve that one"
                              : "no such plan: " + ask.approve + "; the plan now is " + digest;
    if (!is_unread) answer.exit = is_known ? kHeld : kUsage;
  } else if (is_unexpected(ask, report)) {
    answer.message = "the plan is another by now: " + digest + "; nothing was sent. Look at it and run again";
    if (!is_unread) answer.exit = kHeld;
  } else if (!is_unread && ask.dry_run && !ask.detailed_exitcode) {
    answer.exit = kDone;
  }
}

}  // namespace

std::string approvals_missing(engine::Report const& report) {
  auto const digest = short_digest(report.plan.digest), number = std::to_string(report.plan.approvals);
  if (report.approval_repeated)
    return "you have approved " + digest + " already; it takes the approvals of " + number +
           " different people. Let another one approve it";
  if (report.approval_short)
    return "your approval of " + digest + " is recorded; it takes those of " + number +
           " different people, so nothing of it was done yet";
  return "";
}

RunAsk run_ask_of(Arguments const& arguments) {
  return {.rule = arguments.rule,
          .group = arguments.group,
          .user = arguments.user,
          .approve = arguments.approve,
          .reason = arguments.reason,
          .dry_run = arguments.command == Command::plan || arguments.dry_run,
          .accept_band = arguments.accept_band,
          .detailed_exitcode = arguments.detailed_exitcode,
          .undo = arguments.command == Command::undo ? arguments.run : 0,
          .expect = {}};
}

bool is_whole_run(RunAsk const& ask) {
  return !ask.dry_run && !ask.asks && ask.undo == 0 && ask.rule.empty() && ask.group.empty() &&
         ask.user.empty();
}

boost::system::result<void, Answer> check_rule(std::string const& rule, config::Config const& config) {
  if (rule.empty() || std::ranges::find(config.rules, rule, &Rule::name) != config.rules.end()) return {};
  return refusal(kUsage, "usage",
                 "--rule: no rule " + rule + " in " + config.file +
                     "; there are: " + join(config.rules, ", ", &Rule::name));
}

/// Leavers need no approval, so that they are not in the plan's own digest; whoever was shown two of them has
/// not said yes to a third.
bool is_expected(RunAsk const& ask, Plan const& plan) {
  return plan::sending_digest(plan.changes).value() == ask.expect;
}

boost::system::result<ReadyRun, Answer> ready_run(RunAsk const& ask, std::string actor,
                                                  config::Config const& config, store::Store& store) {
  // It was the same when they asked; a service may have read another one since.
  if (!ask.configuration.empty() && ask.configuration != config.digest)
    return refusal(kInternal, "other-configuration",
                   "the service has read another configuration since; nothing was sent. Run again");
  if (auto const usable = check_rule(ask.rule, config); !usable) return usable.error();
  if (auto const flaw = flaw_of_approval(ask.approve, ask.reason)) return refusal(kUsage, "usage", *flaw);
  ReadyRun ready;
  if (ask.undo != 0) {
    if (auto const usable = check_undo(ask, store); !usable) {
      if (!ask.dry_run)
        if (auto const told = record_refused_undo(ask, actor, usable.error(), store); !told)
          return refusal(told.error());
      return usable.error();
    }
    ready.request.undo = RunId{ask.undo};
    ready.request.trigger = kUndoTrigger;
  }
  if (!ask.approve.empty()) {
    auto meant = digest_meant_by(ask.approve, store);
    if (!meant) return refusal(meant.error());
    ready.approved = *std::move(meant);
    ready.request.approve = ready.approved;
    ready.request.reason = ask.reason;
  }
  ready.request.apply = !ask.dry_run;
  ready.request.actor = std::move(actor);
  ready.request.cut = {ask.rule, ask.group, ask.user};
  ready.request.accept_band = ask.accept_band;
  ready.request.is_expected = [ask](Plan const& plan) {
    return ask.expect.empty() || is_expected(ask, plan);
  };
  ready.request.proceed = [asks = ask.asks, is_expected = ready.request.is_expected](Plan const& plan) {
    return !asks && is_expected(plan);
  };
  return ready;
}

std::string question_about(Plan const& plan) {
  auto const rest_waits = waits_for_a_person(plan);
  auto const changes = std::to_string(std::ranges::count_if(plan.changes, [rest_waits](Change const& change) {
    return is_to_send(change) && (!rest_waits || change.part == Part::leavers);
  }));
  return rest_waits ? "The rest waits for an approval. Send these " + changes +
                          " removals of people who are gone or disabled now?"
                    : "Apply these " + changes + " changes?";
}

Answer run_answer(RunAsk const& ask, engine::Report const& report, PlanDigest const& approved,
                  store::Store& store, Presentation const& presentation, bool plan_is_shown) {
  Answer answer;
  answer.digest = report.plan.digest.value();
  answer.expect = plan::sending_digest(report.plan.changes).value();
  auto const run = report.run.value() != 0 ? std::optional{report.run} : std::nullopt;
  answer.document = plan::plan_json(report.plan, run, report.outcomes);
  if (ask.asks && report.declined) answer.question = question_about(report.plan);
  auto const after = ask.dry_run ? AfterPlan::nothing : AfterPlan::question;
  if (!plan_is_shown)
    (answer.question.empty() ? answer.text : answer.shown_first) =
        plan_view(report.plan, after, presentation);
  if (report.applied || report.declined)
    answer.text += outcome_view(report.plan, report.outcomes, {report.run, report.declined, report.stopped},
                                presentation);
  judge_end(answer, ask, report, approved, store);
  return answer;
}

}  // namespace dirsync::cli
