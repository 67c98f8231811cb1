// Promises held over sequences of runs, in worlds that are each made from a number alone. DIRSYNC_SEQUENCE=n
// plays the one of that number and prints its story.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sequences/story.hpp"

namespace dirsync::sequences {
namespace {

#ifndef DIRSYNC_SEQUENCES
#define DIRSYNC_SEQUENCES 10000
#endif
constexpr unsigned kWorlds = DIRSYNC_SEQUENCES, kShards = 20;

std::string in_lines(std::vector<std::string> const& lines) {
  std::string text;
  for (auto const& line : lines) text += line + "\n";
  return text;
}

struct GivenSequencesOfRuns : testing::TestWithParam<unsigned> {};

TEST_P(GivenSequencesOfRuns, WhenPlayedThenEverythingHasItsReasonAndComesToRest) {
  Figures figures;
  auto const first = GetParam() * (kWorlds / kShards);
  for (auto seed = first; seed < first + kWorlds / kShards && !HasFailure(); ++seed) {
    auto const told = play(make_story(seed));
    figures += told.figures;
    if (told.problems.empty()) continue;
    auto const shorter = play(shorten(make_story(seed)));
    ADD_FAILURE() << "world " << seed << " (DIRSYNC_SEQUENCE=" << seed << " plays it as it was), cut down:\n"
                  << in_lines(shorter.lines) << "=> " << in_lines(shorter.problems);
  }
  if (!HasFailure()) {
    EXPECT_GT(figures.removals, 0);
  }
  RecordProperty("figures", to_text(figures));
  std::cout << "            " << to_text(figures) << "\n";
}

INSTANTIATE_TEST_SUITE_P(Worlds, GivenSequencesOfRuns, testing::Range(0U, kShards));

TEST(GivenOneSequence, WhenItsNumberIsGivenThenItsStoryIsTold) {
  auto const* const number = std::getenv("DIRSYNC_SEQUENCE");
  auto const told = play(make_story(number == nullptr ? 0U : static_cast<unsigned>(std::stoul(number))));
  EXPECT_TRUE(told.problems.empty()) << in_lines(told.problems);
  if (number != nullptr) std::cout << in_lines(told.lines);
  EXPECT_EQ(play(make_story(7)).lines, play(make_story(7)).lines);
}

}  // namespace
}  // namespace dirsync::sequences
