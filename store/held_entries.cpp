// Whether entries of a directory have something because of us.
#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "store/columns.hpp"
#include "store/interval_tables.hpp"
#include "store/intervals.hpp"
#include "store/packing.hpp"
#include "store/sql.hpp"
#include "store/store.hpp"

namespace dirsync::store {
namespace {

/// The managed groups that the grants are in.
void add_groups(Database& database, std::string const& target, Managed& held) {
  static constexpr char kGroup[] =
      "SELECT group_name, rule, created_by_us, sources FROM managed_group WHERE target = ? AND group_id = ?";
  auto query = database.query(kGroup);
  std::string_view last;
  for (auto const& grant : held.grants) {
    if (grant.group_id == last) continue;
    last = grant.group_id;
    if (!query.with(target, grant.group_id).step()) continue;
    auto const sources = unpack_texts(query.blob(3));
    if (!sources) damaged("managed group " + grant.group_id);
    ManagedGroup group{.group_id = grant.group_id,
                       .group = query.text(0),
                       .rule = query.text(1),
                       .created_by_us = query.integer(2) != 0,
                       .sources = {}};
    for (auto const& source : *sources) group.sources.emplace_back(source);
    held.groups.push_back(std::move(group));
  }
}

}  // namespace

/// By way of the intervals, which alone have an index of entries: each that lasts has its grant.
Result<std::map<std::string, Managed>> Store::held_by(std::span<EntryId const> entries) {
  static constexpr char kGrants[] =
      "SELECT held.target, held.group_id, held.group_name, held.principal, held.principal_id, held.dn, "
      "held.rule, held.source "
      "FROM interval_member AS member "
      "JOIN membership_interval AS lasting ON lasting.member = member.number AND lasting.ended = ?2 "
      "JOIN interval_group AS place ON place.number = lasting.group_number "
      "JOIN membership AS held ON held.target = place.target AND held.group_id = place.group_id "
      "AND held.principal_folded = member.principal_folded AND held.interval_number = lasting.number "
      "WHERE member.entry_id = ?1 AND held.entry_id = ?1";
  using ByTarget = std::map<std::string, Managed>;
  return database_->reading("what somebody has cannot be read", [this, entries]() -> Result<ByTarget> {
    ByTarget held;
    auto query = database_->query(kGrants);
    for (auto const& entry : entries)
      for (query.with(entry, kLasting); query.step();)
        held[query.text(0)].grants.push_back({.group_id = query.text(1),
                                              .group = query.text(2),
                                              .principal = query.text(3),
                                              .principal_id = query.text(4),
                                              .id = entry,
                                              .dn = query.text(5),
                                              .rule = query.text(6),
                                              .source = source_of(query.text(7))});
    for (auto& [target, of_target] : held) {
      std::ranges::sort(of_target.grants, {}, [](Grant const& grant) {
        return std::tie(grant.group_id, grant.principal, grant.principal_id);
      });
      add_groups(*database_, target, of_target);
    }
    return held;
  });
}

/// Changes on their way are few, and have no index: they are walked once for all entries.
Result<bool> Intervals::is_any_held(std::set<EntryId> const& entries) const {
  static constexpr char kOnTheWay[] = "SELECT entry_id FROM intent";
  static constexpr char kHeld[] =
      "SELECT 1 FROM interval_member AS member JOIN membership_interval AS held ON held.member = "
      "member.number WHERE member.entry_id = ? AND held.ended = ? LIMIT 1";
  if (entries.empty()) return false;
  return database_->reading("who has a membership cannot be read", [this, &entries]() -> Result<bool> {
    for (auto on_the_way = database_->query(kOnTheWay); on_the_way.step();)
      if (entries.contains(EntryId{on_the_way.text(0)})) return true;
    auto held = database_->query(kHeld);
    return std::ranges::any_of(entries,
                               [&held](EntryId const& entry) { return held.with(entry, kLasting).step(); });
  });
}

}  // namespace dirsync::store
