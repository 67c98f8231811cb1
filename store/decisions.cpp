// What people decide of plans and reads that wait.
#include <utility>

#include "store/plan_rows.hpp"
#include "store/write.hpp"
#include "sync/model/approvals.hpp"

namespace dirsync::store {
namespace {
using State = StoredPlan::State;

Error plan_closed(Database& database, StoredPlan const& plan) {
  static constexpr char kHeld[] =
      "SELECT digest FROM plan WHERE state = 'held' ORDER BY last_seen DESC, digest LIMIT 1";
  auto held = database.query(kHeld);
  auto const instead = held.step() ? "The plan that waits now is " + held.text(0) : "No plan waits now";
  auto const why =
      plan.state == State::applied ? ": was applied already. " : ": the situation has changed since. ";
  return {StoreErrc::plan_closed, "plan " + plan.digest.value() + why + instead};
}

/// Why nothing can be decided of it any more, if so.
std::optional<Error> reason_to_refuse(Database& database, PlanDigest const& digest,
                                      std::optional<StoredPlan> const& plan) {
  if (!plan) return no_such_plan(digest);
  if (plan->state == State::applied || plan->state == State::superseded) return plan_closed(database, *plan);
  return std::nullopt;
}

void keep_decided(Database& database, StoredPlan const& plan) {
  static constexpr char kUpdate[] =
      "UPDATE plan SET state = ?, decided = ?, decided_by = ?, decided_why = ? WHERE digest = ?";
  static constexpr char kDelete[] = "DELETE FROM approval WHERE digest = ?";
  static constexpr char kInsert[] =
      "INSERT INTO approval (digest, account, actor, time, reason) VALUES (?, ?, ?, ?, ?)";
  database.query(kUpdate)
      .with(to_text(plan.state), plan.decided ? rfc3339(*plan.decided) : std::string{}, plan.decided_by,
            plan.decided_why, plan.digest)
      .run();
  database.query(kDelete).with(plan.digest).run();
  for (auto const& one : plan.given)
    database.query(kInsert).with(plan.digest, account_of(one.actor), one.actor, one.at, one.reason).run();
}

/// The row of a refusal stays, so that it is no Error within the transaction.
struct Attempt {
  TakenDecision taken{};
  std::optional<Error> refused{};
};
}  // namespace

Result<TakenDecision> Store::decide_plan(PlanDecision const& decision) {
  auto attempt = write("a decision cannot be recorded", [this, &decision]() -> Result<Attempt> {
    auto const plan = select_plan(*database_, decision.digest);
    Attempt made;
    made.refused = reason_to_refuse(*database_, decision.digest, plan);
    if (made.refused) {
      append_row(*database_,
                 refused_decision_row(decision, plan ? plan->run : RunId{0}, text(*made.refused)));
      return made;
    }
    auto const decided = decided_plan(*plan, decision);
    if (!decided.is_repeated) keep_decided(*database_, decided.plan);
    append_row(*database_, decision_row(decided, decision));
    made.taken = taken_decision(decided, decision);
    return made;
  });
  if (!attempt) return attempt.error();
  if (attempt->refused) return *std::move(attempt->refused);
  return attempt->taken;
}

Result<void> Store::end_approval(PlanDigest const& digest, std::string const& actor, std::string why) {
  static constexpr char kUpdate[] =
      "UPDATE plan SET state = 'held', decided = '', decided_by = '', decided_why = '' "
      "WHERE digest = ? AND state = 'approved'";
  auto const now = options_.clock->now();
  return write("an approval cannot be ended", [this, &digest, &actor, &why, now]() -> Result<void> {
    auto const plan = select_plan(*database_, digest);
    if (!plan || database_->query(kUpdate).with(digest).run() == 0) return {};
    AuditRow row;
    row.time = now;
    row.run = plan->run;
    row.phase = "approve";
    row.plan = digest.value();
    row.actor = actor;
    row.result = "expired";
    row.detail = why;
    append_row(*database_, std::move(row));
    return {};
  });
}

}  // namespace dirsync::store
