#include "sync/rest/mended_text.hpp"

#include <gtest/gtest.h>

#include "sync/model/text.hpp"
#include "sync/rest/json.hpp"

namespace dirsync::rest {
namespace {

/// The same in pieces of that length.
std::string mended_in_pieces(std::string_view text, std::size_t length) {
  TextMender mender;
  std::string whole;
  for (std::size_t at = 0; at < text.size(); at += length) whole += mender.mend(text.substr(at, length));
  return whole.append(mender.rest());
}

void expect_mended(std::string const& text, std::string const& expected) {
  for (std::size_t const length : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 1000U})
    EXPECT_EQ(mended_in_pieces(text, length), expected) << "pieces of " << length;
}

TEST(MendedText, WhenAllIsUnicodeThenNothingChanges) {
  for (std::string const text : {R"({"a":"plain"})", R"("\u00fc \"x\" \\ \/ \n \ud83d\ude00 \uD83D\uDE00")",
                                 "\"\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"", ""})
    expect_mended(text, text);
}

TEST(MendedText, WhenHalfOfASurrogatePairThenMarkedAndAllElseStays) {
  expect_mended(R"("x\ud83d")", R"("x\u007f")");
  expect_mended(R"("\ude00y\ud83dz")", R"("\u007fy\u007fz")");
  expect_mended(R"("\ud83d\ud83d\ude00")", R"("\u007f\ud83d\ude00")");
  expect_mended(R"("\ud83d\n")", R"("\u007f\n")");
  expect_mended(R"("\ud83d\u00fc")", R"("\u007f\u00fc")");
  expect_mended(R"("\\ud83d")", R"("\\ud83d")");  // an escaped backslash
}

TEST(MendedText, WhenBytesAreNoUtf8ThenEachIsMarked) {
  expect_mended("\"M\xfcller\"", "\"M\x7fller\"");
  expect_mended("\"\xed\xa0\xbd \xc0\xaf \xf5 \xe2\x82\"", "\"\x7f\x7f\x7f \x7f\x7f \x7f \x7f\x7f\"");
}

TEST(MendedText, WhenTheTextIsBrokenOtherwiseThenItStaysBroken) {
  for (std::string const text : {R"("\u12)", R"("\ud83d)", R"("\)", R"("\uzzzz")", "\"\xe2\x82"})
    expect_mended(text, text);
  EXPECT_FALSE(parse_json(R"("\uzzzz")"));
}

TEST(MendedText, WhenADocumentHasHalfAnEmojiThenItIsReadAndTheFieldIsKnown) {
  auto const object = parse_object(R"({"first":"Zo\ud83d","id":7})");
  ASSERT_TRUE(object);
  EXPECT_EQ(number_at(*object, "id"), 7);
  EXPECT_TRUE(is_mended(text_or_empty(*object, "first")));
  EXPECT_TRUE(is_utf8(text_or_empty(*object, "first")));
}

}  // namespace
}  // namespace dirsync::rest
