#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sync/model/log_level.hpp"

namespace dirsync {

/// What the engine tells while it works. Event names are stable; daemon/events.md explains each.
class Monitor {
 public:
  using Level = LogLevel;
  struct Field {
    std::string_view key;
    std::string value;  // never a secret
  };
  virtual ~Monitor() = default;
  virtual void event(Level level, std::string_view name, std::span<Field const> fields) = 0;
  /// `total` 0: unknown. For a person at a terminal.
  virtual void progress(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

}  // namespace dirsync
