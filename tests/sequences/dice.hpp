#pragma once
#include <iterator>
#include <random>

namespace dirsync::sequences {

/// Everything that happens is decided by these, so that a number tells it all.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  /// 0 to most - 1; the same on every machine.
  int below(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }
  bool chance(int in) { return below(in) == 0; }
  /// One of what is in a container that is not empty.
  auto& pick(auto& container) {
    return *std::next(container.begin(), below(static_cast<int>(std::size(container))));
  }
  unsigned number() { return static_cast<unsigned>(random_()); }

 private:
  std::mt19937 random_;
};

}  // namespace dirsync::sequences
