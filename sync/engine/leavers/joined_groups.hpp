#pragma once
// Memberships that begin because people came to a directory's group, found in that group's own list. Inside
// this folder.
#include <boost/asio/awaitable.hpp>

#include "sync/engine/leavers/group_lists.hpp"
#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/plan/diff/leavers_draft.hpp"

namespace dirsync::engine {

/// Who came to `lists`, and what of targets these groups alone feed; their users are not known yet. None at
/// all while anything but that may follow from what was told since the last whole run, or something waits for
/// a person, or was taken back, so that the next one might be held. `books` learns what else may follow.
/// `departures`: of the same lists. Errors: the journal's.
boost::asio::awaitable<Result<plan::Arrivals>> find_arrivals(RunContext const& context, LeaverBooks& books,
                                                             Queries const& queries,
                                                             ListsByDirectory const& lists,
                                                             plan::Departures const& departures);

/// Keeps those who have in the directory, as it is now, the DN by which they were named, that nobody else
/// had, and that was the DN of one user of the target; with that user; and whom nothing kept out. The others
/// `books` expects of the whole run.
void find_users_of(plan::Arrivals& arrivals, plan::Input const& input, LeaverBooks& books);

/// Keeps those whose users were read, under the name that they had: nobody else had it.
void keep_same_users(plan::Arrivals& arrivals, Reads const& reads, LeaverBooks const& books);

}  // namespace dirsync::engine
