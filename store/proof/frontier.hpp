#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "store/proof/tree_hash.hpp"

namespace dirsync::store {

/// A tree that grows leaf by leaf and keeps no more of itself than it needs for that: one hash for each bit
/// that is set in its size, the roots of the full subtrees that it consists of, from left to right.
class Frontier {
 public:
  Frontier() = default;  // of the tree without leaves
  /// As size() and nodes() told it; nothing when that many nodes are none of a tree of that size.
  static std::optional<Frontier> of(std::int64_t size, std::vector<TreeHash> nodes);

  void add(TreeHash const& leaf);
  std::int64_t size() const noexcept { return size_; }  // leaves
  std::vector<TreeHash> const& nodes() const noexcept { return nodes_; }
  TreeHash root() const;

 private:
  std::int64_t size_ = 0;
  std::vector<TreeHash> nodes_;
};

}  // namespace dirsync::store
