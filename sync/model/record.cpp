#include "sync/model/record.hpp"

#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {
using namespace std::chrono;

/// Reads a timestamp from left to right; every step says whether the text went on as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
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
  /// Any number of digits after the point; what is finer than a millisecond is dropped.
  bool fraction(milliseconds& value) {
    int scale = 100;
    auto const before = rest_.size();
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
         rest_.remove_prefix(1), scale /= 10)
      value += milliseconds{(rest_.front() - '0') * scale};
    return rest_.size() < before;
  }

 private:
  std::string_view rest_;
};

bool read_offset(Scanner& scanner, minutes& offset) {
  if (scanner.one_of("Zz")) return true;
  auto const east = scanner.one_of("+");
  if (!east && !scanner.one_of("-")) return false;
  int hour = 0, minute = 0;
  if (!scanner.number(2, 23, hour) || !scanner.one_of(":") || !scanner.number(2, 59, minute)) return false;
  offset = (east ? 1 : -1) * (hours{hour} + minutes{minute});
  return true;
}
}  // namespace

std::string rfc3339(Time time) {
  auto const whole = floor<milliseconds>(time);
  auto const day = floor<days>(whole);
  year_month_day const date{day};
  hh_mm_ss const clock{whole - day};
  char text[64];
  auto const size =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()},
                    unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                    static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner scanner{text};
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  milliseconds fraction{};
  minutes offset{};
  auto const written_well =
      scanner.number(4, 9999, y) && scanner.one_of("-") && scanner.number(2, 12, mo) && scanner.one_of("-") &&
      scanner.number(2, 31, d) && scanner.one_of("Tt ") && scanner.number(2, 23, h) && scanner.one_of(":") &&
      scanner.number(2, 59, mi) && scanner.one_of(":") && scanner.number(2, 60, s) &&
      (!scanner.one_of(".") || scanner.fraction(fraction)) && read_offset(scanner, offset) && scanner.done();
  year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!written_well || !date.ok()) return std::nullopt;
  return Time{sys_days{date} + hours{h} + minutes{mi} + seconds{s} + fraction - offset};
}

char const* to_text(TargetState::Kind kind) {
  switch (kind) {
    case TargetState::Kind::ok:
      return "ok";
    case TargetState::Kind::held:
      return "held";
    case TargetState::Kind::unconfirmed:
      return "unconfirmed";
    case TargetState::Kind::failed:
      return "failed";
    case TargetState::Kind::unread:
      return "unread";
  }
  DIRSYNC_ASSERT(!"a state");
}

AuditRow change_row(RunId run, PlanDigest const& plan, std::string const& actor, Settled const& settled,
                    std::string phase, Time time) {
  auto const& change = settled.change;
  AuditRow row;
  row.time = time;
  row.run = run;
  row.phase = std::move(phase);
  row.target = change.target;
  row.verb = to_text(change.verb);
  row.group = change.group;
  row.principal = change.principal;
  row.dn = change.dn;
  row.id = change.id.value();
  row.rule = change.rule;
  row.path = change.path;
  row.plan = plan.value();
  row.actor = actor;
  row.result = to_text(settled.outcome);
  row.detail = settled.detail;
  return row;
}

AuditRow unsent_row(RunId run, PlanDigest const& plan, std::string const& actor, Change const& change,
                    std::string why, Time time) {
  Settled const skipped{change, Outcome::skipped, std::move(why)};
  auto row = change_row(run, plan, actor, skipped, "change", time);
  if (change.unconfirmed) row.result = outcome_text(change, nullptr);
  return row;
}

Grant grant_of(Change const& change) {
  return {.group_id = change.group_id,
          .group = change.group,
          .principal = change.principal,
          .principal_id = change.principal_id,
          .id = change.id,
          .dn = change.dn,
          .rule = change.rule};
}

bool same_membership(Grant const& left, Grant const& right) {
  if (left.group_id != right.group_id) return false;
  if (!left.principal_id.empty() && !right.principal_id.empty())
    return left.principal_id == right.principal_id;
  return fold_case(left.principal) == fold_case(right.principal);
}

AuditRow found_row(RunId run, std::string const& target, std::string const& actor, std::string verb,
                   Grant const& grant, Time time) {
  AuditRow row;
  row.time = time;
  row.run = run;
  row.phase = "change";
  row.target = target;
  row.verb = std::move(verb);
  row.group = grant.group;
  row.principal = grant.principal;
  row.dn = grant.dn;
  row.id = grant.id.value();
  row.rule = grant.rule;
  row.actor = actor;
  row.result = to_text(Outcome::done);
  return row;
}

}  // namespace dirsync
