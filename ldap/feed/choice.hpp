#pragma once
#include <memory>
#include <string>
#include <vector>

#include "ldap/connect/stop.hpp"
#include "ldap/feed/feed_choice.hpp"
#include "ldap/feed/follower.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

struct ChosenFollower {
  std::unique_ptr<Follower> follower;
  FeedChoice choice;
};

/// Begins to follow all that a read of `query` would look at, in the best way that server and rights allow:
/// the best one is tried, and the next one where the error of it is permanent. `cookie`: of an earlier feed,
/// or empty. `settings` and `stop` must outlive the follower. Errors: LdapErrc: one that may pass, the
/// bind's, or that of the last way, with all of them in the context. Blocks; thread: that of the follower.
Result<ChosenFollower> choose_follower(Settings const& settings, DirectoryQuery const& query,
                                       std::string const& cookie, Stop& stop);

}  // namespace dirsync::ldap
