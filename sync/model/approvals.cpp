#include "sync/model/approvals.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/join.hpp"
#include "sync/model/json.hpp"

namespace dirsync {
namespace {

using State = StoredPlan::State;

AuditRow row_of(PlanDecision const& decision, RunId run) {
  AuditRow row;
  row.time = decision.time;
  row.run = run;
  row.phase = "approve";
  row.plan = decision.digest.value();
  row.actor = decision.actor;
  return row;
}

/// Of the plan when the person approved it before.
GivenApproval const* earlier_one(StoredPlan const& plan, PlanDecision const& decision) {
  auto const is_theirs = [account = account_of(decision.actor)](GivenApproval const& one) {
    return account_of(one.actor) == account;
  };
  auto const found = std::ranges::find_if(plan.given, is_theirs);
  return found == plan.given.end() ? nullptr : &*found;
}

}  // namespace

std::string account_of(std::string_view actor) {
  constexpr std::string_view kUid = "uid:";
  if (!actor.starts_with(kUid)) return std::string{actor};
  auto const end = actor.find_first_not_of("0123456789", kUid.size());
  if (end == kUid.size() || (end != actor.npos && actor[end] != ' ')) return std::string{actor};
  return std::string{actor.substr(0, end)};
}

std::vector<GivenApproval> valid_approvals(std::vector<GivenApproval> const& given, Time valid_from) {
  auto valid = given;
  std::erase_if(valid, [valid_from](GivenApproval const& one) { return one.at <= valid_from; });
  return valid;
}

std::vector<GivenApproval> valid_approvals(StoredPlan const& plan, std::chrono::seconds approval_ttl,
                                           Time now) {
  auto valid = valid_approvals(plan.given, now - approval_ttl);
  std::erase_if(valid, [latest = now + approval_ttl](GivenApproval const& one) { return one.at >= latest; });
  return valid;
}

std::string command_of(StoredPlan const& plan) {
  auto const document = parse_json(plan.document_json);
  return document ? text_at(object_in(*document), "command") : std::string{};
}

bool outlasts(StoredPlan const& plan, StoredPlan const& by) {
  return plan.state == State::held && !plan.given.empty() &&
         command_of(plan).empty() != command_of(by).empty();
}

std::string givers_of(std::vector<GivenApproval> const& given) {
  return join(given, " and ", &GivenApproval::actor);
}

std::vector<GivenApproval> used_approvals(PlanApprovals const& approvals, std::optional<Time> used) {
  std::vector<GivenApproval> last;  // newest first
  for (auto one = approvals.given.rbegin(); one != approvals.given.rend(); ++one) {
    if (std::cmp_greater_equal(last.size(), approvals.needed)) break;
    auto const is_theirs = [account = account_of(one->actor)](GivenApproval const& other) {
      return account_of(other.actor) == account;
    };
    if ((!used || one->at <= *used) && std::ranges::none_of(last, is_theirs)) last.push_back(*one);
  }
  std::ranges::reverse(last);
  return last;
}

DecidedPlan decided_plan(StoredPlan plan, PlanDecision const& decision) {
  if (!decision.approves) {
    plan.state = State::rejected;
    plan.given.clear();
    plan.decided = decision.time;
    plan.decided_by = decision.actor;
    plan.decided_why = decision.reason;
    return {std::move(plan)};
  }
  auto given = valid_approvals(plan.given, decision.valid_from);
  auto const account = account_of(decision.actor);
  auto const before = given.size();
  std::erase_if(given, [&account](GivenApproval const& one) { return account_of(one.actor) == account; });
  // Where it takes no more people than have approved it, their word counts anew.
  if (given.size() < before && std::cmp_less(before, plan.approvals_needed)) return {std::move(plan), true};
  given.push_back({decision.actor, decision.time, decision.reason});
  plan.given = std::move(given);
  // One that was rejected stays so until enough people overrule it.
  if (std::cmp_less(plan.given.size(), plan.approvals_needed)) {
    if (plan.state == State::approved) plan.state = State::held;
    return {std::move(plan)};
  }
  plan.state = State::approved;
  plan.decided = decision.time;
  plan.decided_by = givers_of(plan.given);
  plan.decided_why = decision.reason;
  return {std::move(plan)};
}

TakenDecision taken_decision(DecidedPlan const& decided, PlanDecision const& decision) {
  auto const given = valid_approvals(decided.plan.given, decision.valid_from).size();
  return {.state = decided.plan.state,
          .given = static_cast<int>(given),
          .needed = decided.plan.approvals_needed,
          .is_repeated = decided.is_repeated};
}

AuditRow decision_row(DecidedPlan const& decided, PlanDecision const& decision) {
  auto const& plan = decided.plan;
  if (decided.is_repeated) {
    auto const* const earlier = earlier_one(plan, decision);
    return refused_decision_row(decision, plan.run,
                                "the same person approved it already" +
                                    (earlier != nullptr ? ", at " + rfc3339(earlier->at) : std::string{}) +
                                    "; it takes " + std::to_string(plan.approvals_needed) +
                                    " different people");
  }
  auto row = row_of(decision, plan.run);
  row.result = decision.approves ? "approved" : "rejected";
  row.detail = decision.reason;
  if (decision.approves && plan.approvals_needed > 1)
    row.detail = "approval " + std::to_string(plan.given.size()) + " of " +
                 std::to_string(plan.approvals_needed) + (row.detail.empty() ? "" : ": " + row.detail);
  return row;
}

AuditRow refused_decision_row(PlanDecision const& decision, RunId run, std::string why) {
  auto row = row_of(decision, run);
  row.result = "refused";
  row.detail = (decision.approves ? "approve: " : "reject: ") + std::move(why);
  return row;
}

}  // namespace dirsync
