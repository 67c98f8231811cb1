// Text that keeps to the width of a terminal.
#include "daemon/cli/layout.hpp"

#include <gmock/gmock.h>

#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

using testing::ElementsAre;

TEST(GivenAText, WhenCutThenItFitsWithAnEllipsis) {
  EXPECT_EQ(cut_to("alice", 0), "alice");
  EXPECT_EQ(cut_to("alice", 5), "alice");
  EXPECT_EQ(cut_to("alice", 4), "ali…");
  EXPECT_EQ(cut_to("山田太郎", 6), "山田…");  // an ellipsis is one column
  EXPECT_EQ(cut_to("Jose\u0301 Luis", 5), "Jose\u0301…");
}

TEST(GivenAText, WhenBrokenThenAtSpacesAndLongWordsInPieces) {
  EXPECT_THAT(broken_at("one two three", 0), ElementsAre("one two three"));
  EXPECT_THAT(broken_at("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(broken_at("a abcdefghij b", 4), ElementsAre("a", "abcd", "efgh", "ij b"));
  EXPECT_THAT(broken_at("山田 太郎", 5), ElementsAre("山田", "太郎"));
  EXPECT_THAT(broken_at("山田", 1), ElementsAre("山", "田"));  // one character at least
  EXPECT_THAT(broken_at("", 5), ElementsAre(""));
}

TEST(GivenALineWithABeginning, WhenTheTextIsLongThenItsLinesStandBelowEachOther) {
  EXPECT_EQ(hanging({"- bob  ", 7}, "no longer a member of it, and more than that", 40),
            "- bob  no longer a member of it, and\n"
            "       more than that\n");
  EXPECT_EQ(hanging({"- bob  ", 7}, "", 40), "- bob\n");
  EXPECT_EQ(hanging({"- bob  ", 7}, "as long as it may be", 0), "- bob  as long as it may be\n");
}

TEST(GivenALineWithALongBeginning, WhenThereIsNoRoomBesideItThenTheTextStandsBelow) {
  auto const name = std::string(30, 'x') + "  ";
  EXPECT_EQ(hanging({name, 32}, "no longer a member", 40),
            std::string(30, 'x') + "\n        no longer a member\n");
}

TEST(GivenATextOfManyScripts, WhenItsBeginningIsTakenThenNothingIsParted) {
  EXPECT_EQ(beginning_within("山田", 3), "山");
  EXPECT_EQ(beginning_within("e\u0301e\u0301", 1), "e\u0301");
  EXPECT_EQ(beginning_within("abc", 9), "abc");
  EXPECT_EQ(beginning_within("👩x", 1), "");
}

}  // namespace
}  // namespace dirsync::cli
