#pragma once
// Directory groups as members of target groups: rules with as = "group", and what such a rule left behind.
#include "sync/plan/diff/doubts.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {

/// Members that stand for a source of their group.
struct StandIns {
  std::map<OtherMember const*, SourceTree const*> by_member;
  std::vector<SourceTree const*> missing;  // sources without one, each group once
  std::set<OtherMember const*> members() const;
};

/// Nothing stands for anything unless the rule says as = "group".
StandIns stand_ins(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                   Granted const& granted);

/// Of sources that are not members yet.
GroupDraft group_additions(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                           StandIns const& nested);

/// As removal_of_grant(), of a Directory group.
Drafted removal_of_nested(Context const& context, Departure const& one, Change change);

/// Of nested groups that we put there and that nothing wants any more.
GroupDraft group_removals(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                          Wanted const& wanted, Granted const& granted, GroupDoubts const& doubts);

/// Memberships of wanted Directory groups that were found, not made.
std::vector<Grant> found_stand_ins(WritableGroup const& group, StandIns const& nested,
                                   Granted const& granted);

}  // namespace dirsync::plan
