#pragma once
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sync/model/assert.hpp"

namespace dirsync {

/// A hash table of numbers whose keys live elsewhere: eight bytes for each slot, no allocation for each key.
/// A snapshot of a million memberships does a look-up for every one of them.
class FlatIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// `is_key`: whether the entry of that number has the key that was hashed.
  template <class IsKey>
  std::uint32_t find(std::uint64_t hash, IsKey is_key) const {
    if (slots_.empty()) return kNone;
    auto const mask = slots_.size() - 1;
    for (auto at = hash & mask; slots_[at].number != kNone; at = (at + 1) & mask)
      if (slots_[at].hash == static_cast<std::uint32_t>(hash) && is_key(slots_[at].number))
        return slots_[at].number;
    return kNone;
  }

  /// The key must not be there yet.
  void add(std::uint64_t hash, std::uint32_t number) {
    DIRSYNC_ASSERT(number != kNone);
    if ((count_ + 1) * 2 > slots_.size()) grow();
    put({static_cast<std::uint32_t>(hash), number});
    ++count_;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0, number = kNone;
  };

  void put(Slot slot) {
    auto const mask = slots_.size() - 1;
    auto at = slot.hash & mask;
    while (slots_[at].number != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }

  void grow() {
    auto const old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, Slot{});
    for (auto const slot : old)
      if (slot.number != kNone) put(slot);
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::size_t count_ = 0;
};

}  // namespace dirsync
