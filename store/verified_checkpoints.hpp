#pragma once
// The checkpoints of a file with a look at their signatures. Inside this folder only; within
// Database::reading.
#include <deque>
#include <future>
#include <optional>
#include <vector>

#include "store/checkpoints.hpp"
#include "store/proof/signing.hpp"

namespace dirsync::store {

struct VerifiedCheckpoint {
  SignedCheckpoint checkpoint;
  bool is_signed = false;  // with the key; false without one
};

/// Goes through them in the order of their sizes. To verify a signature takes as long as to read twenty rows,
/// and every run that changes something leaves one: so those that come next are verified by other threads,
/// which get values and give values. The file is read by the caller's alone.
class VerifiedCheckpoints {
 public:
  VerifiedCheckpoints(Database& database, std::optional<PublicKey> key);
  /// Nothing after the last one.
  std::optional<VerifiedCheckpoint> next();

 private:
  using Batch = std::vector<VerifiedCheckpoint>;
  void read_ahead();

  CheckpointReader reader_;
  std::optional<PublicKey> key_;
  bool is_at_end_ = false;
  std::deque<std::future<Batch>> ahead_;
  Batch now_;  // the next one last
};

}  // namespace dirsync::store
