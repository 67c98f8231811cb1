#include "tests/bench/made_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace dirsync::bench {
namespace {

struct GivenAMadeDirectory : testing::TestWithParam<DirectorySize> {
  MadeDirectory directory{GetParam()};
  std::vector<MadeDirectory::Group> groups() const {
    std::vector<MadeDirectory::Group> all;
    for (unsigned n = 0; n < GetParam().groups; ++n) all.push_back(directory.group(n));
    return all;
  }
};

TEST_P(GivenAMadeDirectory, WhenMembershipsAreCountedThenThereAreAsManyAsAskedFor) {
  std::uint64_t count = 0;
  for (auto const& group : groups()) count += group.people.size();
  EXPECT_EQ(count, GetParam().memberships);
}

TEST_P(GivenAMadeDirectory, WhenAGroupIsMadeThenEachMemberIsOnceInItAndTheNextOneIsNot) {
  for (unsigned n = 1; n < GetParam().groups; ++n) {
    auto const group = directory.group(n);
    std::set<unsigned> const people{group.people.begin(), group.people.end()};
    ASSERT_EQ(people.size(), group.people.size()) << group.cn;
    ASSERT_FALSE(people.contains(directory.next_member(n))) << group.cn;
    ASSERT_LT(*people.rbegin(), GetParam().people);
  }
}

TEST_P(GivenAMadeDirectory, WhenSizesAreComparedThenOneGroupHasEverybodyAndMostAreSmall) {
  auto const all = groups();
  EXPECT_EQ(all.front().people.size(), GetParam().people);
  auto const small = std::ranges::count_if(all, [](auto const& group) { return group.people.size() <= 250; });
  EXPECT_GT(small, static_cast<std::ptrdiff_t>(all.size() * 9 / 10));
}

TEST_P(GivenAMadeDirectory, WhenGroupsAreNestedThenInLaterOnesSoThatThereIsNoRing) {
  auto nested = 0;
  for (unsigned n = 0; n < GetParam().groups; ++n)
    if (auto const below = directory.group(n).nested) {
      ++nested;
      EXPECT_GT(*below, n);
      EXPECT_LT(*below, GetParam().groups);
    }
  EXPECT_GE(nested, 3);
}

TEST_P(GivenAMadeDirectory, WhenMadeAgainThenItIsTheSameToTheByte) {
  std::ostringstream once, again;
  directory.write_ldif(once);
  MadeDirectory{GetParam()}.write_ldif(again);
  EXPECT_TRUE(once.str() == again.str());
}

INSTANTIATE_TEST_SUITE_P(Sizes, GivenAMadeDirectory,
                         testing::Values(DirectorySize{.people = 1'000, .groups = 100, .memberships = 7'350},
                                         DirectorySize{.people = 2'000, .groups = 200, .memberships = 15'000},
                                         DirectorySize{
                                             .people = 919, .groups = 130, .memberships = 9'001, .seed = 7}));

TEST(GivenTooFewMemberships, WhenADirectoryIsToBeMadeThenItIsRefused) {
  auto const make = [] { MadeDirectory{{.people = 1'000, .groups = 100, .memberships = 1'000}}; };
  EXPECT_THROW(make(), std::invalid_argument);
}

}  // namespace
}  // namespace dirsync::bench
