#pragma once
#include "sync/model/record.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::fake {

class FakeClock final : public Clock {
 public:
  Time time = *parse_rfc3339("2026-01-02T03:04:05Z");
  Time now() const override { return time; }
};

}  // namespace dirsync::fake
