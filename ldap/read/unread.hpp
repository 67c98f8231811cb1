#pragma once
#include <vector>

#include "ldap/read/read_context.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::ldap {

/// Entries that member values may name and that were not read for what they are: groups of classes that
/// groups.classes leaves out and, where a value names nothing that was read, aliases; of what else the values
/// name the first few. Searched for where groups and people are read, and only where there may be any.
/// Blocks. Errors: LdapErrc. Thread: that of `context.connection`.
Result<std::vector<UnreadEntry>> read_unread(ReadContext const& context, Snapshot const& snapshot);

}  // namespace dirsync::ldap
