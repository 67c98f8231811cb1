// What people have frozen.
#include <utility>

#include "store/write.hpp"

namespace dirsync::store {
namespace {

Freeze read_freeze(Query const& row) {
  Freeze freeze{.target = row.text(0),
                .removals_alone = row.integer(1) != 0,
                .reason = row.text(2),
                .actor = row.text(3),
                .since = row.time(4)};
  if (!row.text(5).empty()) freeze.until = row.time(5);
  return freeze;
}

std::vector<Freeze> select_freezes(Database& database) {
  static constexpr char kSelect[] =
      "SELECT target, removals_alone, reason, actor, since, until FROM freeze ORDER BY target";
  std::vector<Freeze> freezes;
  auto query = database.query(kSelect);
  while (query.step()) freezes.push_back(read_freeze(query));
  return freezes;
}

void end_freeze(Database& database, AuditRow row) {
  static constexpr char kDelete[] = "DELETE FROM freeze WHERE target = ?";
  database.query(kDelete).with(row.target).run();
  append_row(database, std::move(row));
}

}  // namespace

Result<std::vector<Freeze>> Store::freezes() {
  return database_->attempt("freezes cannot be read",
                            [this]() -> Result<std::vector<Freeze>> { return select_freezes(*database_); });
}

Result<std::vector<Freeze>> Store::end_freezes(RunId run, Time now) {
  // Nearly every run ends none: it need not wait for the disk.
  auto const all = freezes();
  if (!all) return all.error();
  if (in_force(*all, now).size() == all->size()) return std::vector<Freeze>{};
  return write("freezes cannot be ended", [this, run, now]() -> Result<std::vector<Freeze>> {
    std::vector<Freeze> ended;
    for (auto& freeze : select_freezes(*database_)) {
      if (!in_force({freeze}, now).empty()) continue;
      end_freeze(*database_, freeze_row(freeze, run, "daemon", "expired", now));
      ended.push_back(std::move(freeze));
    }
    return ended;
  });
}

Result<void> Store::freeze(Freeze const& freeze) {
  static constexpr char kUpsert[] =
      "INSERT INTO freeze (target, removals_alone, reason, actor, since, until) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (target) DO UPDATE SET removals_alone = excluded.removals_alone, "
      "reason = excluded.reason, actor = excluded.actor, since = excluded.since, until = excluded.until";
  return write("nothing can be frozen", [this, &freeze]() -> Result<void> {
    database_->query(kUpsert)
        .with(freeze.target, freeze.removals_alone, freeze.reason, freeze.actor, freeze.since,
              freeze.until ? rfc3339(*freeze.until) : std::string{})
        .run();
    append_row(*database_, freeze_row(freeze, RunId{0}, freeze.actor, "frozen", freeze.since));
    return {};
  });
}

Result<std::vector<Freeze>> Store::thaw(std::string const& target, std::string const& actor, Time now) {
  return write("freezes cannot be ended", [this, &target, &actor, now]() -> Result<std::vector<Freeze>> {
    std::vector<Freeze> ended;
    for (auto& freeze : select_freezes(*database_)) {
      if (!target.empty() && freeze.target != target) continue;
      end_freeze(*database_, freeze_row(freeze, RunId{0}, actor, "thawed", now));
      ended.push_back(std::move(freeze));
    }
    return ended;
  });
}

}  // namespace dirsync::store
