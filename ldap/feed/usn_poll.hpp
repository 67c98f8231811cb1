#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "ldap/feed/follower.hpp"

namespace dirsync::ldap {

/// Follows an Active Directory by asking once a second, or less often where that takes long (waiting.hpp),
/// what has a higher uSNChanged than before ([MS-ADTS] 3.1.1.1.9), if the server committed anything at all.
/// Needs no rights beyond those of a read. Deletions come from the tombstones, where the account may read
/// them; where it may not they are not told. An entry that no longer fits the filter is not told either, nor
/// are those below a container that was renamed.
/// `cookie`: of an earlier feed, or empty. `settings` must outlive it, as must what the connection was opened
/// with. Errors: LdapErrc::refused: the server shows no highestCommittedUSN; as read_change_numbers().
/// Blocks; thread: that of `connection`.
Result<std::unique_ptr<Follower>> follow_by_usn(Connection connection, Settings const& settings,
                                                FeedScope const& scope, std::string cookie);

/// The entries of `scope` with a higher number than `last`.
std::string usn_filter(FeedScope const& scope, std::int64_t last);

}  // namespace dirsync::ldap
