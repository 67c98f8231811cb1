#pragma once
// Proofs about one tree or two, as RFC 9162 has them, 2.1.3 and 2.1.4. They are checked in steps that grow
// with the logarithm of the size. Thread: any.
#include <cstdint>
#include <span>
#include <vector>

#include "store/proof/tree_hash.hpp"

namespace dirsync::store {

using TreePath = std::vector<TreeHash>;  // from the leaf up

/// That leaf number `index`, from 0, is in the tree of these leaves.
TreePath inclusion_path(std::span<TreeHash const> leaves, std::int64_t index);
bool proves_inclusion(TreePath const& path, TreeHash const& leaf, std::int64_t index, std::int64_t size,
                      TreeHash const& root);

/// That the tree of these leaves continues the one of its `first` first leaves; `first`: from 0 to all.
TreePath consistency_path(std::span<TreeHash const> leaves, std::int64_t first);
/// With `first` 0 or `first` equal to `second` only the empty path proves anything.
bool proves_consistency(TreePath const& path, std::int64_t first, TreeHash const& first_root,
                        std::int64_t second, TreeHash const& second_root);

/// The leaves left of the root of a tree of `size` leaves, 2 at least: the largest power of two below it.
std::int64_t left_leaves(std::int64_t size);

}  // namespace dirsync::store
