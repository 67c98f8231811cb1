#pragma once
// Memberships that end because people left a directory's group, found in that group's own list.
#include <boost/asio/awaitable.hpp>

#include "sync/engine/leavers/group_lists.hpp"
#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/plan/diff/leavers_draft.hpp"

namespace dirsync::engine {

/// Whom `lists` name no more, and what of theirs in targets came through there and by no other way. That goes
/// to `held` as well. As far as it is certain: the list was there at the last whole run, what came to it
/// meanwhile names nobody new, and no group that is above another source names the person in any of the
/// directories. All else is left to the whole run, and so are more of them since the last one than
/// Limits::Confirm lets go unconfirmed; then nobody joins ahead of it either. Errors: the journal's.
boost::asio::awaitable<Result<plan::Departures>> find_departures(RunContext const& context,
                                                                 LeaverBooks& books, Queries const& queries,
                                                                 ListsByDirectory const& lists, Ours& held);

}  // namespace dirsync::engine
