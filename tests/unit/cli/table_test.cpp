#include <gtest/gtest.h>

#include "daemon/cli/output.hpp"

namespace dirsync::cli {
namespace {

TEST(GivenRows, WhenShownThenColumnsStandBelowEachOtherAndNoLineEndsInSpaces) {
  EXPECT_EQ(table({{"N", "NAME", "WHY"}, {"1", "alice", ""}, {"10", "bob", "new"}}),
            "N   NAME   WHY\n"
            "1   alice\n"
            "10  bob    new\n");
}

TEST(GivenNamesOfManyScripts, WhenShownThenPaddedByWhatTheyTakeOnATerminal) {
  EXPECT_EQ(table({{"NAME", "X"},
                   {"Jürgen", "1"},
                   {"山田太郎", "2"},
                   {"محمد", "3"},
                   {"Jose\u0301", "4"},
                   {"👍", "5"}}),
            "NAME      X\n"
            "Jürgen    1\n"
            "山田太郎  2\n"
            "محمد      3\n"
            "Jose\u0301      4\n"
            "👍        5\n");
}

TEST(GivenCellsWithControls, WhenShownThenNoCellBreaksTheTable) {
  EXPECT_EQ(table({{"a\nb\033[2J", "x"}, {"c", "y"}}),
            "a?b?[2J  x\n"
            "c        y\n");
}

}  // namespace
}  // namespace dirsync::cli
