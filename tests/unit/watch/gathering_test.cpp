#include "daemon/watch/gathering.hpp"

#include <gmock/gmock.h>

#include "daemon/watch/spacing.hpp"

namespace dirsync::watch {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct GivenAGathering : testing::Test {
  GivenAGathering() { gathering.set_pace({.quiet = 20ms, .longest_quiet = 250ms}); }
  static FeedNews changed(std::string id) {
    return {.events = {{.what = FeedEvent::What::changed,
                        .id = EntryId{std::move(id)},
                        .dn = {},
                        .changed_at = {}}},
            .look_everywhere = {},
            .cookie = {}};
  }
  static FeedNews deleted(std::string id, std::optional<Time> at) {
    return {.events = {{.what = FeedEvent::What::deleted,
                        .id = EntryId{std::move(id)},
                        .dn = {},
                        .changed_at = at}},
            .look_everywhere = {},
            .cookie = {}};
  }
  void note(FeedNews const& news, SinceBoot now) { gathering.note("corp", news, now, time); }

  Gathering gathering;
  Time time = *parse_rfc3339("2026-01-02T03:04:05Z");
};

TEST_F(GivenAGathering, WhenNobodyTellsAnythingThenNoRunIsDue) {
  EXPECT_EQ(gathering.due(), std::nullopt);
  note({.events = {}, .look_everywhere = {}, .cookie = "7"}, 1h);
  EXPECT_EQ(gathering.due(), std::nullopt) << "only the cookie is another one";
}

TEST_F(GivenAGathering, WhenOneChangeIsToldThenARunIsDueOnceItWasQuiet) {
  note(changed("a"), 1h);
  EXPECT_EQ(gathering.due(), 1h + 20ms);
  note(changed("b"), 1h + 15ms);
  EXPECT_EQ(gathering.due(), 1h + 35ms);
}

TEST_F(GivenAGathering, WhenNewsDoNotEndThenARunIsDueAllTheSame) {
  for (auto at = 0ms; at <= 1000ms; at += 10ms) note(changed("a"), 1h + at);
  EXPECT_EQ(gathering.due(), 1h + 250ms);
}

TEST_F(GivenAGathering, WhenTheFeedSaysToLookEverywhereThenARunIsDue) {
  note({.events = {}, .look_everywhere = "it lost its place", .cookie = {}}, 1h);
  EXPECT_EQ(gathering.due(), 1h + 20ms);
  EXPECT_THAT(gathering.take().directories, ElementsAre("corp"));
}

TEST_F(GivenAGathering, WhenTakenThenNothingIsLeft) {
  note(deleted("a", {}), 1h);
  gathering.take();
  EXPECT_EQ(gathering.due(), std::nullopt);
  EXPECT_THAT(gathering.take().deleted_at, IsEmpty());
  note(changed("b"), 2h);
  EXPECT_EQ(gathering.due(), 2h + 20ms) << "the news of before do not count";
}

TEST_F(GivenAGathering, WhenEntriesAreDeletedThenSinceTheServerSaysOrElseSinceItWasTold) {
  note(deleted("a", time - 3s), 1h);
  note(deleted("b", {}), 1h);
  note(deleted("c", {}), 1h);
  note(changed("c"), 1h);
  EXPECT_THAT(gathering.take().deleted_at,
              ElementsAre(Pair(EntryId{"a"}, time - 3s), Pair(EntryId{"b"}, time)))
      << "c came back";
}

TEST_F(GivenAGathering, WhenNewsArePutBackThenTheyWaitAndFreshOnesDoNot) {
  note(deleted("a", {}), 1h);
  gathering.put_back(gathering.take(), 1h + 10s);
  EXPECT_EQ(gathering.due(), 1h + 10s);
  note(changed("b"), 1h + 1s);
  EXPECT_EQ(gathering.due(), 1h + 1s + 20ms);
  EXPECT_THAT(gathering.take().deleted_at, ElementsAre(Pair(EntryId{"a"}, time)));
  EXPECT_EQ(gathering.due(), std::nullopt);
}

TEST_F(GivenAGathering, WhenDeletionsDoNotEndThenTheTimesOfAllTooManyAreNotKept) {
  auto const flood = [this](std::size_t from, std::size_t to) {
    for (; from < to; ++from) note(deleted(std::to_string(from), {}), 1h);
  };
  flood(0, Gathering::kMostDeletions);
  auto first = gathering.take();
  EXPECT_EQ(first.deleted_at.size(), Gathering::kMostDeletions);
  flood(Gathering::kMostDeletions, 2 * Gathering::kMostDeletions + 1);
  gathering.put_back(std::move(first), 2h);
  EXPECT_EQ(gathering.take().deleted_at.size(), Gathering::kMostDeletions);
}

struct GivenRunsThatFeedsCause : testing::Test {
  Spacing spacing;
  SinceBoot now = 1h;
  std::chrono::milliseconds busy{0};

  /// As soon as it may; `wanted`: there is news.
  void run(std::chrono::milliseconds time, SinceBoot wanted) {
    auto const began = std::max(wanted, spacing.earliest());
    now = began + time;
    busy += time;
    spacing.note_run(began, now);
  }
};

TEST_F(GivenRunsThatFeedsCause, WhenNothingRanYetThenTheFirstMayBeginAtOnce) {
  EXPECT_LE(spacing.earliest(), 0ms);
}

TEST_F(GivenRunsThatFeedsCause, WhenShortRunsFollowARestThenTheNextMayBeginAtOnce) {
  for (int at = 0; at < 10; ++at) {
    run(500ms, now);
    EXPECT_LE(spacing.earliest(), now) << at;
  }
}

TEST_F(GivenRunsThatFeedsCause, WhenOneTookLongThenAPauseAsLongAsWhatWasNotEarnedFollows) {
  run(40s, now);
  EXPECT_EQ(spacing.earliest(), now + 30s);
  run(40s, now);
  EXPECT_EQ(spacing.earliest(), now + 40s) << "nothing was earned meanwhile";
}

TEST_F(GivenRunsThatFeedsCause, WhenNewsNeverEndThenRunsTakeHalfOfTheTime) {
  auto const began = now;
  for (int at = 0; at < 1000; ++at) run(std::chrono::milliseconds{100 + 37 * (at % 50)}, now);
  EXPECT_LE(busy, (now - began) / 2 + Spacing::kMostEarned);
  EXPECT_GE(busy, (now - began) * 2 / 5) << "and not much less";
}

TEST_F(GivenRunsThatFeedsCause, WhenThereWasALongRestThenNoMoreThanTheMostIsEarned) {
  run(1s, now);
  run(30s, now + 8h);
  EXPECT_EQ(spacing.earliest(), now + 20s);
}

}  // namespace
}  // namespace dirsync::watch
