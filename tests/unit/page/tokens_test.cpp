// Who may decide by the page.
#include "daemon/page/tokens.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "daemon/control/events.hpp"

namespace dirsync::page {
namespace {
using testing::SizeIs;

struct GivenATokenOfAnOpenConnection : testing::Test {
  static constexpr uid_t kAnn = 1000, kBob = 1001;
  boost::asio::io_context io{1};
  std::shared_ptr<control::EventFeed> feed = std::make_shared<control::EventFeed>(io.get_executor());
  Tokens tokens;
  std::string token = tokens.issue(feed, kAnn).value();
};

TEST_F(GivenATokenOfAnOpenConnection, WhenItsAccountShowsItThenItHolds) {
  EXPECT_THAT(token, SizeIs(64));
  EXPECT_TRUE(tokens.holds(token, kAnn));
  EXPECT_NE(tokens.issue(feed, kAnn).value(), token);
}

TEST_F(GivenATokenOfAnOpenConnection, WhenAnybodyElseShowsItOrItIsAnotherThenItDoesNot) {
  EXPECT_FALSE(tokens.holds(token, kBob));
  EXPECT_FALSE(tokens.holds(token, std::nullopt));
  EXPECT_FALSE(tokens.holds("", kAnn));
  EXPECT_FALSE(tokens.holds(token.substr(1), kAnn));
  EXPECT_FALSE(tokens.holds(std::string(64, '0'), kAnn));
}

TEST_F(GivenATokenOfAnOpenConnection, WhenTheConnectionEndsThenItDoesNot) {
  feed->end();
  EXPECT_FALSE(tokens.holds(token, kAnn));
}

TEST_F(GivenATokenOfAnOpenConnection, WhenNobodyReadsTheFeedAnyMoreThenItDoesNot) {
  feed.reset();
  EXPECT_FALSE(tokens.holds(token, kAnn));
}

}  // namespace
}  // namespace dirsync::page
