#include "sync/model/record.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {
using namespace std::chrono;

Time at(int y, unsigned m, unsigned d, milliseconds of_day) {
  return sys_days{year{y} / month{m} / day{d}} + of_day;
}

TEST(GivenTime, WhenShownThenUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(at(2026, 11, 21, 21h + 38min + 11s + 42ms)), "2026-11-21T21:38:11.042Z");
  EXPECT_EQ(rfc3339(Time{}), "1970-01-01T00:00:00.000Z");
}

TEST(GivenTimeFinerThanMilliseconds, WhenShownThenRoundedDown) {
  EXPECT_EQ(rfc3339(Time{} + 1999us), "1970-01-01T00:00:00.001Z");
  EXPECT_EQ(rfc3339(Time{} - 1us), "1969-12-31T23:59:59.999Z");
}

TEST(GivenShownTime, WhenParsedThenTheSame) {
  for (auto const time : {at(2026, 11, 21, 21h + 42ms), at(1969, 12, 31, 23h), at(2028, 2, 29, 0h), Time{}})
    EXPECT_EQ(parse_rfc3339(rfc3339(time)), time);
}

TEST(GivenOtherSpellings, WhenParsedThenUnderstood) {
  auto const expected = at(2026, 11, 21, 20h + 38min + 11s);
  for (auto const* const text :
       {"2026-11-21T20:38:11Z", "2026-11-21t20:38:11z", "2026-11-21 20:38:11Z", "2026-11-21T22:08:11+01:30",
        "2026-11-21T18:38:11-02:00", "2026-11-21T20:38:11.0000Z"})
    EXPECT_EQ(parse_rfc3339(text), expected) << text;
  EXPECT_EQ(parse_rfc3339("2026-11-21T20:38:11.5Z"), expected + 500ms);
  EXPECT_EQ(parse_rfc3339("2026-11-21T20:38:11.0429Z"), expected + 42ms);
}

TEST(GivenSomethingElse, WhenParsedThenNothing) {
  for (auto const* const text :
       {"", "2026", "2026-11-21", "2026-11-21T20:38:11", "2026-11-21T20:38Z", "2026-13-21T20:38:11Z",
        "2026-02-29T20:38:11Z", "2026-11-00T20:38:11Z", "2026-11-21T24:00:00Z", "2026-11-21T20:60:00Z",
        "2026-11-21T20:38:11.Z", "2026-11-21T20:38:11+1:00", "2026-11-21T20:38:11Z ", " 2026-11-21T20:38:11Z",
        "2026-11-21T20:38:1aZ", "+026-11-21T20:38:11Z", "2026-11-21T20:38:11+24:00"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(GivenVerbs, WhenShownThenAsInPlans) {
  EXPECT_STREQ(to_text(Verb::create_group), "create-group");
  EXPECT_STREQ(to_text(Verb::rename_group), "rename-group");
  EXPECT_STREQ(to_text(Verb::delete_group), "delete-group");
  EXPECT_STREQ(to_text(Verb::update_group), "update-group");
  EXPECT_STREQ(to_text(Verb::add), "add");
  EXPECT_STREQ(to_text(Verb::remove), "remove");
}

TEST(GivenOutcomes, WhenShownThenAsInPlans) {
  EXPECT_STREQ(to_text(Outcome::done), "done");
  EXPECT_STREQ(to_text(Outcome::already), "already");
  EXPECT_STREQ(to_text(Outcome::failed), "failed");
  EXPECT_STREQ(to_text(Outcome::unknown), "unknown");
  EXPECT_STREQ(to_text(Outcome::skipped), "skipped");
  Change change;
  EXPECT_EQ(outcome_text(change, nullptr), "");
  change.unconfirmed = true;
  EXPECT_EQ(outcome_text(change, nullptr), "unconfirmed");
  Settled const settled{change, Outcome::failed, "refused"};
  EXPECT_EQ(outcome_text(change, &settled), "failed");
  EXPECT_EQ(detail_text(change, &settled), "refused");
}

}  // namespace
}  // namespace dirsync
