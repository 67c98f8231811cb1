#include "sync/model/digest.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

// FIPS 180-4 examples.
constexpr char kOfNothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(GivenSha256, WhenFedInPiecesThenTheSame) {
  EXPECT_EQ(Sha256{}.hex(), kOfNothing);
  EXPECT_EQ(Sha256{}.update("abc").hex(), kOfAbc);
  EXPECT_EQ(Sha256{}.update("a").update("").update("bc").hex(), kOfAbc);
}

TEST(GivenSha256, WhenReadThenStartsOver) {
  Sha256 digest;
  digest.update("something else").hex();
  EXPECT_EQ(digest.update("abc").hex(), kOfAbc);
}

TEST(GivenFields, WhenCutElsewhereThenOtherDigest) {
  auto const whole = Sha256{}.field("ab").field("c").hex();
  EXPECT_NE(whole, Sha256{}.field("a").field("bc").hex());
  EXPECT_NE(whole, Sha256{}.field("abc").hex());
  EXPECT_NE(whole, Sha256{}.field("ab").field("c").field("").hex());
}

TEST(GivenField, WhenFedThenEightBytesOfLengthFirst) {
  std::string const text(258, 'x');
  std::string const length{"\0\0\0\0\0\0\1\2", 8};
  EXPECT_EQ(Sha256{}.field(text).hex(), Sha256{}.update(length).update(text).hex());
}

}  // namespace
}  // namespace dirsync
