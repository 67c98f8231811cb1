// What a run did and what became of it: the audit trail, with the ids that are kept beside it.
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "store/audit_rows.hpp"
#include "store/columns.hpp"
#include "store/interval_path.hpp"
#include "store/intervals.hpp"
#include "store/write.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {
using Beginning = HeldInterval::Beginning;
using End = HeldInterval::End;

/// By the index audit_of_run, which is of these phases.
std::vector<AuditRow> changes_in_trail(Database& database, RunId run) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_AUDIT_COLUMNS
      " FROM audit WHERE run = ? AND phase IN ('change', 'recovered') AND result IN ('done', 'already', "
      "'unknown') "
      "AND "
      "verb IN ('add', 'remove', 'create-group', 'rename-group', 'delete-group', 'update-group') "
      "ORDER BY sequence";
  std::vector<AuditRow> rows;
  auto query = database.query(kSelect);
  for (query.with(run); query.step();) rows.push_back(read_audit_row(query));
  return rows;
}

struct GroupKept {
  std::int64_t number = 0;  // 0: nobody kept it
  std::string id;
};

/// The group that had that name then.
GroupKept group_named(Database& database, std::string const& target, std::string const& name, Time time) {
  static constexpr char kSelect[] =
      "SELECT one.number, one.group_id FROM interval_group_name AS called "
      "JOIN interval_group AS one ON one.number = called.group_number "
      "WHERE one.target = ? AND called.name = ? AND called.since <= ? "
      "ORDER BY called.since DESC, one.number DESC LIMIT 1";
  auto query = database.query(kSelect);
  if (!query.with(target, name, milliseconds_of(time)).step()) return {};
  return {query.integer(0), query.text(1)};
}

/// What the group was called from then on.
std::string name_given(Database& database, std::int64_t group, Time time) {
  static constexpr char kSelect[] =
      "SELECT name FROM interval_group_name WHERE group_number = ? AND since >= ? ORDER BY since LIMIT 1";
  auto query = database.query(kSelect);
  return query.with(group, milliseconds_of(time)).step() ? query.text(0) : std::string{};
}

/// One interval of one member of one group, as far as it tells who changed it.
struct Held {
  std::string principal_id;
  RunId began_run, ended_run;
  Beginning beginning{};
  End end{};
  bool is_renewal = false;
};

std::vector<Held> held_by(Database& database, std::int64_t group, AuditRow const& row) {
  static constexpr char kSelect[] =
      "SELECT one.principal_id, held.began_run, held.ended_run, held.began_as, held.ended_as, "
      "held.since < held.began FROM interval_member AS one CROSS JOIN membership_interval AS held "
      "ON held.member = one.number AND held.group_number = ?1 "
      "WHERE one.principal_folded = ?2 AND one.target = ?3 ORDER BY held.began, held.number";
  std::vector<Held> all;
  auto query = database.query(kSelect);
  for (query.with(group, fold_case(row.principal), row.target); query.step();)
    all.push_back({.principal_id = query.text(0),
                   .began_run = RunId{query.integer(1)},
                   .ended_run = RunId{query.integer(2)},
                   .beginning = static_cast<Beginning>(query.integer(3)),
                   .end = static_cast<End>(query.integer(4)),
                   .is_renewal = query.integer(5) != 0});
  return all;
}

/// The first that another run did after `run`. An interval that only goes on under another name is no change.
std::optional<LaterChange> first_after(std::vector<Held> const& intervals, RunId run) {
  for (auto const& held : intervals) {
    if (held.began_run > run && !held.is_renewal && held.beginning != Beginning::unknown)
      return LaterChange{held.began_run, verb_text(held.beginning)};
    auto const is_end = held.end != End::lasts && held.end != End::renewed && held.end != End::unknown;
    if (held.ended_run > run && is_end) return LaterChange{held.ended_run, verb_text(held.end)};
  }
  return std::nullopt;
}

/// The id under which the run changed the membership; else the last that is known.
std::string id_of_member(std::vector<Held> const& intervals, RunId run) {
  std::string id;
  for (auto const& held : intervals) {
    if (!held.principal_id.empty()) id = held.principal_id;
    if (!held.principal_id.empty() && (held.began_run == run || held.ended_run == run))
      return held.principal_id;
  }
  return id;
}

Outcome outcome_of(AuditRow const& row) {
  for (auto const outcome : {Outcome::done, Outcome::already})
    if (row.result == to_text(outcome)) return outcome;
  return Outcome::unknown;
}

PastChange past_change(Database& database, AuditRow const& row, GroupKept const& group) {
  PastChange past;
  past.outcome = outcome_of(row);
  auto& change = past.change;
  change.target = row.target;
  change.verb = verb_of(row.verb);
  change.group = row.group;
  change.group_id = group.id;
  change.principal = row.principal;
  change.dn = row.dn;
  change.id = EntryId{row.id};
  change.rule = row.rule;
  change.path = row.path;
  if (group.number == 0) return past;
  if (change.verb == Verb::rename_group) change.new_name = name_given(database, group.number, row.time);
  if (row.principal.empty()) return past;
  auto const intervals = held_by(database, group.number, row);
  change.principal_id = id_of_member(intervals, row.run);
  past.later = first_after(intervals, row.run);
  return past;
}

}  // namespace

Result<std::vector<PastChange>> Store::past_changes(RunId run) {
  return database_->reading(
      "what the run did cannot be read", [this, run]() -> Result<std::vector<PastChange>> {
        std::vector<PastChange> changes;
        std::map<std::pair<std::string, std::string>, GroupKept> groups;  // by target and name
        for (auto const& row : changes_in_trail(*database_, run)) {
          auto& group = groups[{row.target, row.group}];
          if (group.number == 0) group = group_named(*database_, row.target, row.group, row.time);
          changes.push_back(past_change(*database_, row, group));
        }
        return changes;
      });
}

}  // namespace dirsync::store
