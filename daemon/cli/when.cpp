#include "daemon/cli/when.hpp"

#include <charconv>
#include <chrono>

#include "daemon/cli/context.hpp"

namespace dirsync::cli {

namespace {

/// "90m", "24h", "7d"
std::optional<std::chrono::seconds> parse_duration(std::string const& text) {
  std::int64_t number = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end + 1 != text.data() + text.size() || number < 0 || number >= 1'000'000)
    return std::nullopt;
  switch (*end) {
    case 's':
      return std::chrono::seconds{number};
    case 'm':
      return std::chrono::minutes{number};
    case 'h':
      return std::chrono::hours{number};
    case 'd':
      return std::chrono::days{number};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Time> parse_when(std::string const& text) {
  if (auto const age = parse_duration(text)) return std::chrono::system_clock::now() - *age;
  return parse_rfc3339(text);
}

std::optional<Time> parse_later(std::string const& text, Time now) {
  if (auto const duration = parse_duration(text)) return now + *duration;
  return parse_rfc3339(text);
}

bool read_when(Arguments const& arguments, char const* option, std::string const& text,
               std::optional<Time>& when) {
  if (text.empty()) return true;
  when = parse_when(text);
  if (when) return true;
  print_error(arguments, "usage",
              std::string{option} +
                  " takes an RFC 3339 time such as 2026-11-21T08:00:00Z, or an age such as 90m, 24h, 7d");
  return false;
}

}  // namespace dirsync::cli
