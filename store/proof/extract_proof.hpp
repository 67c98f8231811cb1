#pragma once
// That some leaves are in a tree, with the hashes that their ways to the root need, each once. A subtree
// without any of these leaves stands for itself by its root, the larger one before its parts; the hashes come
// in the order of the leaves. With all leaves of the extract and these hashes the root can be computed, and
// with nothing else: there is one proof for each choice of leaves. Thread: any.
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "store/proof/frontier.hpp"
#include "store/proof/tree_hash.hpp"

namespace dirsync::store {

/// Makes the proof while the leaves of the tree stream by. Keeps the hashes of the proof and one for each bit
/// of the number of leaves.
class ExtractProofBuilder {
 public:
  ExtractProofBuilder() = default;
  /// Goes on from the leaves of `start`, none of which is chosen.
  explicit ExtractProofBuilder(Frontier const& start);
  /// The next leaf; `is_chosen`: it is one of the extract.
  void add(TreeHash const& leaf, bool is_chosen);
  /// For the leaves so far; an extract without leaves has the root alone, and that of an empty tree nothing.
  std::vector<TreeHash> nodes() const;
  TreeHash root() const;
  std::int64_t size() const noexcept { return size_; }

 private:
  struct Subtree {
    TreeHash root{};
    bool has_chosen = false;
    std::vector<TreeHash> nodes;  // of the proof; empty without a chosen leaf
  };
  static Subtree joined(Subtree left, Subtree right);
  Subtree whole() const;

  std::int64_t size_ = 0;
  std::vector<Subtree> subtrees_;  // as in Frontier
};

struct ChosenLeaf {
  std::int64_t index = 0;  // from 0
  TreeHash hash{};
};

/// The root of the tree of `size` leaves that these belong to, when the proof is right. Nothing when the
/// leaves are not in ascending order within the tree, or when there are too few hashes or too many.
std::optional<TreeHash> root_of_extract(std::int64_t size, std::span<ChosenLeaf const> leaves,
                                        std::span<TreeHash const> nodes);

}  // namespace dirsync::store
