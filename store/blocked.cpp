// Changes that are due and cannot be sent.
#include "sync/model/blocked.hpp"

#include <algorithm>
#include <utility>

#include "store/columns.hpp"
#include "store/write.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {

std::vector<Blocked> select_blocked(Database& database, std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT verb, group_name, group_id, principal, principal_id, dn, entry_id, rule, path, why, source, "
      "code, reason, since FROM blocked WHERE target = ? ORDER BY position";
  std::vector<Blocked> list;
  auto query = database.query(kSelect);
  for (query.with(target); query.step();) {
    Change change;
    change.target = target;
    change.verb = verb_of(query.text(0));
    change.group = query.text(1);
    change.group_id = query.text(2);
    change.principal = query.text(3);
    change.principal_id = query.text(4);
    change.dn = query.text(5);
    change.id = EntryId{query.text(6)};
    change.rule = query.text(7);
    change.path = query.text(8);
    change.why = query.text(9);
    change.source = source_of(query.text(10));
    list.push_back({.change = std::move(change),
                    .code = query.text(11),
                    .reason = query.text(12),
                    .since = query.time(13)});
  }
  return list;
}

void write_blocked(Database& database, std::string const& target, std::span<Blocked const> list) {
  static constexpr char kDelete[] = "DELETE FROM blocked WHERE target = ?";
  static constexpr char kInsert[] =
      "INSERT INTO blocked (target, position, verb, group_name, group_id, principal, principal_id, dn, "
      "entry_id, rule, path, why, source, code, reason, since) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  database.query(kDelete).with(target).run();
  auto position = 0;
  for (auto const& [change, code, reason, since] : list)
    database.query(kInsert)
        .with(target, ++position, to_text(change.verb), change.group, change.group_id, change.principal,
              change.principal_id, change.dn, change.id, change.rule, change.path, change.why,
              source_text(change.source), code, reason, since)
        .run();
}

}  // namespace

Result<std::vector<Blocked>> Store::blocked(std::string const& target) {
  return database_->attempt(
      "what is blocked cannot be read",
      [this, &target]() -> Result<std::vector<Blocked>> { return select_blocked(*database_, target); });
}

Result<void> Store::replace_blocked(RunId run, PlanDigest const& plan, std::string const& target,
                                    std::string const& actor, std::span<Blocked const> changes) {
  auto const is_elsewhere = [&target](Blocked const& one) { return one.change.target != target; };
  DIRSYNC_ASSERT(std::ranges::none_of(changes, is_elsewhere));
  return write("what is blocked cannot be recorded",
               [this, run, &plan, &target, &actor, changes]() -> Result<void> {
                 auto const before = select_blocked(*database_, target);
                 auto update = update_blocked(run, plan, actor, before, changes, options_.clock->now());
                 for (auto& row : update.rows) append_row(*database_, std::move(row));
                 if (update.list != before) write_blocked(*database_, target, update.list);
                 return {};
               });
}

}  // namespace dirsync::store
