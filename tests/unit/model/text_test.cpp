#include "sync/model/text.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "sync/model/hex.hpp"
#include "sync/model/join.hpp"
#include "sync/model/strong.hpp"
#include "sync/model/width.hpp"

namespace dirsync {
namespace {

TEST(GivenText, WhenTrimmedThenOnlyTheEndsLoseWhiteSpace) {
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \v\f "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(GivenSeveral, WhenJoinedThenTheSeparatorStandsBetweenAnyTwo) {
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(join(std::vector{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector{"", "b", ""}, ", "), ", b, ");
  EXPECT_EQ(join(std::vector{EntryId{"x"}, EntryId{"y"}}, "+", &EntryId::value), "x+y");
  std::map<std::string, int> const counts{{"add", 2}, {"remove", 1}};
  EXPECT_EQ(join(counts, ", ", [](auto const& of) { return std::to_string(of.second) + " " + of.first; }),
            "2 add, 1 remove");
}

TEST(GivenBytes, WhenWrittenAsHexThenReadBackTheSame) {
  std::string const bytes{"\x00\x7f\x80\xff", 4};
  EXPECT_EQ(to_hex(bytes), "007f80ff");
  EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  EXPECT_EQ(to_hex(""), "");
}

TEST(GivenTextOfManyScripts, WhenMeasuredThenAsATerminalShowsIt) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("alice"), 5U);
  EXPECT_EQ(display_width("Jürgen Groß"), 11U);
  EXPECT_EQ(display_width("山田太郎"), 8U);
  EXPECT_EQ(display_width("ﾔﾏﾀﾞ"), 4U);  // half width, its voicing mark a character of its own
  EXPECT_EQ(display_width("ＡＢ"), 4U);  // full width
  EXPECT_EQ(display_width("김철수"), 6U);
  EXPECT_EQ(display_width("\u1100\u1161"), 2U);  // one syllable of two parts
  EXPECT_EQ(display_width("محمد"), 4U);
  EXPECT_EQ(display_width("مُحَمَّد"), 4U);  // with its vowels
  EXPECT_EQ(display_width("Jose\u0301"), 4U);
  EXPECT_EQ(display_width("👍"), 2U);
  EXPECT_EQ(display_width("👍🏽"), 2U);  // with a colour of skin
  EXPECT_EQ(display_width("🇩🇪"), 2U);        // a flag of two letters
  EXPECT_EQ(display_width("❤\uFE0F"), 2U);
  EXPECT_EQ(display_width("❤"), 1U);
  EXPECT_EQ(display_width("a\xff"
                          "b"),
            3U);
}

}  // namespace
}  // namespace dirsync
