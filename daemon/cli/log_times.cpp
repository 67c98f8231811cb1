#include "daemon/cli/log_times.hpp"

#include <charconv>
#include <string>
#include <tuple>

#include "daemon/cli/context.hpp"

namespace dirsync::cli {
namespace {
/// "90m", "24h", "7d" ago, or an RFC 3339 time.
std::optional<Time> parse_when(std::string const& text) {
  std::int64_t number = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc{} && end + 1 == text.data() + text.size() && number >= 0 && number < 1'000'000) {
    auto const now = std::chrono::system_clock::now();
    switch (*end) {
      case 's':
        return now - std::chrono::seconds{number};
      case 'm':
        return now - std::chrono::minutes{number};
      case 'h':
        return now - std::chrono::hours{number};
      case 'd':
        return now - std::chrono::days{number};
      default:
        break;
    }
  }
  return parse_rfc3339(text);
}
}  // namespace

std::optional<LogTimes> times_of(Arguments const& arguments) {
  LogTimes times;
  for (auto const& [text, when, option] : {std::tuple{&arguments.since, &times.since, "--since"},
                                           std::tuple{&arguments.until, &times.until, "--until"}}) {
    if (text->empty()) continue;
    *when = parse_when(*text);
    if (*when) continue;
    print_error(arguments, "usage",
                std::string{option} +
                    " takes an RFC 3339 time such as 2026-11-21T08:00:00Z, or an age such as 90m, 24h, 7d");
    return std::nullopt;
  }
  return times;
}

}  // namespace dirsync::cli
