#pragma once
// What takes one change of a run back, or why it is left.
#include <map>
#include <set>
#include <string>

#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// As LeftChange has them.
struct Because {
  std::string code, text;
};
template <class T>
using OrBecause = boost::system::result<T, Because>;

/// Of an addition or removal of run `run`. A membership is taken back while it is as that run left it; access
/// is given back to nobody who is gone or disabled.
OrBecause<Drafted> take_back_membership(Context const& context, PastChange const& past, RunId run);

/// Ids of the members that the same undo takes out, by group id.
using Leaving = std::map<std::string, std::set<std::string>>;

/// Of a change of a group. One that was created goes once nobody else is in it; one that was deleted had no
/// members, and is created again without.
OrBecause<Drafted> take_back_group(Context const& context, PastChange const& past, RunId run,
                                   Leaving const& leaving);

/// The group of `past`, where it is ours and there. Shared by the two.
OrBecause<WritableGroup> group_to_change(Context const& context, PastChange const& past);

}  // namespace dirsync::plan
