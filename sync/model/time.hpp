#pragma once
// Points in time and their spellings. Thread: any.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

using Time = std::chrono::system_clock::time_point;  // stored and shown as RFC 3339 in UTC, milliseconds

/// "2026-11-21T21:38:11.042Z"; what is finer than a millisecond is dropped.
std::string rfc3339(Time time);
/// Any offset and any number of decimals (RFC 3339, 5.6); nothing when `text` is none, or of no real date.
std::optional<Time> parse_rfc3339(std::string_view text);

/// Times of directories. They reach from the year 0 to 9999, further than the system clock's nanoseconds.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// generalizedTime (RFC 4517, 3.3.13); nothing when `text` is none, or of no real date.
std::optional<UtcTime> parse_generalized_time(std::string_view text);

/// "2026-01-02T03:04:05Z"
std::string utc_text(UtcTime time);
/// "2026-01-02"
std::string utc_text(std::chrono::sys_days day);

}  // namespace dirsync
