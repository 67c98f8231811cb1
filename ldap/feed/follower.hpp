#pragma once
// One way to follow the changes of a directory, over one connection.
#include <string>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::ldap {

/// What is followed: entries below the bases that fit the filter.
struct FeedScope {
  std::vector<std::string> bases;  // none below another; all subtrees
  std::string filter;
  /// Of interest: a change of others is no news. Lower case; the id is asked for as well.
  std::vector<std::string> attributes;
};

/// Blocks, on the thread of its connection. Ends with an error when the connection ends, and is of no use
/// then.
class Follower {
 public:
  virtual ~Follower() = default;
  virtual FeedKind kind() const = 0;
  /// As Feed::next(), of one connection. Errors: LdapErrc.
  virtual Result<FeedNews> next() = 0;
};

}  // namespace dirsync::ldap
