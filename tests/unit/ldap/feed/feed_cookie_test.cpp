#include "ldap/feed/feed_cookie.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

struct GivenAFeedsCookie : testing::Test {
  FeedScope const scope{
      {"ou=people,dc=example,dc=com", "ou=groups,dc=example,dc=com"}, "(cn=*)", {"cn", "mail"}};
  FeedCookie const cookie{FeedKind::usn_poll, "invocation 0a\"1b", scope_digest(scope), "4711"};

  FeedCookie own() const {
    auto own = cookie;
    own.position.clear();
    return own;
  }
};

TEST_F(GivenAFeedsCookie, WhenWrittenAndReadThenTheSame) {
  EXPECT_EQ(parse_feed_cookie(to_document(cookie)), cookie);
  for (auto const kind : {FeedKind::syncrepl, FeedKind::content_sync, FeedKind::dirsync, FeedKind::usn_poll,
                          FeedKind::timestamp_poll}) {
    auto other = cookie;
    other.kind = kind;
    EXPECT_EQ(parse_feed_cookie(to_document(other)), other);
  }
}

TEST_F(GivenAFeedsCookie, WhenItIsNoneThenNothing) {
  auto const whole = to_document(cookie);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_feed_cookie(whole.substr(0, size))) << size;
  for (auto const* const document : {"[]", "{}", "4711", R"({"kind":"usn-poll","server":"s","scope":"d"})",
                                     R"({"kind":"usn-poll","server":"s","scope":"d","position":""})",
                                     R"({"kind":"usn-poll","server":"s","scope":"d","position":4711})",
                                     R"({"kind":"none","server":"s","scope":"d","position":"1"})",
                                     R"({"kind":"guess","server":"s","scope":"d","position":"1"})"})
    EXPECT_FALSE(parse_feed_cookie(document)) << document;
}

TEST_F(GivenAFeedsCookie, WhenTheSameIsFollowedThenItGoesOnThere) {
  auto const resumption = resume_at(to_document(cookie), own());
  EXPECT_EQ(resumption.position, "4711");
  EXPECT_EQ(resumption.why_not, "");
}

TEST_F(GivenAFeedsCookie, WhenSomethingElseIsFollowedThenItDoesNotGoOn) {
  auto other_kind = own(), other_server = own(), other_scope = own();
  other_kind.kind = FeedKind::dirsync;
  other_server.server = "invocation 2c";
  other_scope.scope = scope_digest({{"dc=example,dc=com"}, "(cn=*)", {"cn"}});
  for (auto const& other : {other_kind, other_server, other_scope}) {
    auto const resumption = resume_at(to_document(cookie), other);
    EXPECT_EQ(resumption.position, "");
    EXPECT_NE(resumption.why_not, "");
  }
  for (auto const* const document : {"", "4711"}) {
    auto const resumption = resume_at(document, own());
    EXPECT_EQ(resumption.position, "");
    EXPECT_NE(resumption.why_not, "");
  }
}

TEST_F(GivenAFeedsCookie, WhenAnyPartOfTheScopeIsAnotherThenSoIsItsDigest) {
  auto fewer_bases = scope, another_filter = scope, more_attributes = scope, base_for_filter = scope;
  fewer_bases.bases.pop_back();
  another_filter.filter = "(uid=*)";
  more_attributes.attributes.emplace_back("uid");
  base_for_filter.bases.pop_back();
  base_for_filter.filter = scope.bases.back();
  base_for_filter.attributes.insert(base_for_filter.attributes.begin(), scope.filter);
  for (auto const& other : {fewer_bases, another_filter, more_attributes, base_for_filter})
    EXPECT_NE(scope_digest(other), scope_digest(scope));
  EXPECT_EQ(scope_digest(FeedScope{scope}), scope_digest(scope));
}

}  // namespace
}  // namespace dirsync::ldap
