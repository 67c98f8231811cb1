#include "sync/http/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace dirsync::http {

using std::chrono::milliseconds;

std::optional<milliseconds> parse_retry_after(std::string_view value,
                                              std::chrono::system_clock::time_point now) {
  if (value.empty()) return std::nullopt;
  constexpr std::int64_t kLongest = 1'000'000'000;  // seconds; keeps the sum below from overflowing
  std::int64_t seconds = 0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (end == value.data() + value.size()) {
    if (error == std::errc::result_out_of_range) seconds = kLongest;
    if (seconds < 0) return std::nullopt;
    return std::chrono::seconds{std::min(seconds, kLongest)};
  }
  auto const date = curl_getdate(std::string{value}.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  auto const wait = std::chrono::ceil<milliseconds>(std::chrono::system_clock::from_time_t(date) - now);
  return std::max(wait, milliseconds{0});
}

milliseconds back_off(Retry const& retry, int attempt, double jitter) {
  auto const first = static_cast<double>(retry.first.count());
  auto const longest = static_cast<double>(retry.longest.count());
  auto const ceiling = std::min(longest, first * std::exp2(attempt - 1));
  return milliseconds{static_cast<std::int64_t>(ceiling * jitter)};
}

namespace {
bool worth_repeating(Result<Response> const& result, Request const& request, int attempt) {
  auto const repeat = request.repeat;
  if (repeat == Repeat::never) return false;
  if (!result)
    return result.error().code == Failure::transient &&
           (repeat == Repeat::always || certainly_not_sent(result.error()));
  auto const status = result->status;
  if (status == 429) return true;
  if (repeat == Repeat::when_refused) return false;
  if (status >= 502 && status <= 504) return true;
  if (repeat == Repeat::unless_judged) return false;
  return status == 408 || (request.passes != nullptr && request.passes(*result, attempt));
}
}  // namespace

NextStep next_step(Result<Response> const& result, Request const& request, int attempt, Retry const& retry,
                   double jitter, std::chrono::system_clock::time_point now) {
  auto const repeatable = worth_repeating(result, request, attempt);
  auto const throttled = result && result->status == 429;
  auto const asked = result && (throttled || repeatable)
                         ? parse_retry_after(result->header("Retry-After"), now)
                         : std::nullopt;
  if (asked && *asked > retry.longest) return {NextStep::Kind::give_up, *asked, false};
  auto const again = repeatable && attempt < retry.attempts;
  if (!again && !throttled) return {};
  return {again ? NextStep::Kind::repeat : NextStep::Kind::hand_over,
          asked.value_or(back_off(retry, attempt, jitter)), throttled};
}

}  // namespace dirsync::http
