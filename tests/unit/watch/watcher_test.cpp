#include "daemon/watch/watcher.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "ldap/errors.hpp"
#include "tests/support/fakes/fake_clock.hpp"
#include "tests/support/fakes/fake_feed.hpp"
#include "tests/support/fakes/recording_monitor.hpp"

namespace dirsync::watch {
namespace {
namespace asio = boost::asio;

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using What = FeedState::What;

TEST(GivenAFeedThatFails, WhenItIsTriedAgainThenAfterLongerPausesUpToAMinute) {
  std::vector<std::chrono::milliseconds> pauses;
  for (std::uint64_t failures = 1; failures <= 8; ++failures) pauses.push_back(pause_after(failures, {}));
  EXPECT_THAT(pauses, ElementsAre(1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s));
  EXPECT_EQ(pause_after(1'000'000, {}), 60s);
}

/// Of the directories "corp" and "lab"; a feed that fails is tried again at once.
struct GivenTwoFeeds : testing::Test {
  GivenTwoFeeds() {
    Feeds feeds;
    feeds.emplace("corp", std::make_unique<fake::FakeFeed>(io.get_executor()));
    feeds.emplace("lab", std::make_unique<fake::FakeFeed>(io.get_executor()));
    corp = static_cast<fake::FakeFeed*>(feeds.at("corp").get());
    lab = static_cast<fake::FakeFeed*>(feeds.at("lab").get());
    watcher.follow(std::move(feeds));
  }
  ~GivenTwoFeeds() override { stop(); }
  GivenTwoFeeds(GivenTwoFeeds const&) = delete;
  GivenTwoFeeds& operator=(GivenTwoFeeds const&) = delete;

  template <class Condition>
  bool comes(Condition const& condition) {
    auto const end = std::chrono::steady_clock::now() + 30s;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(10ms);
    }
    return condition();
  }
  void stop() {
    auto ended = false;
    asio::co_spawn(io, watcher.stop(), [&ended](std::exception_ptr) { ended = true; });
    EXPECT_TRUE(comes([&ended] { return ended; }));
  }
  static FeedNews news(std::string cookie) {
    return {.events = {}, .look_everywhere = "begin", .cookie = std::move(cookie)};
  }
  static Error down(std::string why) {
    return {make_error_code(boost::system::errc::connection_refused), std::move(why)};
  }
  FeedState of(std::string const& directory) const { return watcher.states().at(directory); }

  asio::io_context io{1};
  fake::RecordingMonitor monitor;
  fake::FakeClock clock;
  std::vector<std::string> told;
  int defects = 0;
  Watcher watcher{
      io.get_executor(),
      monitor,
      clock,
      {.on_news = [this](std::string const& directory, FeedNews const&) { told.push_back(directory); },
       .on_state = [] {},
       .on_failure = [this](std::exception_ptr) { ++defects; }},
      {.first = 0ms, .longest = 1h}};
  fake::FakeFeed *corp = nullptr, *lab = nullptr;
};

TEST_F(GivenTwoFeeds, WhenNoneHasAnsweredThenTheyAreStarting) {
  EXPECT_TRUE(comes([this] { return corp->asked == 1 && lab->asked == 1; }));
  EXPECT_FALSE(watcher.have_all_answered());
  EXPECT_EQ(of("corp").what, What::starting);
  EXPECT_EQ(of("corp").since, clock.time);
  EXPECT_THAT(watcher.cookies(), IsEmpty());
}

TEST_F(GivenTwoFeeds, WhenOneAnswersThenItIsFollowedAndAskedAgainAtOnce) {
  corp->answer(news("1"));
  corp->answer(news("2"));
  ASSERT_TRUE(comes([this] { return corp->asked == 3; }));
  EXPECT_THAT(told, ElementsAre("corp", "corp"));
  EXPECT_EQ(of("corp"), (FeedState{What::following, FeedKind::syncrepl, clock.time}));
  EXPECT_EQ(monitor.count("feed_up"), 1);
  EXPECT_EQ(watcher.cookies().at("corp").cookie, "2");
  EXPECT_FALSE(watcher.cookies().contains("lab"));
  EXPECT_FALSE(watcher.have_all_answered());
}

TEST_F(GivenTwoFeeds, WhenOneFailsThenThatIsToldOnceAndTheOtherGoesOn) {
  corp->answer(news("1"));
  ASSERT_TRUE(comes([this] { return corp->asked == 2; }));
  corp->answer(down("first"));
  corp->answer(down("second"));
  lab->answer(news("7"));
  ASSERT_TRUE(comes([this] { return corp->asked == 4 && lab->asked == 2; }));
  EXPECT_EQ(of("corp").what, What::down);
  EXPECT_THAT(of("corp").reason, testing::HasSubstr("second"));
  EXPECT_EQ(of("lab").what, What::following);
  EXPECT_EQ(monitor.count("feed_down"), 1);
  EXPECT_TRUE(watcher.have_all_answered());
  EXPECT_EQ(watcher.cookies().at("corp").cookie, "1") << "what it told before still counts";

  clock.time += 1min;
  corp->answer(news("2"));
  ASSERT_TRUE(comes([this] { return corp->asked == 5; }));
  EXPECT_EQ(of("corp"), (FeedState{What::following, FeedKind::syncrepl, clock.time}));
  EXPECT_EQ(monitor.count("feed_up"), 3) << "corp twice, lab once";
}

TEST_F(GivenTwoFeeds, WhenOneComesBackAndHasNothingToTellThenItIsFollowedAllTheSame) {
  corp->answer(down("gone"));
  ASSERT_TRUE(comes([this] { return corp->asked == 2; }));
  ASSERT_EQ(of("corp").what, What::down);
  corp->answer(FeedNews{});
  ASSERT_TRUE(comes([this] { return corp->asked == 3; }));
  EXPECT_EQ(of("corp").what, What::following);
}

TEST_F(GivenTwoFeeds, WhenAPasswordIsRefusedThenItIsNotSentAgainAtOnce) {
  corp->answer(Error{ldap::LdapErrc::bind_refused, "wrong password"});
  ASSERT_TRUE(comes([this] { return of("corp").what == What::down; }));
  for (auto const* why : {"first", "second", "third"}) lab->answer(down(why));
  ASSERT_TRUE(comes([this] { return lab->asked == 4; })) << "others are tried again at once";
  EXPECT_EQ(corp->asked, 1);
}

TEST_F(GivenTwoFeeds, WhenStoppedThenNoneIsAskedAnyMoreAndNoneCountsAsDown) {
  ASSERT_TRUE(comes([this] { return corp->asked == 1 && lab->asked == 1; }));
  stop();
  EXPECT_THAT(watcher.states(), IsEmpty());
  EXPECT_THAT(monitor.events, IsEmpty());
  EXPECT_EQ(defects, 0);
}

TEST_F(GivenTwoFeeds, WhenStoppedWhileOneWaitsToBeTriedAgainThenItEndsAsWell) {
  corp->answer(down("gone"));
  ASSERT_TRUE(comes([this] { return of("corp").what == What::down; }));
  stop();
  EXPECT_THAT(watcher.states(), IsEmpty());
  EXPECT_EQ(defects, 0);
}

TEST_F(GivenTwoFeeds, WhenStoppedThenOthersCanBeFollowed) {
  stop();
  Feeds feeds;
  feeds.emplace("new", std::make_unique<fake::FakeFeed>(io.get_executor()));
  static_cast<fake::FakeFeed&>(*feeds.at("new")).answer(news("1"));
  watcher.follow(std::move(feeds));
  EXPECT_TRUE(comes([this] { return watcher.have_all_answered(); }));
  EXPECT_THAT(told, ElementsAre("new"));
}

}  // namespace
}  // namespace dirsync::watch
