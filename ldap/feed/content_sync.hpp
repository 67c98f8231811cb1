#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ldap/feed/follower.hpp"

namespace dirsync::ldap {

/// Follows OpenLDAP and 389-ds by content synchronisation (RFC 4533, refreshAndPersist), one search for each
/// base, all on the one connection: the server tells each change at once, and nothing is asked meanwhile but
/// for a sign of life after `idle`. Tells deletions, and entries that no longer fit the filter, as deleted. A
/// change of a group carries the whole group. Parts of the answer that other servers hold are not followed.
/// `cookie`: of an earlier feed, or empty. The refresh is over when this returns; without a cookie it brings
/// all entries once, of which fingerprints are kept alone. `settings` must outlive it, as must what the
/// connection was opened with. Errors: LdapErrc; permanent ones where the server does not offer it here.
/// Blocks; thread: that of `connection`.
Result<std::unique_ptr<Follower>> follow_by_content_sync(Connection connection, Settings const& settings,
                                                         FeedScope const& scope, std::string cookie);

// Pure functions: any thread.

/// Cookies of the searches, in the order of the bases, as the position of a FeedCookie. Empty when one is.
std::string to_position(std::vector<std::string> const& cookies);
/// Nothing when `position` is none of `count` cookies.
std::optional<std::vector<std::string>> cookies_of(std::string_view position, std::size_t count);

}  // namespace dirsync::ldap
