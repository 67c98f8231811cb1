#pragma once
// Groups of ours that stand still: without a source, between two rules, hidden, or not to be written to.
#include "sync/plan/diff/doubts.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/wanted.hpp"

namespace dirsync::plan {

/// Removals of people who are disabled or confirmed gone: they go on whatever else waits in the group.
GroupDraft leavers_of(Context const& context, WritableGroup const& group, ManagedGroup const& managed);

/// Of grants whose id the target used again: what is due is blocked.
GroupDraft removals_of_used_again(Context const& context, DesiredGroup const& desired,
                                  WritableGroup const& group, Wanted const& wanted, Granted const& granted,
                                  GroupDoubts const& doubts);

/// A group of ours that no call may change, or that the target does not list.
struct StuckGroup {
  ManagedGroup const* managed;
  TargetGroup const* read;      // null: the target does not list it
  DesiredGroup const* desired;  // null: no source feeds it
  Notice why;
};

/// The removals that are due there, each blocked; when there is none, the notice.
GroupDraft blocked_in(Context const& context, StuckGroup const& stuck, Matches& matches);

/// Of a group on which its rules disagree. Who is gone or disabled leaves; what else is due by all of the
/// rules is blocked. `stuck`: with what the target lists and the rules want.
GroupDraft between_rules(Context const& context, StuckGroup const& stuck, Matches& matches);

/// Groups of ours that the target does not list; those that are deleted for certain are not among them.
std::vector<ManagedGroup const*> hidden_groups(Context const& context);
Notice hidden_notice(Context const& context, ManagedGroup const& managed);
/// Of one that the target does not list.
bool is_deleted(Context const& context, ManagedGroup const& managed);
/// The same by the target's own word, which not every target's is worth.
bool is_said_to_be_deleted(Context const& context, ManagedGroup const& managed);

}  // namespace dirsync::plan
