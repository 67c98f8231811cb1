// How long a change took, from the directory's change until it was seen to be so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;

/// Everybody is where they should be; all entries were changed long ago.
struct GivenASettledPlant : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann", "bob"});
    ASSERT_EQ(plant.run().exit, Exit::done);
    plant.journal.audit.clear();
  }
  /// As the server stamps it, so long before the run.
  ChangeStamp before(std::chrono::milliseconds time) const { return ChangeStamp{plant.clock.time - time}; }
  /// Of the rows of changes, in their order.
  std::vector<std::optional<std::chrono::milliseconds>> delays() const {
    std::vector<std::optional<std::chrono::milliseconds>> found;
    for (auto const& row : plant.journal.audit)
      if (row.phase == "change") found.push_back(row.delay);
    return found;
  }
};

TEST_F(GivenASettledPlant, WhenSomebodyIsDisabledThenTheRowSaysHowLongThatTook) {
  plant.corp.world.disable("ann");
  plant.corp.world.people["ann"].changed = before(1234ms);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(delays(), ElementsAre(1234ms, 1234ms)) << "of both targets";
  for (auto const& settled : report.outcomes) EXPECT_EQ(settled.delay, 1234ms);
}

TEST_F(GivenASettledPlant, WhenTheServersClockIsAheadThenTheyTookNoTime) {
  plant.corp.world.disable("ann");
  plant.corp.world.people["ann"].changed = before(-5s);
  plant.run();
  EXPECT_THAT(delays(), ElementsAre(0ms, 0ms));
}

TEST_F(GivenASettledPlant, WhenTheServerDoesNotSayThenNobodyKnows) {
  plant.corp.world.disable("ann");
  plant.run();
  EXPECT_THAT(delays(), ElementsAre(std::nullopt, std::nullopt));
}

TEST_F(GivenASettledPlant, WhenAFeedSawAnEntryDeletedThenSinceThen) {
  auto const id = EntryId{plant.corp.world.people.at("ann").id};
  plant.corp.world.drop_person("ann");
  plant.request.deleted_at[id] = plant.clock.time - 40ms;
  plant.run();
  EXPECT_THAT(delays(), ElementsAre(40ms, 40ms));
}

TEST_F(GivenASettledPlant, WhenFeedsGiveCookiesThenOnlyThoseOfAcceptedReadsAreKept) {
  plant.request.feed_cookies = {{"corp", {"syncrepl", "rid=000"}}, {"hr", {"dirsync", "x"}}};
  plant.run();
  FeedCookies const kept{{"corp", {"syncrepl", "rid=000"}}};
  EXPECT_EQ(plant.journal.feed_cookies().value(), kept) << "nobody read hr";
  plant.corp.failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  plant.request.feed_cookies = {{"corp", {"syncrepl", "rid=001"}}};
  plant.run();
  EXPECT_EQ(plant.journal.feed_cookies().value(), kept) << "what came since was not read";
}

}  // namespace
}  // namespace dirsync::engine
