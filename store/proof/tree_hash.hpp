#pragma once
// The hashes of a Merkle tree over the audit trail, as RFC 9162, 2.1.1 has them: row 1 is leaf 0. Thread:
// any.
#include <array>
#include <optional>
#include <string_view>

#include "sync/model/record.hpp"

namespace dirsync::store {

using TreeHash = std::array<char, 32>;  // SHA-256

/// SHA-256 of a zero byte and the bytes.
TreeHash hash_of_leaf(std::string_view bytes);
/// Of what is hashed of the row for the chain as well; see hashed_bytes().
TreeHash hash_of_leaf(AuditRow const& row);
/// SHA-256 of a one byte and both hashes.
TreeHash hash_of_parent(TreeHash const& left, TreeHash const& right);
/// SHA-256 of nothing.
TreeHash root_of_empty_tree();

inline std::string_view view(TreeHash const& hash) { return {hash.data(), hash.size()}; }
/// Nothing unless there are 32 bytes.
std::optional<TreeHash> tree_hash(std::string_view bytes);

}  // namespace dirsync::store
