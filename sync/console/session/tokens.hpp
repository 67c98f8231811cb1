#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sync/model/error.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::console {

/// A session's tokens. Times are the server's.
struct Tokens {
  using Time = std::chrono::system_clock::time_point;
  Secret access, refresh;
  Time issued;
  std::optional<Time> access_ends, refresh_ends;  // none: the server did not tell
};

/// A time stamp of a token: epoch seconds, or milliseconds when it is above 10^11.
std::chrono::system_clock::time_point token_time(std::int64_t stamp);

/// A Date header (RFC 9110, 5.6.7, IMF-fixdate).
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

/// Reads the answer to a login or a refresh. `now`: the server's time. Errors: ConsoleErrc::malformed.
Result<Tokens> parse_tokens(std::string_view body, Tokens::Time now);

/// What a refresh leaves: the old refresh token stays where the answer brings none.
Tokens merged(Tokens const& old, Tokens fresh);

/// True when 80 % of the life is over or less than two minutes (less for short lives) remain.
bool refresh_due(Tokens const& tokens, Tokens::Time now);

}  // namespace dirsync::console
