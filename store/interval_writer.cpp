#include "store/interval_writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "store/interval_path.hpp"
#include "store/interval_tables.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

std::int64_t text_number(Database& database, std::string const& content) {
  static constexpr char kFind[] = "SELECT number FROM interval_text WHERE content = ?";
  static constexpr char kInsert[] = "INSERT INTO interval_text (content) VALUES (?)";
  if (content.empty()) return 0;
  auto known = database.query(kFind);
  if (known.with(content).step()) return known.integer(0);
  database.query(kInsert).with(content).run();
  return database.last_row_id();
}

/// Of somebody whose entries have one in common with these; also where nobody knows the entry.
bool is_same_person(Database& database, std::int64_t member, EntryId const& id) {
  static constexpr char kSelect[] = "SELECT entry_id FROM interval_member WHERE number = ?";
  auto query = database.query(kSelect);
  if (id.value().empty() || !query.with(member).step()) return true;
  auto const before = query.text(0);
  auto const parts = parts_of(EntryId{before}), others = parts_of(id);
  return before.empty() || std::ranges::any_of(parts, [&others](EntryId const& part) {
           return std::ranges::find(others, part) != others.end();
         });
}

/// An interval that lasts.
struct OpenInterval {
  std::int64_t number = 0, member = 0, since = 0, rule = 0, path = 0;
};

std::optional<OpenInterval> open_interval(Database& database, std::int64_t group, std::int64_t number) {
  static constexpr char kSelect[] =
      "SELECT member, since, rule, path FROM membership_interval "
      "WHERE group_number = ? AND ended = ? AND number = ?";
  auto query = database.query(kSelect);
  if (!query.with(group, kLasting, number).step()) return std::nullopt;
  return OpenInterval{number, query.integer(0), query.integer(1), query.integer(2), query.integer(3)};
}

/// 0: there is none.
std::int64_t known_group(Database& database, std::string const& target, std::string const& group_id) {
  static constexpr char kFind[] =
      "SELECT number FROM interval_group WHERE target = ? AND group_id = ? ORDER BY number";
  auto known = database.query(kFind);
  return known.with(target, group_id).step() ? known.integer(0) : 0;
}

}  // namespace

std::int64_t member_number(Database& database, std::string const& target, Grant const& grant) {
  static constexpr char kFind[] =
      "SELECT number FROM interval_member WHERE principal_folded = ? AND target = ? AND principal = ? "
      "AND principal_id = ? AND entry_id = ? AND dn = ?";
  static constexpr char kInsert[] =
      "INSERT INTO interval_member (principal_folded, target, principal, principal_id, entry_id, dn) "
      "VALUES (?, ?, ?, ?, ?, ?)";
  auto const folded = fold_case(grant.principal);
  // Mostly the target spells it as it is folded: then it stands there once.
  auto const spelling = folded == grant.principal ? std::string{} : grant.principal;
  auto known = database.query(kFind);
  if (known.with(folded, target, spelling, grant.principal_id, grant.id, grant.dn).step())
    return known.integer(0);
  database.query(kInsert).with(folded, target, spelling, grant.principal_id, grant.id, grant.dn).run();
  return database.last_row_id();
}

std::int64_t interval_group(Database& database, std::string const& target, std::string const& group_id,
                            std::string const& name, Time time) {
  static constexpr char kInsert[] = "INSERT INTO interval_group (target, group_id) VALUES (?, ?)";
  auto number = known_group(database, target, group_id);
  if (number == 0) {
    database.query(kInsert).with(target, group_id).run();
    number = database.last_row_id();
  }
  name_interval_group(database, number, name, time);
  return number;
}

void name_interval_group(Database& database, std::int64_t group, std::string const& name, Time time) {
  static constexpr char kLast[] =
      "SELECT name FROM interval_group_name WHERE group_number = ? ORDER BY since DESC LIMIT 1";
  static constexpr char kUpsert[] =
      "INSERT INTO interval_group_name (group_number, since, name) VALUES (?, ?, ?) "
      "ON CONFLICT (group_number, since) DO UPDATE SET name = excluded.name";
  if (name.empty()) return;
  if (auto last = database.query(kLast); last.with(group).step() && last.text(0) == name) return;
  database.query(kUpsert).with(group, milliseconds_of(time), name).run();
}

void name_known_group(Database& database, std::string const& target, std::string const& group_id,
                      std::string const& name, Time time) {
  if (auto const number = known_group(database, target, group_id); number != 0)
    name_interval_group(database, number, name, time);
}

std::int64_t begin_interval(Database& database, std::int64_t group, std::int64_t number,
                            std::string const& target, Grant const& grant, IntervalCause const& cause,
                            HeldInterval::Beginning as, std::span<std::int64_t const> replaced) {
  static constexpr char kInsert[] =
      "INSERT INTO membership_interval (group_number, ended, number, member, began, since, began_as, "
      "began_run, rule, path, plan, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  auto const began = milliseconds_of(cause.time);
  auto const member = member_number(database, target, grant);
  auto const rule = text_number(database, grant.rule);
  auto path = text_number(database, packed_path(cause.path, grant.dn));
  auto since = began;
  for (auto const one : replaced) {
    auto const before = open_interval(database, group, one);
    if (!before) continue;
    if (before->member == member && before->rule == rule) return one;
    since = std::min(since, before->since);
    if (path == 0 && is_same_person(database, before->member, grant.id)) path = before->path;
  }
  end_intervals(database, group, replaced, cause, HeldInterval::End::renewed);
  database.query(kInsert)
      .with(group, kLasting, number, member, began, since, static_cast<int>(as), cause.run, rule, path,
            text_number(database, cause.plan), text_number(database, cause.actor))
      .run();
  return number;
}

void end_intervals(Database& database, std::int64_t group, std::span<std::int64_t const> numbers,
                   IntervalCause const& cause, HeldInterval::End as) {
  static constexpr char kUpdate[] =
      "UPDATE membership_interval SET ended = ?, ended_as = ?, ended_run = ?, ended_plan = ?, "
      "ended_actor = ?, ended_why = ? WHERE group_number = ? AND ended = ? AND number = ?";
  for (auto const number : numbers)
    database.query(kUpdate)
        .with(milliseconds_of(cause.time), static_cast<int>(as), cause.run, text_number(database, cause.plan),
              text_number(database, cause.actor), text_number(database, cause.why), group, kLasting, number)
        .run();
}

void end_all_intervals(Database& database, std::int64_t group, IntervalCause const& cause,
                       HeldInterval::End as) {
  static constexpr char kSelect[] =
      "SELECT number FROM membership_interval WHERE group_number = ? AND ended = ? ORDER BY number";
  std::vector<std::int64_t> numbers;
  auto query = database.query(kSelect);
  for (query.with(group, kLasting); query.step();) numbers.push_back(query.integer(0));
  end_intervals(database, group, numbers, cause, as);
}

}  // namespace dirsync::store
