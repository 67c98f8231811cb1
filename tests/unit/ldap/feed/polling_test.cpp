#include <gtest/gtest.h>

#include "ldap/feed/dirsync.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/seen_entry.hpp"
#include "ldap/feed/timestamp_poll.hpp"
#include "ldap/feed/usn_poll.hpp"
#include "ldap/feed/waiting.hpp"

namespace dirsync::ldap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(GivenAQuestion, WhenItTookLongThenThePauseIsLonger) {
  EXPECT_EQ(pause_after(milliseconds{0}), seconds{1});
  EXPECT_EQ(pause_after(milliseconds{20}), seconds{1});
  EXPECT_EQ(pause_after(milliseconds{40}), seconds{2});
  EXPECT_EQ(pause_after(seconds{3}), seconds{150});
  EXPECT_EQ(pause_after(seconds{60}), seconds{300});
  EXPECT_EQ(pause_after(milliseconds::max()), seconds{300});
}

TEST(GivenAQuestionAboutTheLastSeconds, WhenNothingIsNewForSomeThenItIsSeldomAsked) {
  auto const start = Instant{} + std::chrono::hours{1};
  Overlap overlap;
  EXPECT_TRUE(overlap.is_due(start));
  overlap.moved(start);
  overlap.asked(start + seconds{4}, start + seconds{5});
  EXPECT_TRUE(overlap.is_due(start + seconds{5})) << "began too early for what a replica has late";
  overlap.asked(start + seconds{6}, start + seconds{6} + milliseconds{300});
  EXPECT_FALSE(overlap.is_due(start + seconds{606}));
  EXPECT_TRUE(overlap.is_due(start + seconds{607}));
  overlap.moved(start + seconds{20});
  EXPECT_TRUE(overlap.is_due(start + seconds{20}));
  overlap.asked(start + seconds{30}, start + std::chrono::hours{5});
  EXPECT_TRUE(overlap.is_due(start + std::chrono::hours{6}));
  overlap.asked(start + seconds{30}, start + seconds{30});
  EXPECT_TRUE(overlap.is_due(start + seconds{30})) << "what costs nothing is asked each time";
}

TEST(GivenAFilter, WhenPolledThenItIsNarrowed) {
  FeedScope const scope{{}, "(objectClass=group)", {}};
  EXPECT_EQ(usn_filter(scope, 0), "(&(uSNChanged>=1)(objectClass=group))");
  EXPECT_EQ(usn_filter(scope, 4'294'967'296), "(&(uSNChanged>=4294967297)(objectClass=group))");
  EXPECT_EQ(timestamp_filter(scope, *parse_generalized_time("20260102030405.9Z")),
            "(&(modifyTimestamp>=20260102030405Z)(objectClass=group))");
  EXPECT_EQ(timestamp_filter(scope, UtcTime{seconds{-5}}),
            "(&(modifyTimestamp>=19700101000000Z)(objectClass=group))");
}

TEST(GivenAFilter, WhenAskedByDirsyncThenTombstonesAndUnitsComeToo) {
  EXPECT_EQ(dirsync_filter({{}, "(objectClass=group)", {}}),
            "(|(objectClass=group)(isDeleted=TRUE)(objectClass=organizationalUnit))");
}

TEST(GivenTheNewestTimeSeen, WhenAskedAgainThenFromSomeSecondsBefore) {
  UtcTime const then{seconds{1'000'000}};
  EXPECT_EQ(overlapping(then, then + seconds{100}), then - seconds{5});
}

TEST(GivenAnEntryOfTheFuture, WhenAskedAgainThenNotFromThatOn) {
  UtcTime const now{seconds{1'000'000}};
  EXPECT_EQ(overlapping(now + std::chrono::hours{1'000}, now), now - seconds{5});
}

TEST(GivenADirectorysTime, WhenTheClockDoesNotReachItThenNothing) {
  EXPECT_EQ(clock_time(parse_generalized_time("20260102030405.25Z")),
            parse_rfc3339("2026-01-02T03:04:05.25Z"));
  EXPECT_FALSE(clock_time(parse_generalized_time("99991231235959Z")));
  EXPECT_FALSE(clock_time(parse_generalized_time("00010101000000Z")));
  EXPECT_FALSE(clock_time(std::nullopt));
}

struct GivenABatchOfEvents : testing::Test {
  static FeedEvent event(std::size_t number) {
    return {FeedEvent::What::changed, EntryId{std::to_string(number)}, "", {}};
  }
  void add(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) batch.add(event(n));
  }
  EventBatch batch;
};

TEST_F(GivenABatchOfEvents, WhenNothingWasTakenYetThenNothingIsAnAnswerAsWell) {
  EXPECT_TRUE(batch.has_answer());
  EXPECT_TRUE(batch.take("cookie").events.empty());
  EXPECT_FALSE(batch.has_answer());
}

TEST_F(GivenABatchOfEvents, WhenTakenThenInOrderAndOnce) {
  add(EventBatch::kMost);
  EXPECT_TRUE(batch.has_answer());
  auto const news = batch.take("cookie");
  ASSERT_EQ(news.events.size(), EventBatch::kMost);
  EXPECT_EQ(news.events.front().id, EntryId{"0"});
  EXPECT_EQ(news.events.back().id, EntryId{std::to_string(EventBatch::kMost - 1)});
  EXPECT_EQ(news.look_everywhere, "");
  EXPECT_EQ(news.cookie, "cookie");
  EXPECT_FALSE(batch.has_answer());
}

TEST_F(GivenABatchOfEvents, WhenADeletionMayBeNoneThenToldOnceAndOnlyWhereNothingElseIs) {
  batch.take("");
  batch.add_unless_told({FeedEvent::What::deleted, EntryId{"1"}, "", {}});
  EXPECT_TRUE(batch.has_answer());
  batch.add(event(1));
  batch.add_unless_told({FeedEvent::What::deleted, EntryId{"2"}, "", {}});
  batch.add_unless_told({FeedEvent::What::deleted, EntryId{"2"}, "", {}});
  auto const news = batch.take("");
  ASSERT_EQ(news.events.size(), 2U);
  EXPECT_EQ(news.events[0].id, EntryId{"1"});
  EXPECT_EQ(news.events[0].what, FeedEvent::What::changed);
  EXPECT_EQ(news.events[1].id, EntryId{"2"});
}

TEST_F(GivenABatchOfEvents, WhenTheyAreTooManyThenLookEverywhere) {
  add(EventBatch::kMost + 2);
  auto const news = batch.take("cookie");
  EXPECT_TRUE(news.events.empty());
  EXPECT_NE(news.look_everywhere, "");
  add(1);
  EXPECT_EQ(batch.take("").events.size(), 1U);
}

TEST_F(GivenABatchOfEvents, WhenSomethingIsUnknownThenNoSingleEventMatters) {
  add(1);
  batch.look_everywhere("a unit was renamed");
  add(1);
  auto const news = batch.take("");
  EXPECT_TRUE(news.events.empty());
  EXPECT_EQ(news.look_everywhere, "a unit was renamed");
}

}  // namespace
}  // namespace dirsync::ldap
