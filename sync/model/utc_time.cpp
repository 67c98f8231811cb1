#include "sync/model/utc_time.hpp"

#include <algorithm>
#include <cstdio>

#include "sync/model/text.hpp"

namespace dirsync {
using namespace std::chrono;

std::optional<UtcTime> parse_generalized_time(std::string_view text) {
  auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits != 10 && digits != 12 && digits != 14) return std::nullopt;
  auto const number = [text](std::size_t at, std::size_t size) {
    return static_cast<int>(parse_integer(text.substr(at, size)).value_or(-1));
  };
  auto rest = text.substr(digits);
  milliseconds const unit = digits == 10 ? hours{1} : digits == 12 ? minutes{1} : seconds{1};
  milliseconds fraction{0};
  if (rest.starts_with('.') || rest.starts_with(',')) {
    rest.remove_prefix(1);
    auto scale = unit;
    if (rest.empty() || rest[0] < '0' || rest[0] > '9') return std::nullopt;
    for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1))
      fraction += (scale /= 10) * (rest[0] - '0');
  }
  minutes offset{0};
  if (rest.size() == 3 || rest.size() == 5) {
    auto const hour = parse_integer(rest.substr(1, 2)),
               minute = parse_integer(rest.size() == 5 ? rest.substr(3) : "0");
    if ((rest[0] != '+' && rest[0] != '-') || !hour || !minute) return std::nullopt;
    offset = (hours{*hour} + minutes{*minute}) * (rest[0] == '-' ? -1 : 1);
  } else if (rest != "Z") {
    return std::nullopt;
  }
  year_month_day const date{year{number(0, 4)}, month{static_cast<unsigned>(number(4, 2))},
                            day{static_cast<unsigned>(number(6, 2))}};
  auto const hour = number(8, 2), minute = digits >= 12 ? number(10, 2) : 0,
             second = digits == 14 ? number(12, 2) : 0;
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + fraction - offset;
}

std::string utc_text(UtcTime time) {
  auto const date = floor<days>(time);
  hh_mm_ss const clock{floor<seconds>(time) - date};
  char text[32];
  auto const size =
      std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return utc_text(date) + std::string{text, static_cast<std::size_t>(size)};
}

std::string utc_text(sys_days day) {
  year_month_day const date{day};
  char text[32];
  auto const size = std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{date.year()},
                                  unsigned{date.month()}, unsigned{date.day()});
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace dirsync
