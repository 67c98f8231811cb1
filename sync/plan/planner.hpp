#pragma once
// Values in, plan out: equal input gives byte-equal output. No clock, no logs, no files.
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sync/model/plan.hpp"
#include "sync/plan/desired/desired.hpp"
#include "sync/plan/facts.hpp"
#include "sync/plan/people/user_match.hpp"

namespace dirsync::plan {

/// One target that could be read.
struct TargetInput {
  std::string name;
  TargetTraits traits;
  Observed const* observed = nullptr;
  Managed const* managed = nullptr;
  std::map<std::string, std::string> domains;  // by directory; "" for all; empty: no provisioning
  bool replace_stale_groups = false;  // a Directory group that moved gives its memberships to its successor
};

struct Input {
  std::span<Rule const> rules;  // those whose directory and target could be read
  std::map<std::string, DirectoryView> views;
  std::vector<TargetInput> targets;
  Limits limits;
  Facts facts;
};

/// Why a membership is to end.
enum class Cause {
  none,      // not a removal
  disabled,  // the person's entry says so: never waits
  gone,      // the person's entry is no longer found: absence must be confirmed
  left,      // the person is there, and in none of the source groups any more
  foreign,   // not ours; foreign_members = "remove"
  orphaned,  // the source group is gone; source_gone = "empty"
  replaced,  // a Directory group at its old DN, beside the one at its new DN
};

struct Drafted {
  Change change = {};
  Cause cause = Cause::none;
  std::string absence_key = {};  // what must be absent in several runs before this may happen; empty: nothing
  std::string directory = {};    // whose reads this rests on; empty: not a removal
  bool ours = false;             // a removal that takes one of our grants
};

/// Figures of one target group, for the limits.
struct GroupFigures {
  std::string target, group, group_id, rule;
  std::int64_t managed = 0;  // memberships observed before the run that are ours
  std::int64_t adopted = 0;  // that this run makes ours without a write
  std::int64_t additions = 0;
  std::int64_t removals = 0;      // those that wait for confirmation left out, here and below
  std::int64_t leavers = 0;       // removals of people disabled or gone
  std::int64_t ours_removed = 0;  // removals but for those of foreign members
  std::int64_t managed_after() const { return managed + adopted + additions - ours_removed; }
};

/// What to record besides the changes, once the plan is applied.
struct Housekeeping {
  std::vector<ManagedGroup> adopt_groups;
  std::vector<Grant> adopt_grants;
  std::vector<Grant> forget;  // ended by somebody else
  std::vector<ManagedGroup> update_groups;
};

struct Draft {
  Plan plan;                  // ordered, numbered, with digest; not judged yet
  std::vector<Cause> causes;  // by position in plan.changes
  std::vector<GroupFigures> groups;
  std::map<std::string, Housekeeping> housekeeping;     // by target
  std::map<std::string, std::set<std::string>> absent;  // absence keys of this run, by directory
  /// Those of `absent` that are settled once a person approves the plan.
  std::map<std::string, std::set<std::string>> to_approve;
  std::vector<Reason> holds;  // what the diff itself wants a person to decide
  Questions questions;
};

/// `desired` must come from the same rules and views.
Draft draft(Input const& input, Desired const& desired);

/// SHA-256 over target, verb, group id or name, principal, immutable id and rule of each change, in order
/// ; of a rename the new name as well.
PlanDigest plan_digest(std::span<Change const> changes);

/// Keeps only changes of these; empty strings do not select. Renumbers and digests again.
struct Cut {
  std::string rule, group, user;  // user: principal, DN or immutable id
  bool empty() const { return rule.empty() && group.empty() && user.empty(); }
};
/// A group that is to be created stays while an addition to it does.
void cut(Plan& plan, Cut const& cut);
void cut(Housekeeping& house, Cut const& cut);

}  // namespace dirsync::plan
