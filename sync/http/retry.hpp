#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "sync/http/client.hpp"
#include "sync/http/settings.hpp"

namespace dirsync::http {

/// RFC 9110, 10.2.3: seconds, or a date seen from `now`. A date that has passed gives zero.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now);

/// Exponential back-off with full jitter. `attempt`: the one that failed, from 1. `jitter`: 0 up to 1.
std::chrono::milliseconds back_off(Retry const& retry, int attempt, double jitter);

/// What to do with the result of one attempt.
struct NextStep {
  enum class Kind {
    hand_over,  // this is the caller's result
    repeat,     // after `wait`
    give_up,    // the server wants a longer wait than allowed
  } kind = Kind::hand_over;
  std::chrono::milliseconds wait{0};
  bool pause_target = false;  // `wait` holds for every request to this target, also when handing over
};

/// The one place that decides about repeating. `attempt`: from 1.
NextStep next_step(Result<Response> const& result, Request const& request, int attempt, Retry const& retry,
                   double jitter, std::chrono::system_clock::time_point now);

}  // namespace dirsync::http
