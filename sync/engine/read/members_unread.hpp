#pragma once
// Members that a directory may have which was not read.
#include <map>
#include <optional>
#include <string>

#include "sync/engine/setup.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::engine {

/// "cn=a,... names \"cn=b,...\"": the first value found in a group that feeds the target, directly or by
/// nesting, which names nothing that was read and may name an entry of `unread`. Nothing: there is none.
/// `snapshots`: all that were read, after resolve_elsewhere().
std::optional<std::string> member_of_unread(Setup const& setup,
                                            std::map<std::string, Snapshot> const& snapshots,
                                            std::string const& target, std::string const& unread);

}  // namespace dirsync::engine
