#include "sync/model/time.hpp"

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

/// As text; "none" for what is no time.
std::string parsed(std::string_view text) {
  auto const time = parse_generalized_time(text);
  return time ? utc_text(*time) : "none";
}

TEST(GivenGeneralizedTime, WhenWrittenInAnyFormThenTheSameTime) {
  for (auto const* text : {"20260102030000Z", "202601020300Z", "2026010203Z", "20260102040000+0100",
                           "2026010122.5-0430", "20260102030000.000Z", "20260102030000,9Z"})
    EXPECT_EQ(parsed(text), "2026-01-02T03:00:00Z") << text;
}

TEST(GivenGeneralizedTime, WhenAtTheEndsOfItsYearsThenExact) {
  EXPECT_EQ(parsed("000001010000Z"), "0000-01-01T00:00:00Z");
  EXPECT_EQ(parsed("99991231235959Z"), "9999-12-31T23:59:59Z");
  EXPECT_EQ(parsed("19691231235959.5Z"), "1969-12-31T23:59:59Z");
}

TEST(GivenGeneralizedTime, WhenMalformedThenNone) {
  for (auto const* text :
       {"", "2026", "20260102", "20261302000000Z", "20260230000000Z", "20260102240000Z", "20260102030000",
        "2026010203000Z", "20260102030000+2500", "20260102030000.Z", "20260102030000z", "20260102030000+1"})
    EXPECT_EQ(parsed(text), "none") << text;
}

TEST(GivenDay, WhenWrittenThenWithoutTime) { EXPECT_EQ(utc_text(sys_days{days{20455}}), "2026-01-02"); }

}  // namespace
}  // namespace dirsync
