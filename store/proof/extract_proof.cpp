#include "store/proof/extract_proof.hpp"

#include "store/proof/tree_proof.hpp"

namespace dirsync::store {
namespace {

class Climb {
 public:
  Climb(std::span<ChosenLeaf const> leaves, std::span<TreeHash const> nodes)
      : leaves_(leaves), nodes_(nodes) {}

  /// Of the subtree of the leaves from `first` on.
  std::optional<TreeHash> root(std::int64_t first, std::int64_t size) {
    if (leaves_.empty() || leaves_.front().index >= first + size) return next_node();
    if (size == 1) {
      auto const leaf = leaves_.front().hash;
      leaves_ = leaves_.subspan(1);
      return leaf;
    }
    auto const left_size = left_leaves(size);
    auto const left = root(first, left_size);
    if (!left) return std::nullopt;
    auto const right = root(first + left_size, size - left_size);
    if (!right) return std::nullopt;
    return hash_of_parent(*left, *right);
  }
  bool is_done() const { return leaves_.empty() && nodes_.empty(); }

 private:
  std::optional<TreeHash> next_node() {
    if (nodes_.empty()) return std::nullopt;
    auto const node = nodes_.front();
    nodes_ = nodes_.subspan(1);
    return node;
  }
  std::span<ChosenLeaf const> leaves_;
  std::span<TreeHash const> nodes_;
};
}  // namespace

ExtractProofBuilder::Subtree ExtractProofBuilder::joined(Subtree left, Subtree right) {
  auto const root = hash_of_parent(left.root, right.root);
  if (!left.has_chosen && !right.has_chosen) return {root, false, {}};
  auto nodes = left.has_chosen ? std::move(left.nodes) : std::vector{left.root};
  if (right.has_chosen)
    nodes.insert(nodes.end(), right.nodes.begin(), right.nodes.end());
  else
    nodes.push_back(right.root);
  return {root, true, std::move(nodes)};
}

ExtractProofBuilder::ExtractProofBuilder(Frontier const& start) : size_(start.size()) {
  for (auto const& root : start.nodes()) subtrees_.push_back({root, false, {}});
}

void ExtractProofBuilder::add(TreeHash const& leaf, bool is_chosen) {
  subtrees_.push_back({leaf, is_chosen, {}});
  for (auto rest = size_; rest % 2 == 1; rest /= 2) {
    auto right = std::move(subtrees_.back());
    subtrees_.pop_back();
    subtrees_.back() = joined(std::move(subtrees_.back()), std::move(right));
  }
  ++size_;
}

ExtractProofBuilder::Subtree ExtractProofBuilder::whole() const {
  if (subtrees_.empty()) return {root_of_empty_tree(), false, {}};
  auto tree = subtrees_.back();
  for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left)
    tree = joined(*left, std::move(tree));
  return tree;
}

std::vector<TreeHash> ExtractProofBuilder::nodes() const {
  auto tree = whole();
  if (tree.has_chosen) return std::move(tree.nodes);
  return size_ == 0 ? std::vector<TreeHash>{} : std::vector{tree.root};
}

TreeHash ExtractProofBuilder::root() const { return whole().root; }

std::optional<TreeHash> root_of_extract(std::int64_t size, std::span<ChosenLeaf const> leaves,
                                        std::span<TreeHash const> nodes) {
  if (size < 0) return std::nullopt;
  std::int64_t least = 0;
  for (auto const& leaf : leaves) {
    if (leaf.index < least || leaf.index >= size) return std::nullopt;
    least = leaf.index + 1;
  }
  if (size == 0) return nodes.empty() ? std::optional{root_of_empty_tree()} : std::nullopt;
  Climb climb{leaves, nodes};
  auto const root = climb.root(0, size);
  return climb.is_done() ? root : std::nullopt;
}

}  // namespace dirsync::store
