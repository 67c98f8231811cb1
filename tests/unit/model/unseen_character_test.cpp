#include "sync/model/unseen_character.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

TEST(GivenAName, WhenSomethingInItCannotBeSeenThenItIsNamed) {
  EXPECT_EQ(unseen_character_in(std::string_view{"a\0b", 3}), "U+0000");
  EXPECT_EQ(unseen_character_in("a\nb"), "U+000A");
  EXPECT_EQ(unseen_character_in("a\x7F"), "U+007F");
  EXPECT_EQ(unseen_character_in("\u0085"), "U+0085");
  EXPECT_EQ(unseen_character_in("a\u009Fb"), "U+009F");
  EXPECT_EQ(unseen_character_in("admins\u200B"), "U+200B");
  EXPECT_EQ(unseen_character_in("\uFEFF"
                                "admins"),
            "U+FEFF");
  EXPECT_EQ(unseen_character_in("a\u2060"
                                "b"),
            "U+2060");
  EXPECT_EQ(unseen_character_in("a\u2028"), "U+2028");
  EXPECT_EQ(unseen_character_in("a\u2029"), "U+2029");
  for (auto const* mark : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202D", "\u202E", "\u2066", "\u2069"})
    EXPECT_NE(unseen_character_in("ops" + std::string{mark} + "sda"), "") << mark;
  EXPECT_EQ(unseen_character_in("a\u202E"
                                "b\u2066"),
            "U+202E")
      << "the first one";
}

TEST(GivenAName, WhenEverythingInItBelongsToAScriptThenNothingIsNamed) {
  for (auto const* name : {"", "Unix Admins", "Größe", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
                           "\u0915\u094D\u200D\u0937", "\u05E9\u05DC\u05D5\u05DD", "a\u00A0b", "\U0001F600"})
    EXPECT_EQ(unseen_character_in(name), "") << name;
  EXPECT_EQ(unseen_character_in("\xFF\x80"), "") << "no UTF-8";
}

}  // namespace
}  // namespace dirsync
