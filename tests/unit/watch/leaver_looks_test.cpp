#include "daemon/watch/leaver_looks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::watch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr SinceBoot kSecond{1'000};

FeedNews told_of(std::vector<std::string> const& ids) {
  FeedNews news;
  for (auto const& id : ids) {
    auto& event = news.events.emplace_back();
    event.id = EntryId{id};
  }
  return news;
}

FeedNews told_of(std::size_t many) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < many; ++at) ids.push_back("e" + std::to_string(at));
  return told_of(ids);
}

TEST(GivenLooksAtLeavers, WhenNothingWasToldThenNoneIsDue) {
  LeaverLooks looks;
  EXPECT_FALSE(looks.due());
  FeedNews everything;
  everything.look_everywhere = "the server forgot";
  looks.note("corp", everything);
  EXPECT_FALSE(looks.due()) << "it hints at nobody";
}

TEST(GivenLooksAtLeavers, WhenEntriesWereToldThenOneIsDueAtOnceAndTakesThem) {
  LeaverLooks looks;
  looks.note("corp", told_of({"a", "b"}));
  looks.note("corp", told_of({"b"}));
  ASSERT_TRUE(looks.due());
  EXPECT_LE(*looks.due(), SinceBoot{0});
  EXPECT_THAT(looks.take(), ElementsAre(Pair("corp", ElementsAre(EntryId{"a"}, EntryId{"b"}))));
  EXPECT_FALSE(looks.due());
}

TEST(GivenLooksAtLeavers, WhenEverythingIsReadThenNothingIsLeft) {
  LeaverLooks looks;
  looks.note("corp", told_of({"a"}));
  looks.begin_whole_run();
  EXPECT_FALSE(looks.due());
  EXPECT_THAT(looks.take(), IsEmpty());
}

TEST(GivenLooksAtLeavers, WhenTooManyWereToldThenAllAreLeftToTheWholeRun) {
  LeaverLooks looks;
  looks.note("corp", told_of(LeaverLooks::kMostEntries));
  EXPECT_TRUE(looks.due());
  looks.note("corp", told_of({"one more"}));
  EXPECT_FALSE(looks.due());
  looks.note("corp", told_of({"another"}));
  EXPECT_FALSE(looks.due());
  looks.begin_whole_run();
  looks.note("corp", told_of({"a"}));
  EXPECT_TRUE(looks.due());
  EXPECT_THAT(looks.take(), SizeIs(1));
}

TEST(GivenLooksAtLeavers, WhenEverythingIsToBeLookedAtThenNotAllIsToldUntilARunReadsIt) {
  LeaverLooks looks;
  EXPECT_TRUE(looks.is_all_told());
  FeedNews everything;
  everything.look_everywhere = "more than can be told";
  looks.note("corp", everything);
  looks.note("corp", told_of({"a"}));
  EXPECT_FALSE(looks.is_all_told());
  looks.take();
  EXPECT_FALSE(looks.is_all_told());
  looks.begin_whole_run();
  EXPECT_TRUE(looks.is_all_told());
}

TEST(GivenLooksAtLeavers, WhenOneTookLongThenTheNextOneWaits) {
  LeaverLooks looks;
  auto const began = 100 * kSecond, ended = 120 * kSecond;
  looks.note_look(began, ended);
  looks.note("corp", told_of({"a"}));
  ASSERT_TRUE(looks.due());
  EXPECT_GT(*looks.due(), ended) << "so that other runs get half of the time";
}

}  // namespace
}  // namespace dirsync::watch
