#include "sync/model/utc_time.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {
using namespace std::chrono;

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
  for (auto const* text : {"", "2026", "20260102", "20261302000000Z", "20260230000000Z", "20260102240000Z",
                           "20260102030000", "20260102030000.Z", "20260102030000z", "20260102030000+1"})
    EXPECT_EQ(parsed(text), "none") << text;
}

TEST(GivenDay, WhenWrittenThenWithoutTime) { EXPECT_EQ(utc_text(sys_days{days{20455}}), "2026-01-02"); }

}  // namespace
}  // namespace dirsync
