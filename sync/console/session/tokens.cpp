#include "sync/console/session/tokens.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "sync/console/api/errors.hpp"
#include "sync/rest/json.hpp"

namespace dirsync::console {
namespace {
using namespace std::chrono_literals;
using rest::number_at;
using rest::text_at;

/// Some releases repeat the absolute stamp in the field for the life time, some write 0 there.
constexpr std::int64_t kLongestLife = 100'000'000;  // seconds
}  // namespace

std::chrono::system_clock::time_point token_time(std::int64_t stamp) {
  using Clock = std::chrono::system_clock;
  if (stamp > 100'000'000'000) return Clock::time_point{std::chrono::milliseconds{stamp}};
  return Clock::time_point{std::chrono::seconds{stamp}};
}

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::string const line{text};
  std::array<char, 4> month{};
  unsigned day = 0;
  int year = 0, hour = 0, minute = 0, second = 0;
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  if (std::sscanf(line.c_str(), "%*3c, %2u %3s %4d %2d:%2d:%2d GMT", &day, month.data(), &year, &hour,
                  &minute, &second) != 6)
    return {};
  auto const at = kMonths.find(std::string_view{month.data()});
  if (at == kMonths.npos || at % 3 != 0) return {};
  std::chrono::year_month_day const date{
      std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(at / 3) + 1}, std::chrono::day{day}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

Result<Tokens> parse_tokens(std::string_view body, Tokens::Time now) {
  auto const object = rest::parse_object(body);
  auto access = object ? text_at(*object, "accessToken") : std::nullopt;
  if (!access || access->empty())
    return Error{
        ConsoleErrc::malformed,
        "the console's answer to the login holds no access token; check that url leads to the console"};
  Tokens tokens;
  tokens.access = Secret{std::move(*access)};
  tokens.issued = now;
  if (auto const stamp = number_at(*object, "accessTokenExpiresAt"); stamp && *stamp > 0)
    tokens.access_ends = token_time(*stamp);
  else if (auto const life = number_at(*object, "expiresInSecs"); life && *life > 0 && *life < kLongestLife)
    tokens.access_ends = now + std::chrono::seconds{*life};
  // Clocks that disagree by more than a token's life: without an end, a 401 tells. With it, every call would
  // refresh first.
  if (tokens.access_ends && *tokens.access_ends <= now) tokens.access_ends.reset();
  if (auto refresh = text_at(*object, "refreshToken")) tokens.refresh = Secret{std::move(*refresh)};
  if (auto const stamp = number_at(*object, "refreshTokenExpiresAt"); stamp && *stamp > 0)
    tokens.refresh_ends = token_time(*stamp);
  return tokens;
}

Tokens merged(Tokens const& old, Tokens fresh) {
  if (fresh.refresh.empty()) fresh.refresh = old.refresh;
  if (!fresh.refresh_ends) fresh.refresh_ends = old.refresh_ends;
  return fresh;
}

bool refresh_due(Tokens const& tokens, Tokens::Time now) {
  if (!tokens.access_ends) return false;
  auto const life = *tokens.access_ends - tokens.issued;
  auto const margin = std::min<Tokens::Time::duration>(120s, life / 2);
  return now - tokens.issued >= life / 5 * 4 || *tokens.access_ends - now < margin;
}

}  // namespace dirsync::console
