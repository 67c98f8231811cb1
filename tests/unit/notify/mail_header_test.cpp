#include "daemon/notify/mail_header.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

namespace dirsync::notify {
namespace {

using testing::Each;
using testing::EndsWith;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_of(std::string const& header) {
  std::vector<std::string> lines;
  std::istringstream text{header};
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}
/// As a reader unfolds it (RFC 5322 2.2.3): without the line ends.
std::string unfolded(std::string header) {
  std::erase(header, '\n');
  return header;
}
std::size_t longest_of(std::vector<std::string> const& lines) {
  return std::ranges::max(lines, {}, &std::string::size).size();
}

TEST(GivenAShortText, WhenAHeaderIsMadeOfItThenItIsOneLine) {
  EXPECT_EQ(text_header("Subject", "dirsyncd on host: held"), "Subject: dirsyncd on host: held\n");
  EXPECT_EQ(address_header("To", {"ops@example.com", "root"}), "To: ops@example.com, root\n");
}

TEST(GivenManyAddresses, WhenAHeaderIsMadeOfThemThenItIsFoldedBetweenThem) {
  std::vector<std::string> addresses;
  std::string expected = "To:";
  for (int n = 0; n < 100; ++n) {
    addresses.push_back("operator" + std::to_string(n) + "@example.com");
    expected += (n == 0 ? " " : ", ") + addresses.back();
  }
  auto const header = address_header("To", addresses);
  auto const lines = lines_of(header);
  EXPECT_LE(longest_of(lines), 78U);
  EXPECT_THAT((std::vector<std::string>{lines.begin() + 1, lines.end()}), Each(StartsWith(" operator")));
  EXPECT_THAT((std::vector<std::string>{lines.begin(), lines.end() - 1}), Each(EndsWith(",")));
  EXPECT_EQ(unfolded(header), expected);
}

TEST(GivenAnAddressLongerThanALine, WhenAHeaderIsMadeOfItThenItStaysWholeOnALineOfItsName) {
  auto const longest = std::string(200, 'x') + "@example.com";
  EXPECT_EQ(address_header("To", {longest, "root"}), "To: " + longest + ",\n root\n");
}

TEST(GivenALongText, WhenAHeaderIsMadeOfItThenItIsFoldedAtSpaces) {
  std::string text = "word0";
  for (int n = 1; n < 60; ++n) text += " word" + std::to_string(n);
  auto const header = text_header("Subject", text);
  EXPECT_LE(longest_of(lines_of(header)), 78U);
  EXPECT_EQ(unfolded(header), "Subject: " + text);
}

/// The second one by `printf 'h\xc3\xb6st' | base64`.
TEST(GivenTextThatIsNotAscii, WhenAHeaderIsMadeOfItThenItIsAnEncodedWord) {
  EXPECT_EQ(text_header("Subject", "h\u00f6st"), "Subject: =?UTF-8?B?aMO2c3Q=?=\n");
}

TEST(GivenALongTextThatIsNotAscii, WhenAHeaderIsMadeOfItThenNoLineIsTooLongAndNoCharacterIsParted) {
  std::string text;
  for (int n = 0; n < 50; ++n) text += "\u4e16";  // three bytes, and 39 of a word are thirteen of them
  auto const aligned = lines_of(text_header("Subject", text));
  EXPECT_THAT(aligned, SizeIs(4));
  EXPECT_LE(longest_of(aligned), 76U);
  // One byte more in front: the word ends before the character that has no room.
  auto const shifted = lines_of(text_header("Subject", "x" + text));
  EXPECT_LE(longest_of(shifted), 76U);
  EXPECT_EQ(shifted[0], "Subject: =?UTF-8?B?eOS4luS4luS4luS4luS4luS4luS4luS4luS4luS4luS4luS4lg==?=");
  for (auto const& line : shifted) EXPECT_THAT(line, EndsWith("?="));
}

TEST(GivenAnAddressThatIsNotAscii, WhenAHeaderIsMadeOfItThenItIsNotEncoded) {
  EXPECT_THAT(address_header("To", {"j\u00f6rg@example.com"}), Not(testing::HasSubstr("=?")));
}

}  // namespace
}  // namespace dirsync::notify
