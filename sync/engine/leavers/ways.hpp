#pragma once
// Which groups of targets somebody joins who comes to a directory's group. Inside this folder.
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/engine/leavers/group_lists.hpp"
#include "sync/engine/leavers/leavers.hpp"

namespace dirsync::engine {

struct Way {
  FedGroup fed;
  std::string source, path;     // DN of the group that feeds it; "cn=a,... > cn=b,...", down to the list's
  std::optional<Time> changed;  // when a server changed one of these groups last
};

/// Those that are certain: into targets that are tried, by rules and groups that are what they were. Groups
/// above the list are read again, unless there are large ones among them, and so is who is in which of them.
/// Errors: the journal's.
boost::asio::awaitable<Result<std::vector<Way>>> find_ways(ListSearch const& search,
                                                           SourceDirectory const& directory,
                                                           ComparedList const& list,
                                                           LeaverBooks const& books);

}  // namespace dirsync::engine
