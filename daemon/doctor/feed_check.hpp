#pragma once
// How the service follows a directory's changes, and what would make it better.
#include "daemon/config/config.hpp"
#include "daemon/doctor/check.hpp"
#include "ldap/feed/ldap_feed.hpp"

namespace dirsync::doctor {

/// Begins to follow as the service does, up to the first answer. Blocks, at most as long as timeouts.total of
/// `settings`, with an event loop of its own. Errors: LdapErrc; timed_out.
Result<ldap::FeedChoice> look_at_feed(ldap::Settings const& settings);

/// The check "feed". `flavour`: of the server that answered.
void judge_feed(Result<ldap::FeedChoice> const& found, ldap::Flavour flavour, CheckList& checks);

}  // namespace dirsync::doctor
