#include "store/proof/tree_proof.hpp"

#include <bit>

#include "store/proof/frontier.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {

TreeHash root_of(std::span<TreeHash const> leaves) {
  Frontier frontier;
  for (auto const& leaf : leaves) frontier.add(leaf);
  return frontier.root();
}

std::span<TreeHash const> left_of(std::span<TreeHash const> leaves) {
  return leaves.first(static_cast<std::size_t>(left_leaves(std::ssize(leaves))));
}

std::span<TreeHash const> right_of(std::span<TreeHash const> leaves) {
  return leaves.subspan(static_cast<std::size_t>(left_leaves(std::ssize(leaves))));
}

void add_inclusion(std::span<TreeHash const> leaves, std::int64_t index, TreePath& path) {
  if (leaves.size() < 2) return;
  auto const left = left_of(leaves), right = right_of(leaves);
  auto const is_left = index < std::ssize(left);
  add_inclusion(is_left ? left : right, is_left ? index : index - std::ssize(left), path);
  path.push_back(root_of(is_left ? right : left));
}

/// `is_known`: the verifier knows the root of these leaves.
void add_consistency(std::span<TreeHash const> leaves, std::int64_t first, bool is_known, TreePath& path) {
  if (first == std::ssize(leaves)) {
    if (!is_known) path.push_back(root_of(leaves));
    return;
  }
  auto const left = left_of(leaves), right = right_of(leaves);
  auto const is_left = first <= std::ssize(left);
  add_consistency(is_left ? left : right, is_left ? first : first - std::ssize(left), is_left && is_known,
                  path);
  path.push_back(root_of(is_left ? right : left));
}

/// The way up from a leaf to the root, by the numbers that node and last node of a level have.
struct Way {
  std::uint64_t node, last;
  bool is_at_root() const { return last == 0; }
  /// Whether the next hash of a path belongs to the left of what was reached.
  bool comes_from_right() {
    if (node % 2 == 0 && node != last) return false;
    // A last node without a sibling is the same hash on the level above.
    while (node % 2 == 0 && node != 0) up();
    return true;
  }
  void up() {
    node /= 2;
    last /= 2;
  }
};
}  // namespace

std::int64_t left_leaves(std::int64_t size) {
  DIRSYNC_ASSERT(size >= 2);
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1)));
}

TreePath inclusion_path(std::span<TreeHash const> leaves, std::int64_t index) {
  DIRSYNC_ASSERT(index >= 0 && index < std::ssize(leaves));
  TreePath path;
  add_inclusion(leaves, index, path);
  return path;
}

bool proves_inclusion(TreePath const& path, TreeHash const& leaf, std::int64_t index, std::int64_t size,
                      TreeHash const& root) {
  if (index < 0 || index >= size) return false;
  Way way{static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(size - 1)};
  auto reached = leaf;
  for (auto const& hash : path) {
    if (way.is_at_root()) return false;
    reached = way.comes_from_right() ? hash_of_parent(hash, reached) : hash_of_parent(reached, hash);
    way.up();
  }
  return way.is_at_root() && reached == root;
}

TreePath consistency_path(std::span<TreeHash const> leaves, std::int64_t first) {
  DIRSYNC_ASSERT(first >= 0 && first <= std::ssize(leaves));
  TreePath path;
  if (first > 0) add_consistency(leaves, first, true, path);
  return path;
}

bool proves_consistency(TreePath const& path, std::int64_t first, TreeHash const& first_root,
                        std::int64_t second, TreeHash const& second_root) {
  if (first < 0 || first > second) return false;
  if (first == second) return path.empty() && first_root == second_root;
  if (first == 0) return path.empty() && first_root == root_of_empty_tree();
  auto rest = std::span{path};
  auto start = first_root;
  if (!std::has_single_bit(static_cast<std::uint64_t>(first))) {
    if (rest.empty()) return false;
    start = rest.front();
    rest = rest.subspan(1);
  }
  Way way{static_cast<std::uint64_t>(first - 1), static_cast<std::uint64_t>(second - 1)};
  while (way.node % 2 == 1) way.up();
  auto reached_first = start, reached_second = start;
  for (auto const& hash : rest) {
    if (way.is_at_root()) return false;
    if (way.comes_from_right()) {
      reached_first = hash_of_parent(hash, reached_first);
      reached_second = hash_of_parent(hash, reached_second);
    } else {
      reached_second = hash_of_parent(reached_second, hash);
    }
    way.up();
  }
  return way.is_at_root() && reached_first == first_root && reached_second == second_root;
}

}  // namespace dirsync::store
