#pragma once
// What has to change, before anybody judged it.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/plan.hpp"
#include "sync/plan/desired/desired.hpp"
#include "sync/plan/diff/input.hpp"
#include "sync/plan/facts.hpp"

namespace dirsync::plan {

/// Why a membership is to end.
enum class Cause {
  none,      // not a removal
  disabled,  // the person's entry says so: never waits
  locked,    // as disabled, but no leaver: whoever types wrong passwords can bring it about
  gone,      // the person's entry is no longer found: absence must be confirmed
  left,      // the person is there, and in none of the source groups any more
  foreign,   // not ours; foreign_members = "remove"
  orphaned,  // the source group is gone; source_gone = "empty"
  replaced,  // a Directory group at its old DN, beside the one at its new DN
};

struct Drafted {
  Change change = {};
  Cause cause = Cause::none;
  /// What must be seen in several runs when many such removals fall into one.
  std::optional<AbsenceKey> absence_key = std::nullopt;
  std::string directory = {};  // whose reads this rests on; empty: not a removal
  bool ours = false;           // a removal that takes one of our grants
  /// Of a removal: the rule that gave the membership, when it feeds the target no more, or when the directory
  /// that had the person was not read; else empty.
  std::string gone_rule = {};
};

/// Figures of one target group, for the limits.
struct GroupFigures {
  std::string target, group, group_id, rule;
  std::int64_t managed = 0;  // memberships observed before the run that are ours
  std::int64_t adopted = 0;  // that this run makes ours without a write
  // Counted from the changes when the parts of a draft are joined:
  std::int64_t additions = 0;
  std::int64_t removals = 0;      // those that wait for confirmation left out, here and below
  std::int64_t leavers = 0;       // removals of people disabled or gone
  std::int64_t ours_removed = 0;  // removals but for those of foreign members
  // Set when they are judged: of `leavers` those who are a part of their own.
  std::int64_t leavers_first = 0;
  std::int64_t managed_after() const { return managed + adopted + additions - ours_removed; }
};

/// What to record besides the changes, once the plan is applied.
struct StoreUpdates {
  std::vector<ManagedGroup> adopt_groups;
  std::vector<Grant> adopt_grants;
  std::vector<Grant> forget;  // ended by somebody else
  std::vector<ManagedGroup> update_groups;
};

struct Draft {
  Plan plan;                  // ordered; numbered and given its digest when it is judged
  std::vector<Cause> causes;  // by position in plan.changes
  std::vector<bool> ours;     // the same: a removal that takes one of our grants
  std::vector<GroupFigures> groups;
  std::map<std::string, StoreUpdates> store_updates;              // by target
  std::map<std::string, std::vector<KeptUnresolved>> unresolved;  // by directory, to go with its read
  AbsenceKeys absent;                                             // of this run
  AbsenceKeys still_counted;                                      // nobody could look: their counts stay
  AbsenceKeys to_approve;     // those of `absent` that an approval of the plan settles
  std::vector<Reason> holds;  // what the diff itself wants a person to decide
  /// What came of nothing; whether it holds is judged later.
  std::vector<NothingRead> nothing_read;
  Questions questions;                                // answers to them may change the draft
  std::map<std::string, std::vector<Undone>> undone;  // by target: of Facts::undone what still counts
};

/// Values in, plan out: equal input gives byte-equal output, and the order in which a server delivers plays
/// no part. No clock, no logs, no files. `desired` must come from the same rules and views.
Draft draft(Input const& input, Desired const& desired);

}  // namespace dirsync::plan
