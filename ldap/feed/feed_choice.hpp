#pragma once
#include <string>
#include <vector>

#include "sync/ports/feed.hpp"

namespace dirsync::ldap {

/// How a directory's changes are followed, and why not in a better way.
struct FeedChoice {
  FeedKind kind = FeedKind::none;
  std::vector<std::string> passed_over;  // "dirsync: why not", best first
};

}  // namespace dirsync::ldap
