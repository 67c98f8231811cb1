#include <gtest/gtest.h>

#include "store/proof/frontier.hpp"
#include "store/proof/tree_proof.hpp"
#include "tests/unit/store/known_trees.hpp"

namespace dirsync::store {
namespace {

std::vector<std::string> hex(TreePath const& path) {
  std::vector<std::string> digits;
  for (auto const& hash : path) digits.push_back(to_hex(view(hash)));
  return digits;
}

Frontier frontier_of(std::span<TreeHash const> leaves) {
  Frontier frontier;
  for (auto const& leaf : leaves) frontier.add(leaf);
  return frontier;
}

TEST(GivenKnownLeaves, WhenAddedOneByOneThenTheirTreesHaveTheKnownRoots) {
  Frontier frontier;
  auto const leaves = known_leaves();
  for (std::size_t size = 0;; ++size) {
    EXPECT_EQ(to_hex(view(frontier.root())), kKnownRoots[size]);
    EXPECT_EQ(frontier.size(), static_cast<std::int64_t>(size));
    if (size == leaves.size()) break;
    frontier.add(leaves[size]);
  }
}

TEST(GivenKnownLeaves, WhenTheirInclusionIsProvedThenByTheKnownPaths) {
  auto const leaves = known_leaves();
  using Known = std::vector<std::string>;
  EXPECT_EQ(hex(inclusion_path(std::span{leaves}.first(1), 0)), Known{});
  EXPECT_EQ(hex(inclusion_path(leaves, 0)),
            (Known{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(hex(inclusion_path(leaves, 5)),
            (Known{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(hex(inclusion_path(std::span{leaves}.first(3), 2)),
            Known{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"});
  EXPECT_EQ(hex(inclusion_path(std::span{leaves}.first(5), 1)),
            (Known{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(GivenKnownLeaves, WhenTheirConsistencyIsProvedThenByTheKnownPaths) {
  auto const leaves = known_leaves();
  using Known = std::vector<std::string>;
  EXPECT_EQ(hex(consistency_path(std::span{leaves}.first(1), 1)), Known{});
  EXPECT_EQ(hex(consistency_path(leaves, 1)),
            (Known{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(hex(consistency_path(leaves, 6)),
            (Known{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(hex(consistency_path(std::span{leaves}.first(5), 2)),
            (Known{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

/// The tree of RFC 9162, 2.1.5, with its names of the nodes.
struct GivenTheTreeOfTheSpecification : testing::Test {
  std::vector<TreeHash> leaves = numbered_leaves(7);
  TreeHash const a = leaves[0], b = leaves[1], c = leaves[2], d = leaves[3], e = leaves[4], f = leaves[5],
                 j = leaves[6];
  TreeHash const g = hash_of_parent(a, b), h = hash_of_parent(c, d), i = hash_of_parent(e, f);
  TreeHash const k = hash_of_parent(g, h), l = hash_of_parent(i, j);
};

TEST_F(GivenTheTreeOfTheSpecification, WhenProvedThenByTheNodesThatItNames) {
  EXPECT_EQ(frontier_of(leaves).root(), hash_of_parent(k, l));
  EXPECT_EQ(inclusion_path(leaves, 0), (TreePath{b, h, l}));
  EXPECT_EQ(inclusion_path(leaves, 3), (TreePath{c, g, l}));
  EXPECT_EQ(inclusion_path(leaves, 4), (TreePath{f, j, k}));
  EXPECT_EQ(inclusion_path(leaves, 6), (TreePath{i, k}));
  EXPECT_EQ(consistency_path(leaves, 3), (TreePath{c, d, g, l}));
  EXPECT_EQ(consistency_path(leaves, 4), (TreePath{l}));
  EXPECT_EQ(consistency_path(leaves, 6), (TreePath{i, j, k}));
}

struct GivenTreesOfManySizes : testing::TestWithParam<int> {
  std::vector<TreeHash> leaves = numbered_leaves(GetParam());
  TreeHash const root = frontier_of(leaves).root();
  std::int64_t const size = std::ssize(leaves);
  /// Every proof that is a little wrong: a hash that has another bit, is gone, or comes twice.
  static std::vector<TreePath> wrong(TreePath const& path) {
    std::vector<TreePath> all;
    for (std::size_t at = 0; at < path.size(); ++at) {
      for (std::size_t byte = 0; byte < path[at].size(); ++byte) {
        all.push_back(path);
        all.back()[at][byte] ^= 1;
      }
      all.push_back(path);
      all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(at));
      all.push_back(path);
      all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(at), path[at]);
      if (at == 0) continue;
      all.push_back(path);
      std::swap(all.back()[at - 1], all.back()[at]);
    }
    all.push_back(path);
    all.back().emplace_back();
    return all;
  }
};

TEST_P(GivenTreesOfManySizes, WhenGrownThenTheRootIsThatOfTheDefinition) {
  EXPECT_EQ(root, defined_root(leaves));
}

TEST_P(GivenTreesOfManySizes, WhenWhatIsKeptIsReadBackThenItGrowsAsBefore) {
  auto grown = frontier_of(leaves);
  auto kept = Frontier::of(grown.size(), grown.nodes());
  ASSERT_TRUE(kept);
  EXPECT_LE(grown.nodes().size(), 7U);
  for (auto const& leaf : numbered_leaves(5)) {
    grown.add(leaf);
    kept->add(leaf);
    EXPECT_EQ(kept->root(), grown.root());
  }
  auto nodes = grown.nodes();
  nodes.emplace_back();
  EXPECT_FALSE(Frontier::of(grown.size(), nodes));
}

TEST_P(GivenTreesOfManySizes, WhenALeafIsProvedThenThatLeafInThatPlaceOfThatTreeAlone) {
  for (std::int64_t index = 0; index < size; ++index) {
    auto const path = inclusion_path(leaves, index);
    auto const& leaf = leaves[static_cast<std::size_t>(index)];
    EXPECT_TRUE(proves_inclusion(path, leaf, index, size, root)) << index;
    EXPECT_FALSE(proves_inclusion(path, hash_of_leaf("other"), index, size, root));
    EXPECT_FALSE(proves_inclusion(path, leaf, index, size, hash_of_leaf("other")));
    for (std::int64_t other = -1; other <= size; ++other)
      EXPECT_EQ(proves_inclusion(path, leaf, other, size, root), other == index) << other;
    for (auto const& path_with_fault : wrong(path))
      ASSERT_FALSE(proves_inclusion(path_with_fault, leaf, index, size, root));
  }
}

TEST_P(GivenTreesOfManySizes, WhenATreeIsProvedToContinueAnotherThenThatOneAlone) {
  for (std::int64_t first = 0; first <= size; ++first) {
    auto const path = consistency_path(leaves, first);
    auto const first_root = frontier_of(std::span{leaves}.first(static_cast<std::size_t>(first))).root();
    EXPECT_TRUE(proves_consistency(path, first, first_root, size, root)) << first;
    EXPECT_FALSE(proves_consistency(path, first, hash_of_leaf("other"), size, root));
    EXPECT_FALSE(first > 0 && proves_consistency(path, first, first_root, size, hash_of_leaf("other")));
    EXPECT_FALSE(proves_consistency(path, size + 1, first_root, size, root));
    for (auto const& path_with_fault : wrong(path))
      ASSERT_FALSE(proves_consistency(path_with_fault, first, first_root, size, root)) << first;
  }
}

TEST_P(GivenTreesOfManySizes, WhenAnEarlierLeafIsAnotherThenNoPathProvesThatItContinues) {
  for (std::int64_t first = 1; first < size; ++first) {
    auto other = leaves;
    other[static_cast<std::size_t>(first / 2)] = hash_of_leaf("other");
    auto const first_root = frontier_of(std::span{leaves}.first(static_cast<std::size_t>(first))).root();
    auto const other_root = frontier_of(other).root();
    for (auto const* const of : {&leaves, &other})
      EXPECT_FALSE(proves_consistency(consistency_path(*of, first), first, first_root, size, other_root));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, GivenTreesOfManySizes,
                         testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 17, 33),
                         [](auto const& tested) { return std::to_string(tested.param) + "Leaves"; });

}  // namespace
}  // namespace dirsync::store
