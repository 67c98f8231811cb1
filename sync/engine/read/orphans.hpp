#pragma once
#include <string>

#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// Whether the target holds what came from that directory by a rule that does not name it: one that is no
/// longer configured, or one whose groups name people of other directories. Who left it must still be told
/// from who is not seen. Errors: the journal's.
Result<bool> has_members_from(Setup const& setup, std::string const& target, std::string const& directory);

}  // namespace dirsync::engine
