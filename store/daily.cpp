// What runs and changes came to, day by day.
#include <algorithm>
#include <iterator>

#include "store/audit_rows.hpp"
#include "store/store.hpp"

namespace dirsync::store {
namespace {
using Days = std::map<std::string, DayFigures>;

/// The newest one may be under way; any other that has no end was cut off.
void add_runs_of_days(Database& database, std::string const& since, Days& days) {
  static constexpr char kSelect[] =
      "SELECT substr(started, 1, 10) AS day, finished <> '' OR id = (SELECT max(id) FROM run) AS has_ended, "
      "exit_code, count(*) FROM run WHERE started >= ? GROUP BY day, has_ended, exit_code "
      "ORDER BY day, has_ended, exit_code";
  constexpr std::int64_t kDone = 0, kRemains = 3, kHeld = 4;  // exit codes
  auto query = database.query(kSelect);
  for (query.with(since); query.step();) {
    auto& day = days[query.text(0)];
    auto const has_ended = query.integer(1) != 0;
    auto const exit = query.integer(2), count = query.integer(3);
    day.runs += count;
    if (!has_ended || (exit != kDone && exit != kRemains && exit != kHeld))
      day.runs_failed += count;
    else if (exit == kHeld)
      day.runs_held += count;
  }
}

void add_changes_of_days(Database& database, std::int64_t first, std::string const& since, Days& days) {
  static constexpr char kSelect[] =
      "SELECT substr(time, 1, 10) AS day, verb, result, count(*) FROM audit WHERE sequence >= ? AND time >= "
      "? "
      "AND phase IN ('change', 'recovered') GROUP BY day, verb, result ORDER BY day, verb, result";
  auto query = database.query(kSelect);
  for (query.with(first, since); query.step();) {
    auto& day = days[query.text(0)];
    auto const verb = query.text(1), result = query.text(2);
    auto const count = query.integer(3);
    if (result == "failed" || result == "unknown")
      day.failed += count;
    else if (result != "done")
      continue;
    else if (verb == "add")
      day.added += count;
    else if (verb == "remove")
      day.removed += count;
    else
      day.others += count;
  }
}

void add_delays_of_days(Database& database, std::int64_t first, std::string const& since, Days& days) {
  static constexpr char kSelect[] =
      "SELECT substr(time, 1, 10), delay_ms FROM audit WHERE sequence >= ? AND time >= ? "
      "AND phase = 'change' AND verb = 'remove' AND delay_ms IS NOT NULL ORDER BY sequence";
  auto query = database.query(kSelect);
  for (query.with(first, since); query.step();)
    days[query.text(0)].removal_delays.emplace_back(query.integer(1));
  for (auto& [name, day] : days) std::ranges::sort(day.removal_delays);
}
}  // namespace

Result<std::map<std::string, DayFigures>> Store::daily_figures(Time since) {
  return database_->reading("figures of days cannot be read", [this, since]() -> Result<Days> {
    Days days;
    auto const time = rfc3339(since);
    auto const first = first_row_since(*database_, time);
    add_runs_of_days(*database_, time, days);
    add_changes_of_days(*database_, first, time, days);
    add_delays_of_days(*database_, first, time, days);
    return days;
  });
}

}  // namespace dirsync::store
