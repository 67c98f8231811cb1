// with_decisions: what people have said of a plan that waits, told as reasons of it.
#include <algorithm>
#include <utility>

#include "sync/engine/run/stages.hpp"
#include "sync/model/approvals.hpp"

namespace dirsync::engine {
namespace {

Reason reason_of(char const* code, std::string text) {
  Reason reason;
  reason.code = code;
  reason.text = std::move(text);
  return reason;
}

std::string in_their_words(std::string const& why) { return why.empty() ? "" : ": " + why; }

std::string command_for(PlanDigest const& digest) { return "`dirsyncd approve " + digest.value() + "`"; }

Reason rejected_reason(StoredPlan const& stored) {
  return reason_of("rejected", stored.decided_by + " rejected this plan" +
                                   (stored.decided ? " at " + rfc3339(*stored.decided) : "") +
                                   in_their_words(stored.decided_why) +
                                   ". Nobody is asked about it again before it changes; " +
                                   command_for(stored.digest) + " overrules that");
}

Reason expired_reason(StoredPlan const& stored) {
  return reason_of("approval-expired",
                   "the approval of " + stored.decided_by +
                       (stored.decided ? ", given at " + rfc3339(*stored.decided) : "") +
                       ", is older than approval_ttl, or by fewer people than it takes now; " +
                       command_for(stored.digest) + " approves it again");
}

Reason approvals_reason(Plan const& plan, std::vector<GivenApproval> const& given) {
  auto words = "it takes the approvals of " + std::to_string(plan.approvals) + " different people";
  if (given.empty())
    words += "; there is none yet";
  else
    for (auto const& one : given)
      words += "; " + one.actor + " gave theirs at " + rfc3339(one.at) + in_their_words(one.reason);
  auto reason = reason_of("approvals", std::move(words));
  reason.count = static_cast<std::int64_t>(given.size());
  return reason;
}

}  // namespace

Result<Judged> with_decisions(RunContext const& context, Judged judged) {
  auto& plan = judged.plan;
  auto const waits = std::ranges::any_of(
      plan.changes, [](Change const& change) { return is_to_send(change) && change.part == Part::rest; });
  if (!plan.held || !waits) return judged;
  auto const stored = context.setup.journal->find_plan(plan.digest);
  if (!stored) return stored.error();
  std::vector<GivenApproval> given;
  using State = StoredPlan::State;
  // Approvals of one that was applied, or overtaken, were for then.
  if (*stored && (*stored)->state != State::applied && (*stored)->state != State::superseded)
    given = valid_approvals(**stored, context.setup.limits.approval_ttl, context.setup.clock->now());
  auto const is_enough = std::cmp_greater_equal(given.size(), plan.approvals);
  if (*stored && (*stored)->state == State::rejected) plan.reasons.push_back(rejected_reason(**stored));
  if (*stored && (*stored)->state == State::approved && !is_enough)
    plan.reasons.push_back(expired_reason(**stored));
  if (plan.approvals > 1 && !is_enough) plan.reasons.push_back(approvals_reason(plan, given));
  return judged;
}

}  // namespace dirsync::engine
