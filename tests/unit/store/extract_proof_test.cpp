#include "store/proof/extract_proof.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "store/proof/tree_proof.hpp"
#include "tests/unit/store/known_trees.hpp"

namespace dirsync::store {
namespace {

struct SmallExtract {
  std::vector<ChosenLeaf> leaves;
  std::vector<TreeHash> nodes;
};

SmallExtract extract_of(std::vector<TreeHash> const& leaves, std::vector<std::int64_t> const& chosen) {
  ExtractProofBuilder builder;
  SmallExtract extract;
  auto next = chosen.begin();
  for (auto const& leaf : leaves) {
    auto const is_chosen = next != chosen.end() && *next == builder.size();
    if (is_chosen) extract.leaves.push_back({*next++, leaf});
    builder.add(leaf, is_chosen);
  }
  extract.nodes = builder.nodes();
  EXPECT_EQ(builder.root(), defined_root(leaves));
  return extract;
}

struct GivenATree : testing::Test {
  std::vector<TreeHash> leaves = numbered_leaves(37);
  std::int64_t const size = std::ssize(leaves);
  TreeHash const root = defined_root(leaves);
  SmallExtract extract = extract_of(leaves, {3, 4, 5, 20, 36});
  bool holds() const { return root_of_extract(size, extract.leaves, extract.nodes) == root; }
};

TEST_F(GivenATree, WhenEveryChoiceOfASmallOneIsProvedThenTheRootIsFound) {
  leaves.resize(7);
  auto const small_root = defined_root(leaves);
  for (auto choice = 0; choice < 1 << 7; ++choice) {
    std::vector<std::int64_t> chosen;
    for (auto leaf = 0; leaf < 7; ++leaf)
      if ((choice >> leaf) % 2 == 1) chosen.push_back(leaf);
    auto const [of, nodes] = extract_of(leaves, chosen);
    EXPECT_EQ(of.size(), chosen.size());
    EXPECT_EQ(root_of_extract(7, of, nodes), small_root) << choice;
  }
}

TEST_F(GivenATree, WhenItsFirstLeavesAreGoneThenTheProofIsTheSame) {
  for (std::int64_t first = 0; first <= size; ++first) {
    Frontier start;
    for (std::int64_t leaf = 0; leaf < first; ++leaf) start.add(leaves[static_cast<std::size_t>(leaf)]);
    ExtractProofBuilder builder{start};
    std::vector<std::int64_t> chosen;
    for (auto leaf = first; leaf < size; ++leaf) {
      auto const is_chosen = leaf % 5 == 0;
      if (is_chosen) chosen.push_back(leaf);
      builder.add(leaves[static_cast<std::size_t>(leaf)], is_chosen);
    }
    EXPECT_EQ(builder.nodes(), extract_of(leaves, chosen).nodes) << first;
    EXPECT_EQ(builder.root(), root) << first;
  }
}

TEST_F(GivenATree, WhenOneLeafIsProvedThenByTheHashesOfItsInclusionPath) {
  for (std::int64_t index = 0; index < size; ++index) {
    auto nodes = extract_of(leaves, {index}).nodes;
    auto path = inclusion_path(leaves, index);
    std::ranges::sort(nodes);
    std::ranges::sort(path);
    EXPECT_EQ(nodes, path);
  }
}

TEST_F(GivenATree, WhenNothingOrAllIsChosenThenTheRootAloneOrNoHashProvesIt) {
  EXPECT_EQ(extract_of(leaves, {}).nodes, std::vector{root});
  std::vector<std::int64_t> all;
  for (std::int64_t leaf = 0; leaf < size; ++leaf) all.push_back(leaf);
  EXPECT_TRUE(extract_of(leaves, all).nodes.empty());
  EXPECT_TRUE(extract_of({}, {}).nodes.empty());
  EXPECT_EQ(root_of_extract(0, {}, {}), root_of_empty_tree());
}

TEST_F(GivenATree, WhenAnyBitOfAHashIsAnotherThenFound) {
  ASSERT_TRUE(holds());
  for (auto& node : extract.nodes)
    for (auto& byte : node) {
      byte ^= 4;
      ASSERT_FALSE(holds());
      byte ^= 4;
    }
  for (auto& leaf : extract.leaves)
    for (auto& byte : leaf.hash) {
      byte ^= 4;
      ASSERT_FALSE(holds());
      byte ^= 4;
    }
  EXPECT_TRUE(holds());
}

TEST_F(GivenATree, WhenALeafIsGoneOrTwiceOrElsewhereThenFound) {
  auto const whole = extract;
  for (std::size_t at = 0; at < whole.leaves.size(); ++at) {
    auto const here = static_cast<std::ptrdiff_t>(at);
    extract = whole;
    extract.leaves.erase(extract.leaves.begin() + here);
    EXPECT_FALSE(holds()) << "gone: " << at;
    extract = whole;
    extract.leaves.insert(extract.leaves.begin() + here, whole.leaves[at]);
    EXPECT_FALSE(holds()) << "twice: " << at;
    for (std::int64_t index = -1; index <= size; ++index) {
      extract = whole;
      extract.leaves[at].index = index;
      EXPECT_EQ(holds(), index == whole.leaves[at].index) << at << " at " << index;
    }
  }
}

TEST_F(GivenATree, WhenLeavesTradePlacesThenFound) {
  std::swap(extract.leaves[0].hash, extract.leaves[1].hash);
  EXPECT_FALSE(holds());
  std::swap(extract.leaves[0].index, extract.leaves[1].index);
  EXPECT_FALSE(holds()) << "not in ascending order";
}

TEST_F(GivenATree, WhenALeafIsAddedThatIsNoneOfItThenFound) {
  for (std::int64_t index = 6; index < 20; ++index) {
    auto more = extract;
    more.leaves.insert(more.leaves.begin() + 3, {index, hash_of_leaf("other")});
    EXPECT_NE(root_of_extract(size, more.leaves, more.nodes), root);
  }
}

TEST_F(GivenATree, WhenHashesAreGoneTwiceOrTradePlacesThenFound) {
  auto const whole = extract;
  for (std::size_t at = 0; at < whole.nodes.size(); ++at) {
    auto const here = static_cast<std::ptrdiff_t>(at);
    extract = whole;
    extract.nodes.erase(extract.nodes.begin() + here);
    EXPECT_FALSE(holds());
    extract = whole;
    extract.nodes.insert(extract.nodes.begin() + here, whole.nodes[at]);
    EXPECT_FALSE(holds());
    if (at == 0) continue;
    extract = whole;
    std::swap(extract.nodes[at - 1], extract.nodes[at]);
    EXPECT_FALSE(holds());
  }
}

TEST_F(GivenATree, WhenTheProofIsThatOfAnotherTreeThenFound) {
  auto others = leaves;
  others.back() = hash_of_leaf("other");
  extract.nodes = extract_of(others, {3, 4, 5, 20, 35}).nodes;
  EXPECT_FALSE(holds());
  others.push_back(hash_of_leaf("one more"));
  extract.nodes = extract_of(others, {3, 4, 5, 20, 36}).nodes;
  EXPECT_FALSE(holds());
}

TEST(GivenRandomTrees, WhenRandomLeavesAreProvedThenTheRootIsFound) {
  std::mt19937 dice{20261121};
  for (auto round = 0; round < 200; ++round) {
    auto const leaves = numbered_leaves(static_cast<int>(dice() % 200));
    auto const one_in = 1 + dice() % 20;
    std::vector<std::int64_t> chosen;
    for (std::int64_t leaf = 0; leaf < std::ssize(leaves); ++leaf)
      if (dice() % one_in == 0) chosen.push_back(leaf);
    auto const [of, nodes] = extract_of(leaves, chosen);
    EXPECT_EQ(root_of_extract(std::ssize(leaves), of, nodes), defined_root(leaves)) << round;
  }
}

/// At most one hash on each side of each level, and half as many where a place is like any other.
TEST(GivenALargeTree, WhenTenRowsInARowAreProvedThenByAFewHundredBytes) {
  constexpr std::int64_t kSize = 20'000, kRows = 10;
  constexpr std::size_t kLevels = 15, kHashBytes = 32;
  auto const leaf = hash_of_leaf("row");
  std::size_t bytes = 0, places = 0;
  for (std::int64_t first = 0; first + kRows <= kSize; first += 1'999) {
    ExtractProofBuilder builder;
    for (std::int64_t n = 0; n < kSize; ++n) builder.add(leaf, n >= first && n < first + kRows);
    auto const nodes = builder.nodes();
    EXPECT_LE(nodes.size(), 2 * kLevels) << first;
    EXPECT_FALSE(root_of_extract(kSize, {}, nodes)) << "without the rows";
    bytes += nodes.size() * kHashBytes;
    ++places;
  }
  EXPECT_LE(bytes / places, kHashBytes * (kLevels + 1)) << "on average";
}

}  // namespace
}  // namespace dirsync::store
