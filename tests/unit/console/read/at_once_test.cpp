// Reads with several calls out at the same time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::Method;
using testing::HasSubstr;

struct Traffic {
  int out = 0, most = 0;
  std::vector<std::string> paths;  // as asked for

  long count(std::string_view beginning) const {
    return std::ranges::count_if(paths,
                                 [beginning](auto const& path) { return path.starts_with(beginning); });
  }
};

/// Its answers overtake one another.
class BusyClient final : public http::Client {
 public:
  BusyClient(test::FakeConsole& console, Traffic& traffic) : console_(console), traffic_(traffic) {}
  boost::asio::awaitable<Result<http::Response>> send(http::Request request) override {
    traffic_.most = std::max(traffic_.most, ++traffic_.out);
    traffic_.paths.push_back(request.path);
    auto const executor = co_await boost::asio::this_coro::executor;
    for (auto turns = 1 + traffic_.paths.size() * 7 % 5; turns > 0; --turns)
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    auto answer = console_.handle(request);
    --traffic_.out;
    co_return answer;
  }
  void forget_cookies() override {}

 private:
  test::FakeConsole& console_;
  Traffic& traffic_;
};

/// 40 groups more, one of which has members on several pages; 150 users more.
class GivenABusyConsole : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenABusyConsole() {
    for (int n = 0; n < 40; ++n) console.groups["x" + std::to_string(n)] = {"X" + std::to_string(n)};
    for (int n = 0; n < 150; ++n)
      console.users["y" + std::to_string(n)] = {"y" + std::to_string(n) + "@example.com",
                                                {"x1", "x" + std::to_string(n % 40)}};
  }
  Result<Observed> read_with(int at_once) {
    traffic = {};
    settings.http.pace = {at_once, 0};
    target = std::move(
        ConsoleTarget::open(settings, std::make_unique<BusyClient>(console, traffic), clock).value());
    return read();
  }
  static void expect_same(Result<Observed> const& left, Result<Observed> const& right) {
    ASSERT_TRUE(left && right);
    ASSERT_EQ(left->users.size(), right->users.size());
    ASSERT_EQ(left->groups.size(), right->groups.size());
    for (std::size_t at = 0; at < left->users.size(); ++at)
      EXPECT_EQ(left->users[at].id, right->users[at].id);
    for (std::size_t at = 0; at < left->groups.size(); ++at) {
      EXPECT_EQ(left->groups[at].id, right->groups[at].id);
      EXPECT_EQ(left->groups[at].users, right->groups[at].users) << left->groups[at].name;
    }
    EXPECT_EQ(left->certificate.entries, right->certificate.entries);
    EXPECT_EQ(left->certificate.values, right->certificate.values);
  }
  Traffic traffic;
};

TEST_F(GivenABusyConsole, WhenReadThenAsManyCallsAreOutAsThePaceSaysAndWhatIsReadIsTheSame) {
  auto const alone = read_with(1);
  EXPECT_EQ(traffic.most, 1);
  auto const calls = traffic.paths.size();
  auto const together = read_with(8);
  EXPECT_GE(traffic.most, 8);  // the client keeps the pace of all of them
  EXPECT_EQ(traffic.paths.size(), calls);
  expect_same(alone, together);
  EXPECT_EQ(alone->certificate.searches, together->certificate.searches);
  EXPECT_EQ(alone->certificate.pages, together->certificate.pages);
  EXPECT_EQ(alone->certificate.values, 152U + 150U - 4U);  // who is in x1 by both ways is there once
}

TEST_F(GivenABusyConsole, WhenReadThenUsersComeAfterAllGroupsAndMembers) {
  ASSERT_TRUE(read_with(8));
  auto const users =
      std::ranges::find_if(traffic.paths, [](auto const& path) { return path.starts_with("/api/users?"); });
  EXPECT_TRUE(std::all_of(users, traffic.paths.end(),
                          [](auto const& path) { return path.starts_with("/api/users?"); }));
  EXPECT_EQ(traffic.paths.end() - users, 6);
}

TEST_F(GivenABusyConsole, WhenConsoleGroupsAreMissingThenThisIsAskedOnceAndTheNextWayIsNotSkipped) {
  auto const expected = read_with(8);
  console.console_groups = false;
  expect_same(read_with(8), expected);
  EXPECT_EQ(traffic.count("/api/console-groups/"), 1);
  EXPECT_EQ(traffic.count("/api/users/"), 0);
}

TEST_F(GivenABusyConsole, WhenAWayEndsInTheMiddleThenTheNextOneIsNotSkippedEither) {
  auto const expected = read_with(8);
  console.next(Method::get, "/api/console-groups/x20/users", [this](auto const& request) {
    console.console_groups = false;
    return console.work(request);
  });
  auto const changed = read_with(8);
  expect_same(changed, expected);
  EXPECT_GT(traffic.count("/api/groups/x3/members"), 0);
  EXPECT_EQ(traffic.count("/api/users/"), 0);
}

TEST_F(GivenABusyConsole, WhenThereIsNoMemberListThenEveryUserIsReadOnceHoweverManyGroupsWait) {
  auto const expected = read_with(8);
  console.console_groups = console.group_members = false;
  auto const by_user = read_with(8);
  expect_same(by_user, expected);
  EXPECT_EQ(traffic.count("/api/users/"), 153);
  EXPECT_EQ(traffic.most, 8);
}

TEST_F(GivenABusyConsole, WhenOneGroupFailsThenTheErrorNamesItAndNoOtherIsBegun) {
  console.next(Method::get, "/api/console-groups/x1/users",
               [](auto const&) { return test::refused(403, "Permission denied"); });
  auto const observed = read_with(4);
  ASSERT_FALSE(observed);
  EXPECT_THAT(observed.error().context, HasSubstr("group X1"));
  EXPECT_LT(traffic.count("/api/console-groups/"), 20);
  EXPECT_EQ(traffic.count("/api/users"), 0);
}

TEST_F(GivenABusyConsole, WhenAPageThatIsReadAheadFailsThenNothingIsObserved) {
  console.always(Method::get, "/api/users", [this](http::Request const& request) -> Result<http::Response> {
    if (request.path.find("page.number=4&") != std::string::npos) return test::answer(500, "[]");
    return console.work(request);
  });
  EXPECT_FALSE(read_with(8));
}

}  // namespace
}  // namespace dirsync::console
