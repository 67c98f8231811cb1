#pragma once
// The people of a run of leavers, read by themselves. Inside this folder.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

using Queries = std::map<std::string, DirectoryQuery>;  // by directory

/// That a run of leavers does nothing more, and why; of level debug, for the whole run tells what matters.
void leave_to_whole_run(RunContext const& context, std::string const& why);

/// Targets whose users are told by DNs, which the last whole run read, and that are tried now.
std::set<std::string> targets_to_look_at(RunContext const& context, LeaverBooks const& books);

/// Whether the server is the one of the last accepted read, and has not gone back since: another one may not
/// have heard of what this one says, or say what is no longer so. Errors: the journal's.
Result<bool> goes_on(Journal& journal, std::string const& directory, Snapshot const& now);

/// Reads these people in every directory that the last whole run read: only so is it known where an entry is
/// not. False: one of them could not be read, does not go on from its last accepted read, or is another
/// server. Errors: the journal's.
boost::asio::awaitable<Result<bool>> read_leaving_people(RunContext const& context, LeaverBooks const& books,
                                                         Queries const& queries, std::vector<EntryId> ids,
                                                         Reads& reads);

/// Looks for those who have something and were not found, as far as a look may still confirm that they are
/// gone, and whether a group still names them; the answers go to `input.facts`. Errors: the journal's.
boost::asio::awaitable<Result<void>> look_for_leaving_people(RunContext const& context, LeaverBooks& books,
                                                             Queries const& queries, Ours const& held,
                                                             plan::Input& input);

}  // namespace dirsync::engine
