#include "store/verified_checkpoints.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace dirsync::store {
namespace {
constexpr std::size_t kCheckpointBatch = 128;
/// Fewer are verified at once, by the caller's thread.
constexpr std::size_t kWorthAThread = 16;

std::vector<VerifiedCheckpoint> verify_all(std::vector<VerifiedCheckpoint> checkpoints,
                                           std::optional<PublicKey> const& key) {
  if (key)
    for (auto& one : checkpoints) one.is_signed = is_signed_by(one.checkpoint, *key);
  std::ranges::reverse(checkpoints);
  return checkpoints;
}
}  // namespace

VerifiedCheckpoints::VerifiedCheckpoints(Database& database, std::optional<PublicKey> key)
    : reader_(database), key_(std::move(key)) {}

void VerifiedCheckpoints::read_ahead() {
  auto const threads = std::max(1U, std::thread::hardware_concurrency());
  while (!is_at_end_ && ahead_.size() < threads) {
    Batch batch;
    while (batch.size() < kCheckpointBatch) {
      auto read = reader_.next();
      is_at_end_ = !read;
      if (is_at_end_) break;
      batch.push_back({*std::move(read)});
    }
    if (batch.empty()) return;
    // Where no thread can be had the library lets the caller's do it.
    auto const how = key_ && batch.size() >= kWorthAThread ? std::launch::async | std::launch::deferred
                                                           : std::launch::deferred;
    ahead_.push_back(std::async(how, verify_all, std::move(batch), key_));
  }
}

std::optional<VerifiedCheckpoint> VerifiedCheckpoints::next() {
  if (now_.empty()) {
    read_ahead();
    if (ahead_.empty()) return std::nullopt;
    now_ = ahead_.front().get();
    ahead_.pop_front();
    read_ahead();
  }
  auto one = std::move(now_.back());
  now_.pop_back();
  return one;
}

}  // namespace dirsync::store
