#include "store/proof/tree_hash.hpp"

#include <algorithm>

#include "store/chain.hpp"
#include "sync/model/digest.hpp"

namespace dirsync::store {
namespace {
constexpr std::string_view kLeaf{"\0", 1}, kParent{"\1", 1};

/// One for each thread: to make one takes longer than to hash two hashes.
Sha256& tree_digest() {
  static thread_local Sha256 digest;
  return digest;
}
}  // namespace

TreeHash hash_of_leaf(std::string_view bytes) { return tree_digest().update(kLeaf).update(bytes).bytes(); }

TreeHash hash_of_leaf(AuditRow const& row) { return hash_of_leaf(hashed_bytes(row)); }

TreeHash hash_of_parent(TreeHash const& left, TreeHash const& right) {
  return tree_digest().update(kParent).update(view(left)).update(view(right)).bytes();
}

TreeHash root_of_empty_tree() { return tree_digest().bytes(); }

std::optional<TreeHash> tree_hash(std::string_view bytes) {
  TreeHash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

}  // namespace dirsync::store
