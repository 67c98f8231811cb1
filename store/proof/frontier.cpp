#include "store/proof/frontier.hpp"

#include <bit>

namespace dirsync::store {

std::optional<Frontier> Frontier::of(std::int64_t size, std::vector<TreeHash> nodes) {
  if (size < 0 || std::popcount(static_cast<std::uint64_t>(size)) != std::ssize(nodes)) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.nodes_ = std::move(nodes);
  return frontier;
}

void Frontier::add(TreeHash const& leaf) {
  nodes_.push_back(leaf);
  // As many full subtrees of the same height meet as the size ends with bits that are set.
  for (auto rest = size_; rest % 2 == 1; rest /= 2) {
    auto const right = nodes_.back();
    nodes_.pop_back();
    nodes_.back() = hash_of_parent(nodes_.back(), right);
  }
  ++size_;
}

TreeHash Frontier::root() const {
  if (nodes_.empty()) return root_of_empty_tree();
  auto root = nodes_.back();
  for (auto left = nodes_.rbegin() + 1; left != nodes_.rend(); ++left) root = hash_of_parent(*left, root);
  return root;
}

}  // namespace dirsync::store
