#pragma once
// Memory that is given back all at once.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace dirsync {

/// Values that stay where they are while the pool lives, also when it moves.
template <class T>
class Pool {
 public:
  std::span<T const> keep(std::span<T const> values) {
    if (values.size() > capacity_ - used_) {
      capacity_ = std::max(kBlock, values.size());
      blocks_.push_back(std::make_unique_for_overwrite<T[]>(capacity_));
      used_ = 0;
    }
    if (values.empty()) return {};
    auto* const place = blocks_.back().get() + used_;
    std::ranges::copy(values, place);
    used_ += values.size();
    return {place, values.size()};
  }

 private:
  static constexpr std::size_t kBlock = 65'536 / sizeof(T);
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t used_ = 0, capacity_ = 0;
};

/// Text that stays where it is while the pool lives, also when it moves.
class TextPool {
 public:
  std::string_view keep(std::string_view text) {
    auto const kept = pool_.keep(text);
    return {kept.data(), kept.size()};
  }

 private:
  Pool<char> pool_;
};

}  // namespace dirsync
