#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/feed/follower.hpp"
#include "ldap/flavour.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// All that a read of `query` would look at on the connected server: more than that where the base of one
/// kind of entries holds some that only the other one's filter fits. Errors: LdapErrc::bad_setup, as
/// group_classes(); as read_schema(). Blocks; thread: that of `connection`.
Result<FeedScope> read_feed_scope(Connection& connection, Settings const& settings, Flavour flavour,
                                  DirectoryQuery const& query);

// Pure functions: any thread.

/// `group_classes`: the filter that every group fits, before groups.filter.
FeedScope feed_scope(Settings const& settings, FlavourTraits const& flavour, std::string_view group_classes,
                     DirectoryQuery const& query);

/// Without those that are, or are below, another one. One that does not parse stays.
std::vector<std::string> top_bases(std::vector<std::string> const& bases);

}  // namespace dirsync::ldap
