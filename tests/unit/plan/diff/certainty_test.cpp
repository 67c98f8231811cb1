// The table "Absence" of docs/architecture.md, row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {
namespace {

struct Row {
  char const* name;
  Evidence evidence;
  Certainty certainty;
};

void PrintTo(Row const& row, std::ostream* out) { *out << row.name; }

struct GivenEvidence : testing::TestWithParam<Row> {};

TEST_P(GivenEvidence, WhenJudgedThenAsTheTableSays) {
  auto const& [name, evidence, expected] = GetParam();
  auto const certainty = certainty_of(evidence);
  EXPECT_EQ(certainty.cause, expected.cause);
  EXPECT_EQ(certainty.confirmed, expected.confirmed);
  EXPECT_EQ(certainty.why, expected.why);
}

Absence const kOnce{false, "not found in 1 of 2 consecutive runs"};
Absence const kTwice{true, "not found in 2 of 2 consecutive runs"};

INSTANTIATE_TEST_SUITE_P(
    Table, GivenEvidence,
    testing::Values(
        Row{"DisabledNeverWaits",
            {.disabled = {.why = "ann is disabled"},
             .missing = kOnce,
             .left = "left",
             .doubt = "doubt",
             .doubted = kOnce},
            {Cause::disabled, true, "ann is disabled"}},
        Row{"NotFoundWaits", {.not_found = true, .missing = kOnce}, {Cause::gone, false, kOnce.text}},
        Row{"NotFoundIsConfirmed", {.not_found = true, .missing = kTwice}, {Cause::gone, true, kTwice.text}},
        Row{"LeftIsCertain", {.left = "no longer a member"}, {Cause::left, true, "no longer a member"}},
        Row{"LeftWithAMissingEntryWaits",
            {.missing = kOnce, .left = "no longer a member"},
            {Cause::left, false, "no longer a member; not found in 1 of 2 consecutive runs"}},
        Row{"DoubtWaits",
            {.left = "no longer a member", .doubt = "still named", .doubted = kOnce},
            {Cause::left, false, "still named: not found in 1 of 2 consecutive runs"}},
        Row{"DoubtEnds",
            {.left = "no longer a member", .doubt = "still named", .doubted = kTwice},
            {Cause::left, true, "still named: not found in 2 of 2 consecutive runs"}},
        Row{"DoubtThatEndedDoesNotConfirmAMissingEntry",
            {.missing = kOnce, .left = "no longer a member", .doubt = "still named", .doubted = kTwice},
            {Cause::left, false, "still named: not found in 2 of 2 consecutive runs"}}),
    [](auto const& row) { return row.param.name; });

}  // namespace
}  // namespace dirsync::plan
