#pragma once
// Where a feed can be gone on with: a JSON document, which the store keeps.
#include <optional>
#include <string>
#include <string_view>

#include "ldap/feed/follower.hpp"

namespace dirsync::ldap {

struct FeedCookie {
  FeedKind kind = FeedKind::none;
  std::string server;    // whose position it is: nothing of another server can be compared with it
  std::string scope;     // scope_digest()
  std::string position;  // as the kind of feed writes it; UTF-8
  friend bool operator==(FeedCookie const&, FeedCookie const&) = default;
};

// Pure functions: any thread.

std::string to_document(FeedCookie const& cookie);
/// Nothing when `document` is none.
std::optional<FeedCookie> parse_feed_cookie(std::string_view document);

/// Stands for what is followed, the order of bases and attributes included.
std::string scope_digest(FeedScope const& scope);

/// Whether a feed can go on at a cookie.
struct Resumption {
  std::string position;
  std::string why_not;  // empty: it can. Otherwise for people, and `position` is empty
};
/// `document`: of an earlier feed, empty if there was none. `own`: what the new one follows; its position
/// does not count.
Resumption resume_at(std::string_view document, FeedCookie const& own);

}  // namespace dirsync::ldap
