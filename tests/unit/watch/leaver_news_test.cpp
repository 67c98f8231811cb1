#include "daemon/watch/leaver_news.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace dirsync::watch {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A run that began at one o'clock; "ann" has something to lose.
struct GivenARunThatGoesOn : testing::Test {
  GivenARunThatGoesOn() { news.begin_run(1h); }
  void told_of(std::string const& id, std::string const& directory = "corp") {
    FeedNews told;
    told.events.push_back({.what = FeedEvent::What::changed, .id = EntryId{id}, .dn = {}, .changed_at = {}});
    news.note(directory, told);
  }

  std::set<std::string> with_access{"ann"};
  std::vector<std::set<EntryId>> looks;
  LeaverNews news{[this](std::string const& directory, std::set<EntryId> const& entries) {
    looks.push_back(entries);
    return directory == "corp" && std::ranges::any_of(entries, [this](EntryId const& entry) {
             return with_access.contains(entry.value());
           });
  }};
};

TEST_F(GivenARunThatGoesOn, WhenNobodyTellsAnythingThenItDoesNotGiveWay) {
  EXPECT_FALSE(news.gives_way(1h + 1s));
  EXPECT_FALSE(news.gives_way(2h));
  EXPECT_THAT(looks, IsEmpty()) << "there is nothing to look for";
}

TEST_F(GivenARunThatGoesOn, WhenSomebodyMayLeaveThenItHasSentForAsLongAsItTookToBegin) {
  told_of("ann");
  EXPECT_FALSE(news.gives_way(1h + 10s)) << "the first change of the rest";
  EXPECT_FALSE(news.gives_way(1h + 19s + 999ms));
  EXPECT_THAT(looks, IsEmpty()) << "not before it matters";
  EXPECT_TRUE(news.gives_way(1h + 20s));
}

TEST_F(GivenARunThatGoesOn, WhenItIsToldLaterThenAtOnce) {
  EXPECT_FALSE(news.gives_way(1h + 10s));
  EXPECT_FALSE(news.gives_way(1h + 30s));
  told_of("ann");
  EXPECT_TRUE(news.gives_way(1h + 30s));
}

TEST_F(GivenARunThatGoesOn, WhenItGaveWayThenForGood) {
  told_of("ann");
  news.gives_way(1h);
  ASSERT_TRUE(news.gives_way(1h + 1s));
  with_access.clear();
  EXPECT_TRUE(news.gives_way(1h + 1min));
  EXPECT_THAT(looks, SizeIs(1));
}

TEST_F(GivenARunThatGoesOn, WhenOnlyTheCookieChangesOrAllIsToBeLookedAtThenNobodyLeaves) {
  FeedNews told;
  told.cookie = "7";
  told.look_everywhere = "it lost its place";
  news.note("corp", told);
  EXPECT_FALSE(news.gives_way(1h));
  EXPECT_FALSE(news.gives_way(2h));
  EXPECT_THAT(looks, IsEmpty());
}

TEST_F(GivenARunThatGoesOn, WhenAnotherDirectoryTellsOfThatIdThenItIsSomebodyElse) {
  told_of("ann", "hr");
  EXPECT_FALSE(news.gives_way(1h));
  EXPECT_THAT(looks, SizeIs(1));
}

TEST_F(GivenARunThatGoesOn, WhenItWasToldBeforeTheRunOrBetweenRunsThenTheRunReadsIt) {
  told_of("ann");
  news.end_run();
  EXPECT_FALSE(news.gives_way(2h));
  told_of("ann");
  news.begin_run(3h);
  EXPECT_FALSE(news.gives_way(3h));
  EXPECT_FALSE(news.gives_way(4h));
  EXPECT_THAT(looks, IsEmpty());
}

TEST_F(GivenARunThatGoesOn, WhenManyHaveNothingToLoseThenTheyAreLookedForOnceInASecond) {
  news.gives_way(1h);
  for (auto at = 0ms; at < 3000ms; at += 10ms) {
    told_of("p" + std::to_string(at.count()));
    EXPECT_FALSE(news.gives_way(1h + at));
  }
  EXPECT_THAT(looks, SizeIs(3));
  EXPECT_THAT(looks.at(1), SizeIs(100)) << "new ones alone";
}

TEST_F(GivenARunThatGoesOn, WhenTheRunGivesThemAccessAfterTheyWereToldOfThenItShowsWithinFiveSeconds) {
  told_of("bob");
  EXPECT_FALSE(news.gives_way(1h));
  with_access.insert("bob");
  EXPECT_FALSE(news.gives_way(1h + 4999ms));
  EXPECT_TRUE(news.gives_way(1h + 5s));
  EXPECT_THAT(looks, ElementsAre(SizeIs(1), SizeIs(1)));
}

/// Whatever is told: half of the time goes into sending.
TEST_F(GivenARunThatGoesOn, WhenEachRunGivesWayThenEachSendsForAsLongAsItReads) {
  SinceBoot now{5h}, reading{0}, sending{0};
  for (SinceBoot took{100}; took <= 100s; took += took) {
    news.begin_run(now);
    told_of("ann");
    auto const first = now + took;
    auto at = first;
    while (!news.gives_way(at)) at += 100ms;
    news.end_run();
    reading += first - now;
    sending += at - first;
    now = at + 1h;
  }
  EXPECT_EQ(sending, reading);
}

}  // namespace
}  // namespace dirsync::watch
