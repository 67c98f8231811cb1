#include "sync/model/time.hpp"

#include <charconv>

namespace dirsync {
namespace {
using namespace std::chrono;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a time from left to right; every step says whether the text went on as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  bool one_of(std::string_view accepted) {
    if (rest_.empty() || accepted.find(rest_.front()) == accepted.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` digits, at most `largest`.
  bool number(std::size_t digits, int largest, int& value) {
    if (rest_.size() < digits || rest_.substr(0, digits).find_first_not_of("0123456789") != rest_.npos)
      return false;
    std::from_chars(rest_.data(), rest_.data() + digits, value);
    rest_.remove_prefix(digits);
    return value <= largest;
  }
  /// Any number of decimals of `unit`; what is finer than a millisecond is dropped.
  bool fraction(milliseconds unit, milliseconds& value) {
    if (!at_digit()) return false;
    for (; at_digit(); rest_.remove_prefix(1)) value += (unit /= 10) * (rest_.front() - '0');
    return true;
  }

 private:
  std::string_view rest_;
};

/// A time as it is written: a date, a clock, and how far that clock is ahead of UTC.
struct Written {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  milliseconds fraction{};
  minutes offset{};

  std::optional<UtcTime> time() const {
    year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + fraction - offset;
  }
};

/// "+01:30" with `colon` ":", "+0130" or, when the minutes may be left out, "+01" without one; `zulu`: what
/// stands for UTC.
bool read_offset(Scanner& scanner, std::string_view zulu, std::string_view colon, minutes& offset) {
  if (scanner.one_of(zulu)) return true;
  auto const east = scanner.one_of("+");
  if (!east && !scanner.one_of("-")) return false;
  int hour = 0, minute = 0;
  if (!scanner.number(2, 23, hour)) return false;
  auto const has_minutes = colon.empty() ? scanner.at_digit() : scanner.one_of(colon);
  if (has_minutes ? !scanner.number(2, 59, minute) : !colon.empty()) return false;
  offset = (east ? 1 : -1) * (hours{hour} + minutes{minute});
  return true;
}

/// At least so many digits, with zeros before them. Millions of rows are read with their times, for which
/// printf would take longer than all else.
void append_number(std::string& text, long long value, std::size_t digits) {
  auto const number = std::to_string(value < 0 ? -value : value);
  if (value < 0) text.push_back('-');
  if (number.size() + (value < 0 ? 1U : 0U) < digits)
    text.append(digits - number.size() - (value < 0 ? 1U : 0U), '0');
  text += number;
}

void append_clock(std::string& text, milliseconds of_day) {
  hh_mm_ss const clock{of_day};
  auto before = 'T';
  for (auto const value :
       {static_cast<long long>(clock.hours().count()), static_cast<long long>(clock.minutes().count()),
        static_cast<long long>(clock.seconds().count())}) {
    text.push_back(before);
    append_number(text, value, 2);
    before = ':';
  }
}
}  // namespace

std::string rfc3339(Time time) {
  auto const whole = floor<milliseconds>(time);
  auto const day = floor<days>(whole);
  auto text = utc_text(day);
  append_clock(text, whole - day);
  text.push_back('.');
  append_number(text, (whole - day).count() % 1000, 3);
  text.push_back('Z');
  return text;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner scanner{text};
  Written at;
  auto const written_well =
      scanner.number(4, 9999, at.y) && scanner.one_of("-") && scanner.number(2, 12, at.mo) &&
      scanner.one_of("-") && scanner.number(2, 31, at.d) && scanner.one_of("Tt ") &&
      scanner.number(2, 23, at.h) && scanner.one_of(":") && scanner.number(2, 59, at.mi) &&
      scanner.one_of(":") && scanner.number(2, 60, at.s) &&
      (!scanner.one_of(".") || scanner.fraction(seconds{1}, at.fraction)) &&
      read_offset(scanner, "Zz", ":", at.offset) && scanner.done();
  if (!written_well) return std::nullopt;
  auto const time = at.time();
  // Nanoseconds, which end in the year 2262.
  if (!time || *time < ceil<milliseconds>(Time::min()) || *time > floor<milliseconds>(Time::max()))
    return std::nullopt;
  return Time{*time};
}

std::optional<UtcTime> parse_generalized_time(std::string_view text) {
  Scanner scanner{text};
  Written at;
  if (!scanner.number(4, 9999, at.y) || !scanner.number(2, 12, at.mo) || !scanner.number(2, 31, at.d) ||
      !scanner.number(2, 23, at.h))
    return std::nullopt;
  // The decimals are of the last unit that is written.
  milliseconds unit = hours{1};
  if (scanner.at_digit()) {
    unit = minutes{1};
    if (!scanner.number(2, 59, at.mi)) return std::nullopt;
    if (scanner.at_digit()) {
      unit = seconds{1};
      if (!scanner.number(2, 60, at.s)) return std::nullopt;
    }
  }
  if (scanner.one_of(".,") && !scanner.fraction(unit, at.fraction)) return std::nullopt;
  if (!read_offset(scanner, "Z", "", at.offset) || !scanner.done()) return std::nullopt;
  return at.time();
}

std::string utc_text(UtcTime time) {
  auto const day = floor<days>(time);
  auto text = utc_text(day);
  append_clock(text, time - day);
  text.push_back('Z');
  return text;
}

std::string utc_text(sys_days day) {
  year_month_day const date{day};
  std::string text;
  text.reserve(sizeof "2026-01-01T00:00:00.000Z");
  append_number(text, int{date.year()}, 4);
  text.push_back('-');
  append_number(text, unsigned{date.month()}, 2);
  text.push_back('-');
  append_number(text, unsigned{date.day()}, 2);
  return text;
}

}  // namespace dirsync
