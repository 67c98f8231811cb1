#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "sync/ports/monitor.hpp"

namespace dirsync::fake {

class RecordingMonitor final : public Monitor {
 public:
  std::vector<std::string> events;
  std::uint64_t done = 0, total = 0;

  void event(Level, std::string_view name, std::span<Field const>) override { events.emplace_back(name); }
  void progress(std::string_view, std::uint64_t so_far, std::uint64_t of) override {
    done = so_far;
    total = of;
  }
  auto count(std::string_view name) const { return std::ranges::count(events, name); }
};

}  // namespace dirsync::fake
