#pragma once
// Whose approvals of a plan count, and what a person's decision makes of it. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync {

/// By which two actors are one person: "uid:1000" of "uid:1000 (jane) via sudo"; of any other text itself.
std::string account_of(std::string_view actor);

/// Those that were given after `valid_from`.
std::vector<GivenApproval> valid_approvals(std::vector<GivenApproval> const& given, Time valid_from);
/// Of now, where approvals are good for `approval_ttl`. One that was given later than that from now on is of
/// a clock that was ahead, and would be good for as long as it was.
std::vector<GivenApproval> valid_approvals(StoredPlan const& plan, std::chrono::seconds approval_ttl,
                                           Time now);

/// The words behind "dirsyncd" that carry a plan out, where it is not the next run that does: "undo 17",
/// "adopt --rule admins". For a shell; empty: the next run.
std::string command_of(StoredPlan const& plan);
/// Whether somebody has approved `plan`, be it not enough: one of an undo then waits on whatever ordinary
/// runs come to, and the other way round. `by`: what is held now.
bool outlasts(StoredPlan const& plan, StoredPlan const& by);

/// "uid:1000 (jane) and uid:1001 (jim)"
std::string givers_of(std::vector<GivenApproval> const& given);

/// Of one plan: by how many different people it must be approved, and every approval that was given, oldest
/// first.
struct PlanApprovals {
  int needed = 1;
  std::vector<GivenApproval> given{};
};
/// Those that let the plan be carried out at the time `used`, oldest first: the last of as many different
/// people as it takes. Without the time: of all.
std::vector<GivenApproval> used_approvals(PlanApprovals const& approvals, std::optional<Time> used);

/// The plan as it is after that decision: `state`, `given`, `decided`, `decided_by` and `decided_why`. It
/// must be held, approved or rejected.
struct DecidedPlan {
  StoredPlan plan;
  bool is_repeated = false;  // as in TakenDecision; then `plan` is as before
};
DecidedPlan decided_plan(StoredPlan plan, PlanDecision const& decision);

/// What whoever decided is told.
TakenDecision taken_decision(DecidedPlan const& decided, PlanDecision const& decision);
/// The audit row of it.
AuditRow decision_row(DecidedPlan const& decided, PlanDecision const& decision);
/// The audit row of one that could not be taken. `run`: of the plan, 0 where there is none.
AuditRow refused_decision_row(PlanDecision const& decision, RunId run, std::string why);

}  // namespace dirsync
