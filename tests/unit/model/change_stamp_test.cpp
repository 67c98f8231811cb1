#include "sync/model/change_stamp.hpp"

#include <gtest/gtest.h>

#include "sync/model/change.hpp"
#include "sync/model/entries.hpp"

namespace dirsync {
namespace {
using namespace std::chrono_literals;

Time at(char const* text) { return *parse_rfc3339(text); }

TEST(GivenAChangeSequenceNumber, WhenReadThenItsTimeToTheMillisecond) {
  EXPECT_EQ(stamp_of_csn("20261121213811.042317Z#000000#001#000000").time(), at("2026-11-21T21:38:11.042Z"));
  EXPECT_EQ(stamp_of_csn("20261121213811Z#000000#00#000000").time(), at("2026-11-21T21:38:11Z"))
      << "as old servers wrote them";
}

TEST(GivenATimeOfAServer, WhenReadThenWithItsFractionAndItsZone) {
  EXPECT_EQ(stamp_of_time("20261121213811Z").time(), at("2026-11-21T21:38:11Z"));
  EXPECT_EQ(stamp_of_time("20261121213811.0Z").time(), at("2026-11-21T21:38:11Z")) << "Active Directory's";
  EXPECT_EQ(stamp_of_time("20261121213811.5Z").time(), at("2026-11-21T21:38:11.500Z"));
  EXPECT_EQ(stamp_of_time("20261121223811,25+0100").time(), at("2026-11-21T21:38:11.250Z"));
  EXPECT_EQ(stamp_of_time("202611211608-0530").time(), at("2026-11-21T21:38:00Z"));
  EXPECT_EQ(stamp_of_time("19691231235959.999Z").time(), at("1969-12-31T23:59:59.999Z"));
}

TEST(GivenWhatIsNoStamp, WhenReadThenNotKnown) {
  for (auto const* const text :
       {"", "#", "20261121213811.042317Z", "#000000#001#000000", "20261321213811.042317Z#000000#001#000000",
        "yesterday#000000#001#000000", "20261121213811.042317#000000#001#000000"})
    EXPECT_EQ(stamp_of_csn(text).time(), std::nullopt) << text;
  for (auto const* const text : {"", "Z", "20261121213811", "20261121213811Z#", "20260230000000Z",
                                 "2026-11-21T21:38:11Z", "99991231235959Z", "00000101000000Z"})
    EXPECT_EQ(stamp_of_time(text).time(), std::nullopt) << text;
}

TEST(GivenTwoTimes, WhenOneIsNotKnownThenTheOtherIsTheLaterOne) {
  auto const early = at("2026-11-21T21:38:11Z"), late = at("2026-11-21T21:38:12Z");
  EXPECT_EQ(later(early, late), late);
  EXPECT_EQ(later(late, early), late);
  EXPECT_EQ(later(std::nullopt, early), early);
  EXPECT_EQ(later(early, std::nullopt), early);
  EXPECT_EQ(later(std::nullopt, std::nullopt), std::nullopt);
}

TEST(GivenAnEntry, WhenAddedThenItKeepsItsStamp) {
  EntryList list;
  ChangeStamp const stamp{at("2026-11-21T21:38:11.042Z")};
  list.add(EntryId{"a"}, "uid=a", {}, stamp);
  list.add(EntryId{"b"}, "uid=b", {});
  EXPECT_EQ(list.all()[0].changed, stamp);
  EXPECT_EQ(list.all()[1].changed.time(), std::nullopt);
}

struct GivenAChange : testing::Test {
  Settled settled{.change = {}, .outcome = Outcome::done, .detail = {}};
  Time const changed = at("2026-11-21T21:38:11Z");
  GivenAChange() { settled.change.changed_at = changed; }
};

TEST_F(GivenAChange, WhenItWasMadeThenItsDelayIsFromTheDirectorysChangeOn) {
  EXPECT_EQ(delay_until(changed + 42ms, settled), 42ms);
  EXPECT_EQ(delay_until(changed + 42ms + 999us, settled), 42ms);
  EXPECT_EQ(delay_until(changed - 42ms, settled), 0ms) << "the clocks differ";
}

TEST_F(GivenAChange, WhenNobodyKnowsSinceWhenOrItWasNotMadeThenItHasNone) {
  for (auto const outcome : {Outcome::already, Outcome::failed, Outcome::unknown, Outcome::skipped}) {
    settled.outcome = outcome;
    EXPECT_EQ(delay_until(changed + 42ms, settled), std::nullopt) << to_text(outcome);
  }
  settled.outcome = Outcome::done;
  settled.change.changed_at.reset();
  EXPECT_EQ(delay_until(changed + 42ms, settled), std::nullopt);
}

}  // namespace
}  // namespace dirsync
