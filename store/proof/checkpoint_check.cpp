#include "store/proof/checkpoint_check.hpp"

namespace dirsync::store {

CheckpointCheck::CheckpointCheck(std::optional<PublicKey> key)
    : key_(std::move(key)), origin_(key_ ? origin_of(*key_) : "") {}

void CheckpointCheck::row(AuditRow const& row, std::string_view hashed) {
  tree_.add(hash_of_leaf(hashed));
  last_hash_ = row.hash;
  if (row.phase == "store" && row.result == kNewKey) new_key_row_ = row.sequence;
}

bool CheckpointCheck::begin_after(SignedCheckpoint const& pruned, std::optional<Frontier> tree) {
  auto const& left = pruned.checkpoint;
  if (!tree || tree->size() != left.size || tree->root() != left.root) {
    fault_ = ChainFault{ChainFault::Kind::wrong_checkpoint, left.size,
                        "what was kept of the " + std::to_string(left.size) +
                            " pruned rows does not fit their checkpoint: one of the two was replaced"};
    return false;
  }
  tree_ = *std::move(tree);
  last_hash_ = left.chain;
  return checkpoint(pruned);
}

bool CheckpointCheck::checkpoint(SignedCheckpoint const& signed_one) {
  return checkpoint(signed_one, key_ && is_signed_by(signed_one, *key_));
}

bool CheckpointCheck::checkpoint(SignedCheckpoint const& signed_one, bool is_signed) {
  using enum ChainFault::Kind;
  if (fault_) return false;
  auto const& checkpoint = signed_one.checkpoint;
  auto const rows = std::to_string(checkpoint.size);
  if (checkpoint.size > tree_.size()) {
    fault_ = ChainFault{cut_tail, tree_.size() + 1,
                        "a checkpoint is of " + rows + " rows, but those after row " +
                            std::to_string(tree_.size()) + " are gone"};
  } else if (checkpoint.size != tree_.size() || checkpoint.root != tree_.root() ||
             checkpoint.chain != last_hash_) {
    fault_ = ChainFault{wrong_checkpoint, checkpoint.size,
                        "the checkpoint of " + rows +
                            " rows is of other rows: the trail up to there, or the checkpoint, was replaced"};
  } else if (key_ && checkpoint.origin != origin_) {
    ++others_;
    last_of_others_ = checkpoint.size;
  } else if (key_ && !is_signed) {
    fault_ = ChainFault{wrong_signature, checkpoint.size,
                        "the signature of the checkpoint of " + rows + " rows does not hold"};
  }
  if (!fault_) ++count_;
  return !fault_;
}

std::optional<ChainFault> CheckpointCheck::finish() const {
  if (fault_ || last_of_others_ == 0 || last_of_others_ < new_key_row_) return fault_;
  return ChainFault{ChainFault::Kind::wrong_signature, last_of_others_,
                    "the checkpoint of " + std::to_string(last_of_others_) +
                        " rows was signed with another key, and no row after it tells of a new one"};
}

}  // namespace dirsync::store
