#pragma once
#include <optional>
#include <vector>

#include "store/chain.hpp"
#include "store/proof/checkpoint.hpp"
#include "store/proof/frontier.hpp"

namespace dirsync::store {

/// What is left of the first rows of the audit trail, which were taken out of it.
struct PrunedRows {
  SignedCheckpoint checkpoint;  // of them, signed when they were taken out; `size`: how many
  std::vector<TreeHash> nodes;  // of their tree, as Frontier has them
  RunId last_run;               // the greatest number among them; later runs may have rows there, too

  std::int64_t rows() const { return checkpoint.checkpoint.size; }
  /// The last of them.
  ChainHead head() const { return {checkpoint.checkpoint.size, checkpoint.checkpoint.chain}; }
  /// Nothing when the hashes are none of a tree of that size.
  std::optional<Frontier> tree() const { return Frontier::of(checkpoint.checkpoint.size, nodes); }
};

}  // namespace dirsync::store
