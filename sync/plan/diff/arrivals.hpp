#pragma once
// Who joins at once: people whom a group of the directory names since the last whole run.
#include <map>
#include <optional>
#include <string>

#include "sync/plan/diff/context.hpp"
#include "sync/plan/diff/draft.hpp"
#include "sync/plan/diff/membership.hpp"

namespace dirsync::plan {

/// The directory's group whose list names the person now, and what it feeds.
struct ArrivalOf {
  std::string directory;
  EntryId list;                 // of the group that names them
  std::string dn;               // of the same
  std::string source, path;     // DN of the group that feeds the target's; DNs from there down to `dn`
  std::optional<Time> changed;  // when a server changed one of these last
  ManagedGroup group;           // of ours in the target; fed by one rule, and by `source` alone
  std::string user_id;          // of the target's user who had the person's DN; empty: not known yet
};
using Arrivals = std::map<Membership, ArrivalOf>;

/// The addition that a draft from reads of everything would have for the person; nothing: these reads do not
/// show for certain that it would have one. So it is for whoever is not enabled, or excluded by the rule, or
/// may be joined with an entry that was not looked for; for one whom not the DN alone tells to be
/// `came.user_id`; for a user of the target that no call may add; and for who is a member already.
/// `context`: views have people alone, the target the group and the user.
std::optional<Drafted> arrival(Context const& context, WritableGroup const& group,
                               ManagedGroup const& managed, EntryId const& person, ArrivalOf const& came);

}  // namespace dirsync::plan
