#pragma once
#include <memory>
#include <string>

#include "ldap/feed/follower.hpp"
#include "sync/model/time.hpp"

namespace dirsync::ldap {

/// Follows any server by asking once a second, where nothing changes once in three, and less often where that
/// takes long (waiting.hpp), what has a newer modifyTimestamp (RFC 4512, 3.4.2), and now and then what has
/// one that is no newer (Overlap). Does not tell deletions, entries that no longer fit the filter, nor those
/// that a server's clock of long ago stamped. Times are the server's own, from the entries seen; to begin
/// with, one search sees those of all entries. `cookie`: of an earlier feed, or empty. `settings` must
/// outlive it, as must what the connection was opened with. Errors: LdapErrc::not_readable: entries show no
/// modifyTimestamp; refused: the server does not compare it; as search_all() and find_flavour(). Blocks;
/// thread: that of `connection`.
Result<std::unique_ptr<Follower>> follow_by_timestamp(Connection connection, Settings const& settings,
                                                      FeedScope const& scope, std::string cookie);

// Pure functions: any thread.

/// From when on to ask again where `newest` is the newest time that an entry showed, and `now` our clock's: a
/// second is not over while it runs, and a replica has changes later than it stamps others of its own. So
/// some seconds before. Our own clock never leads on: it only holds back where an entry is stamped in the
/// future, as nothing would be newer than that until then.
UtcTime overlapping(UtcTime newest, UtcTime now);

/// The entries of `scope` that were changed at `since`, by whole seconds, or later.
std::string timestamp_filter(FeedScope const& scope, UtcTime since);

}  // namespace dirsync::ldap
