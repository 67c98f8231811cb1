#include "store/packing.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dirsync::store {
namespace {
constexpr auto kLargest = std::numeric_limits<std::uint32_t>::max();

TEST(GivenNumbers, WhenPackedThenUnpackedTheSame) {
  for (auto const& numbers :
       {std::vector<std::uint32_t>{}, {1}, {0, 1, 127, 128, 16'511, 16'512}, {5, kLargest}, {kLargest}})
    EXPECT_EQ(unpack_numbers(pack_numbers(numbers)), numbers);
}

TEST(GivenNeighbours, WhenPackedThenOneByteEach) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t n = 1000; n < 2000; ++n) numbers.push_back(n);
  EXPECT_EQ(pack_numbers(numbers).size(), 1001U);
}

TEST(GivenDamagedNumbers, WhenUnpackedThenNothing) {
  EXPECT_FALSE(unpack_numbers("\x80"));                          // cut
  EXPECT_FALSE(unpack_numbers({"\1\0", 2}));                     // the same twice
  EXPECT_FALSE(unpack_numbers("\xff\xff\xff\xff\x7f"));          // too large at once
  EXPECT_FALSE(unpack_numbers("\xff\xff\xff\xff\x0f\x01"));      // too large in sum
  EXPECT_FALSE(unpack_numbers(std::string(11, '\x80') + "\1"));  // endless
}

TEST(GivenTexts, WhenPackedThenUnpackedTheSame) {
  std::vector<std::string> const texts{"", "a\nb", std::string(300, 'x'), std::string{"nul\0!", 5}};
  EXPECT_EQ(unpack_texts(pack_texts(texts)), texts);
  EXPECT_EQ(unpack_texts(""), std::vector<std::string>{});
}

TEST(GivenDamagedTexts, WhenUnpackedThenNothing) {
  EXPECT_FALSE(unpack_texts("\5abc"));
  EXPECT_FALSE(unpack_texts("\xff"));
}

TEST(GivenEntries, WhenPackedThenUnpackedTheSame) {
  std::vector<EntryRecord> const entries{{false, 1, 0, "id-1", "cn=a", "CN=A"},
                                         {true, 300, 70'000, "id-2", "cn=b", "cn=b"},
                                         {false, 0, 0, "", "", ""}};
  auto const packed = pack_entries(entries);
  EXPECT_EQ(unpack_entries(packed), entries);
}

TEST(GivenPages, WhenJoinedThenTheListOfBoth) {
  std::vector<EntryRecord> const entries{{false, 1, 0, "id-1", "cn=a", "cn=A"},
                                         {true, 2, 0, "id-2", "cn=b", "cn=b"}};
  auto const joined = pack_entries(std::span{entries}.first(1)) + pack_entries(std::span{entries}.last(1));
  EXPECT_EQ(joined, pack_entries(entries));
}

TEST(GivenDamagedEntries, WhenUnpackedThenNothing) {
  auto const packed = pack_entries(std::vector<EntryRecord>{{true, 7, 9, "id", "cn=a", "cn=A"}});
  for (std::size_t size = 1; size < packed.size(); ++size)
    EXPECT_FALSE(unpack_entries(packed.substr(0, size))) << size;
  EXPECT_FALSE(unpack_entries("\2" + packed.substr(1)));  // neither person nor group
}

}  // namespace
}  // namespace dirsync::store
