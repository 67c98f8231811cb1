#include "store/grants.hpp"

#include <utility>
#include <vector>

#include "store/columns.hpp"
#include "store/packing.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

constexpr char kRenameInGrants[] = "UPDATE membership SET group_name = ? WHERE target = ? AND group_id = ?";

/// A user is known by the target's id where both sides have it, otherwise by the folded name: a person who
/// was provisioned gets an id only afterwards, and a name may be given to somebody else. Two statements, as
/// each finds its rows by an index of its own. The intervals of the grants that were there.
std::vector<std::int64_t> delete_grant(Database& database, std::string const& target, Grant const& grant) {
  static constexpr char kById[] =
      "DELETE FROM membership WHERE target = ? AND group_id = ? AND principal_id = ? "
      "RETURNING interval_number";
  static constexpr char kByName[] =
      "DELETE FROM membership WHERE target = ?1 AND group_id = ?2 AND principal_folded = ?3 "
      "AND (principal_id = '' OR ?4 = '') RETURNING interval_number";
  std::vector<std::int64_t> intervals;
  auto const collect = [&intervals](Query& query) {
    while (query.step()) intervals.push_back(query.integer(0));
  };
  if (!grant.principal_id.empty()) {
    auto by_id = database.query(kById);
    collect(by_id.with(target, grant.group_id, grant.principal_id));
  }
  auto by_name = database.query(kByName);
  collect(by_name.with(target, grant.group_id, fold_case(grant.principal), grant.principal_id));
  return intervals;
}

std::string pack_ids(std::span<EntryId const> ids) {
  std::vector<std::string> texts;
  for (auto const& id : ids) texts.push_back(id.value());
  return pack_texts(texts);
}

}  // namespace

void put_grant(Database& database, std::string const& target, Grant const& grant, std::int64_t sequence,
               IntervalCause const& cause, HeldInterval::Beginning as) {
  static constexpr char kInsert[] =
      "INSERT INTO membership (target, group_id, principal_folded, principal_id, group_name, principal, "
      "entry_id, dn, rule, source, interval_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  auto const replaced = delete_grant(database, target, grant);
  auto const group = interval_group(database, target, grant.group_id, grant.group, cause.time);
  auto const interval = begin_interval(database, group, sequence, target, grant, cause, as, replaced);
  database.query(kInsert)
      .with(target, grant.group_id, fold_case(grant.principal), grant.principal_id, grant.group,
            grant.principal, grant.id, grant.dn, grant.rule, source_text(grant.source), interval)
      .run();
}

void drop_grant(Database& database, std::string const& target, Grant const& grant, IntervalCause const& cause,
                HeldInterval::End as) {
  auto const intervals = delete_grant(database, target, grant);
  if (intervals.empty()) return;
  // Without a name: what the grant says may be one of before.
  auto const group = interval_group(database, target, grant.group_id, "", cause.time);
  end_intervals(database, group, intervals, cause, as);
}

void put_group(Database& database, std::string const& target, ManagedGroup const& group, Time time) {
  static constexpr char kInsert[] =
      "INSERT INTO managed_group (target, group_id, group_name, rule, created_by_us, sources) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (target, group_id) DO UPDATE "
      "SET group_name = excluded.group_name, rule = excluded.rule, created_by_us = max(created_by_us, "
      "excluded.created_by_us), sources = excluded.sources";
  auto const sources = pack_ids(group.sources);
  database.query(kInsert)
      .with(target, group.group_id, group.group, group.rule, group.created_by_us, Blob{sources})
      .run();
  interval_group(database, target, group.group_id, group.group, time);
}

void drop_group(Database& database, std::string const& target, std::string const& group_id,
                IntervalCause const& cause) {
  static constexpr char kMembers[] = "DELETE FROM membership WHERE target = ? AND group_id = ?";
  static constexpr char kGroup[] = "DELETE FROM managed_group WHERE target = ? AND group_id = ?";
  auto const group = interval_group(database, target, group_id, "", cause.time);
  end_all_intervals(database, group, cause, HeldInterval::End::group_deleted);
  database.query(kMembers).with(target, group_id).run();
  database.query(kGroup).with(target, group_id).run();
}

bool update_group(Database& database, std::string const& target, ManagedGroup const& group, Time time) {
  static constexpr char kGroup[] =
      "UPDATE managed_group SET group_name = ?, rule = ?, sources = ? WHERE target = ? AND group_id = ?";
  auto const sources = pack_ids(group.sources);
  auto const updated =
      database.query(kGroup).with(group.group, group.rule, Blob{sources}, target, group.group_id).run();
  if (updated == 0) return false;
  database.query(kRenameInGrants).with(group.group, target, group.group_id).run();
  interval_group(database, target, group.group_id, group.group, time);
  return true;
}

void rename_group(Database& database, std::string const& target, std::string const& group_id,
                  std::string const& name, Time time) {
  static constexpr char kGroup[] =
      "UPDATE managed_group SET group_name = ? WHERE target = ? AND group_id = ?";
  for (auto const* sql : {kGroup, kRenameInGrants}) database.query(sql).with(name, target, group_id).run();
  interval_group(database, target, group_id, name, time);
}

}  // namespace dirsync::store
