#pragma once
// Who leaves a group, and whether that is certain enough: the table "Absence" of docs/architecture.md.
#include "sync/plan/diff/doubts.hpp"
#include "sync/plan/diff/foreign.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// What the reads say of a member who is not wanted.
struct Evidence {
  Disabled disabled = {};  // every entry that could give the membership is; not so: one is not
  bool not_found = false;  // no entry of the person was read
  /// Of the person's entries that were not read; nothing when all were.
  std::optional<Absence> missing = std::nullopt;
  std::string left = {};   // the person's entry is there: why it gives nothing
  std::string doubt = {};  // why nobody can tell whether a group still means them; empty: it is certain
  /// How often that doubt has stood; there when `doubt` is.
  std::optional<Absence> doubted = std::nullopt;
  /// Since when they say so, as far as the server tells; decides nothing.
  std::optional<Time> since = std::nullopt;
};

/// What follows from it.
struct Certainty {
  Cause cause = Cause::left;
  bool confirmed = true;  // false: it waits for further reads
  std::string why;
  std::optional<Time> since = std::nullopt;  // as Evidence::since
};

/// Pure: the rows of the table, in their order.
Certainty certainty_of(Evidence const& evidence);

/// A grant whose member is not wanted.
struct Departure {
  DesiredGroup const& desired;
  Wanted const& wanted;
  GroupDoubts const& doubts;
  Grant const& grant;
};

/// `change`: of the member. One that is not confirmed waits, be it blocked or not.
Drafted removal_of_grant(Context const& context, Departure const& one, Change change);

/// Removals of users whom the rules do not want, ours and foreign. `all_nested`: with as = "group", every
/// source was seen to be a member itself.
GroupDraft removals(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                    Wanted const& wanted, Granted const& granted, GroupDoubts const& doubts, bool all_nested);

/// Lets a removal wait, or be approved, while a group that may have given the membership is lost.
void wait_for_lost_groups(Context const& context, DesiredGroup const& desired, GroupDoubts const& doubts,
                          Change& change, std::vector<Reason>& holds);

}  // namespace dirsync::plan
