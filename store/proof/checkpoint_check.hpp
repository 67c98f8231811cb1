#pragma once
#include <optional>

#include "store/chain.hpp"
#include "store/proof/checkpoint.hpp"
#include "store/proof/frontier.hpp"

namespace dirsync::store {

/// Checks signed checkpoints against the rows that they are of, as both stream by: a row, then the
/// checkpoints of so many rows. The chain is ChainCheck's matter.
class CheckpointCheck {
 public:
  /// Result of the row of phase "store" that is added when the trail goes on with another key.
  static constexpr char kNewKey[] = "new-key";

  /// `key`: whose signatures they should be; without it nobody can tell.
  explicit CheckpointCheck(std::optional<PublicKey> key);

  /// Before the first row, where those of `pruned` were taken out of the trail. `tree`: theirs; nothing where
  /// nobody can tell. True when the two fit, and the signature holds.
  bool begin_after(SignedCheckpoint const& pruned, std::optional<Frontier> tree);
  /// `hashed`: hashed_bytes(row).
  void row(AuditRow const& row, std::string_view hashed);
  /// Not before its last row. True while everything holds.
  bool checkpoint(SignedCheckpoint const& checkpoint);
  /// The same for one whose signature was looked at already. `is_signed`: as is_signed_by() says of it and
  /// the key; without a key it does not count.
  bool checkpoint(SignedCheckpoint const& checkpoint, bool is_signed);
  /// The last word. A checkpoint of another key is no fault when a row tells of a new key after it.
  std::optional<ChainFault> finish() const;

  std::int64_t rows() const noexcept { return tree_.size(); }
  std::int64_t count() const noexcept { return count_; }    // checkpoints that hold
  std::int64_t others() const noexcept { return others_; }  // of them, signed with another key

 private:
  Frontier tree_;
  std::optional<PublicKey> key_;
  std::string origin_, last_hash_;
  std::int64_t count_ = 0, others_ = 0;
  std::int64_t last_of_others_ = 0, new_key_row_ = 0;
  std::optional<ChainFault> fault_;
};

}  // namespace dirsync::store
