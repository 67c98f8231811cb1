#pragma once
// Members of a group of ours that dirsyncd did not put there.
#include "sync/plan/diff/doubts.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// Reported or removed as the rule says; "remove" reaches only people of the rule's directory.
GroupDraft foreign_member(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                          Wanted const& wanted, GroupDoubts const& doubts, std::uint32_t user);

/// Nested groups and members of an unknown kind: never removed. `wanted`: members that stand for a source.
std::vector<Notice> foreign_others(DesiredGroup const& desired, WritableGroup const& group,
                                   Granted const& granted, std::set<OtherMember const*> const& wanted);

/// Why an account gives nothing.
struct Disabled {
  std::string why;           // empty: it is enabled
  bool only_locked = false;  // which anybody can bring about who types wrong passwords
  bool is_so() const { return !why.empty(); }
};

/// With a bridge, either side disables.
Disabled why_disabled(Context const& context, DesiredGroup const& desired, PersonRef const& person);

}  // namespace dirsync::plan
