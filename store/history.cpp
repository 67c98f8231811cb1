// What is kept of accepted reads, and what can be asked of it.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "store/group_owners.hpp"
#include "store/kept_entries.hpp"
#include "store/packing.hpp"
#include "store/write.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::store {
namespace {

/// Entries that are still there and that `wanted` picks.
template <class Wanted>
std::vector<KnownEntry> known_entries(Database& database, std::string const& directory, Wanted wanted) {
  std::vector<KnownEntry> known;
  visit_entries(database, directory, [&known, &wanted](std::uint32_t, EntryRecord const& record) {
    if (record.gone_run == 0 && wanted(record))
      known.push_back({EntryId{std::string{record.id}}, std::string{record.normalized_dn}, record.is_group});
  });
  return known;
}

/// Numbers of a group's members as `run` saw them; nothing when it was not there.
std::optional<std::vector<std::uint32_t>> member_set_at(Database& database, std::string const& directory,
                                                        std::uint32_t group, std::int64_t run) {
  static constexpr char kSelect[] =
      "SELECT members FROM (SELECT directory, group_number, since_run, members FROM member_set "
      "WHERE since_run <= ?3 UNION ALL SELECT directory, group_number, since_run, members "
      "FROM past_member_set WHERE since_run <= ?3 AND until_run > ?3) AS sets "
      "JOIN directory ON sets.directory = directory.number "
      "WHERE directory.name = ?1 AND sets.group_number = ?2 ORDER BY since_run";
  auto query = database.query(kSelect);
  if (!query.with(directory, group, run).step()) return std::nullopt;
  auto numbers = unpack_numbers(query.blob(0));
  if (!numbers) damaged("the members of group " + std::to_string(group));
  return numbers;
}

void keep_change_numbers(Database& database, std::string const& directory, ChangeNumbers const& numbers) {
  static constexpr char kDelete[] = "DELETE FROM change_number WHERE directory = ? AND source = ?";
  static constexpr char kInsert[] =
      "INSERT INTO change_number (directory, source, origin, value) VALUES (?, ?, ?, ?)";
  database.query(kDelete).with(directory, numbers.source).run();
  for (auto const& [origin, value] : numbers.values)
    database.query(kInsert).with(directory, numbers.source, origin, value).run();
}

void keep_attributes(Database& database, std::int64_t directory, Certificate const& certificate) {
  static constexpr char kDelete[] = "DELETE FROM deciding_attribute WHERE directory = ?";
  static constexpr char kInsert[] =
      "INSERT INTO deciding_attribute (directory, attribute, entries) VALUES (?, ?, ?)";
  database.query(kDelete).with(directory).run();
  for (auto const& [attribute, entries] : certificate.deciding_attributes)
    database.query(kInsert).with(directory, attribute, entries).run();
}

/// Whether it was needed or not: an approval ends with the read that was accepted.
void end_held_read(Database& database, std::string const& directory) {
  static constexpr char kEnd[] =
      "UPDATE plan SET state = iif(state = 'approved', 'applied', 'superseded') "
      "WHERE directory = ? AND state IN ('held', 'approved', 'rejected')";
  database.query(kEnd).with(directory).run();
}

}  // namespace

Result<void> Store::accept_read(RunId run, Snapshot const& snapshot) {
  static constexpr char kUpsert[] =
      "INSERT INTO directory (name, accepted_run, group_count, people_count, value_count, source, "
      "ignored_referrals) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
      "SET accepted_run = excluded.accepted_run, group_count = excluded.group_count, "
      "people_count = excluded.people_count, value_count = excluded.value_count, "
      "ignored_referrals = excluded.ignored_referrals, "
      "source = iif(excluded.source = '', source, excluded.source) RETURNING number";
  auto kept = write("a read cannot be kept", [this, run, &snapshot]() -> Result<void> {
    auto upsert = database_->query(kUpsert);
    upsert
        .with(snapshot.directory(), run, snapshot.groups().size(), snapshot.people().size(),
              snapshot.value_count(), snapshot.certificate().change_numbers.source,
              snapshot.certificate().ignored_referrals)
        .step();
    auto const directory = upsert.integer(0);
    keep_entries(*database_, directory, run, snapshot);
    keep_group_owners(*database_, directory, snapshot);
    keep_attributes(*database_, directory, snapshot.certificate());
    keep_change_numbers(*database_, snapshot.directory(), snapshot.certificate().change_numbers);
    end_held_read(*database_, snapshot.directory());
    return {};
  });
  // The daemon sleeps now; what was cached for this would stay in memory until the next read.
  database_->release_memory();
  return kept;
}

Result<std::optional<ReadCounts>> Store::last_counts(std::string const& directory) {
  static constexpr char kSelect[] =
      "SELECT group_count, people_count, value_count, number, ignored_referrals FROM directory WHERE name = "
      "?";
  static constexpr char kAttributes[] =
      "SELECT attribute, entries FROM deciding_attribute WHERE directory = ? ORDER BY attribute";
  return database_->reading("counts cannot be read",
                            [this, &directory]() -> Result<std::optional<ReadCounts>> {
                              auto query = database_->query(kSelect);
                              if (!query.with(directory).step()) return std::nullopt;
                              ReadCounts counts{.groups = query.integer(0),
                                                .people = query.integer(1),
                                                .values = query.integer(2),
                                                .attributes = {},
                                                .ignored_referrals = std::nullopt};
                              if (auto const referrals = query.integer(4); referrals >= 0)
                                counts.ignored_referrals = referrals;
                              auto attributes = database_->query(kAttributes);
                              for (attributes.with(query.integer(3)); attributes.step();)
                                counts.attributes.emplace(attributes.text(0), attributes.integer(1));
                              return counts;
                            });
}

Result<ChangeNumbers> Store::last_change_numbers(std::string const& directory, std::string const& source) {
  static constexpr char kSelect[] =
      "SELECT origin, value FROM change_number WHERE directory = ? AND source = ? ORDER BY origin";
  return database_->attempt("change numbers cannot be read",
                            [this, &directory, &source]() -> Result<ChangeNumbers> {
                              ChangeNumbers numbers{source, {}};
                              auto query = database_->query(kSelect);
                              for (query.with(directory, source); query.step();)
                                numbers.values.emplace(query.text(0), query.text(1));
                              return numbers;
                            });
}

Result<std::string> Store::last_source(std::string const& directory) {
  static constexpr char kSelect[] = "SELECT source FROM directory WHERE name = ?";
  return database_->attempt("the last source cannot be read", [this, &directory]() -> Result<std::string> {
    auto query = database_->query(kSelect);
    return query.with(directory).step() ? query.text(0) : std::string{};
  });
}

Result<std::vector<KnownEntry>> Store::known_by_dn(std::string const& directory,
                                                   std::span<std::string_view const> normalized) {
  if (normalized.empty()) return std::vector<KnownEntry>{};
  std::unordered_set<std::string_view> const wanted(normalized.begin(), normalized.end());
  return database_->attempt("known entries cannot be read", [this, &directory, &wanted]() {
    return Result<std::vector<KnownEntry>>{known_entries(
        *database_, directory,
        [&wanted](EntryRecord const& record) { return wanted.contains(record.normalized_dn); })};
  });
}

Result<std::vector<std::string>> Store::known_directories() {
  static constexpr char kSelect[] = "SELECT name FROM directory ORDER BY name";
  return database_->attempt("known directories cannot be read", [this] {
    std::vector<std::string> names;
    for (auto query = database_->query(kSelect); query.step();) names.push_back(query.text(0));
    return Result<std::vector<std::string>>{std::move(names)};
  });
}

Result<std::vector<KnownEntry>> Store::known_by_id(std::string const& directory,
                                                   std::span<EntryId const> ids) {
  if (ids.empty()) return std::vector<KnownEntry>{};
  std::unordered_set<std::string_view> wanted;
  for (auto const& id : ids) wanted.insert(id.value());
  return database_->attempt("known entries cannot be read", [this, &directory, &wanted]() {
    return Result<std::vector<KnownEntry>>{known_entries(
        *database_, directory, [&wanted](EntryRecord const& record) { return wanted.contains(record.id); })};
  });
}

Result<std::vector<KnownEntry>> Store::known_right_below(std::string const& directory,
                                                         std::string_view container, std::size_t most) {
  return database_->attempt("known entries cannot be read", [this, &directory, container, most]() {
    std::size_t found = 0;
    auto const is_there = [container, most, &found](EntryRecord const& record) {
      if (found == most || parent_of(record.normalized_dn) != container) return false;
      ++found;
      return true;
    };
    return Result<std::vector<KnownEntry>>{known_entries(*database_, directory, is_there)};
  });
}

Result<std::optional<GroupAt>> Store::group_at(std::string const& directory, EntryId const& group, Time at) {
  static constexpr char kRun[] = "SELECT coalesce(max(id), 0) FROM run WHERE started <= ?";
  return database_->reading(
      "history cannot be read", [this, &directory, &group, at]() -> Result<std::optional<GroupAt>> {
        auto runs = database_->query(kRun);
        runs.with(at).step();
        GroupAt found;
        std::uint32_t number = 0;
        visit_entries(*database_, directory,
                      [&group, &found, &number](std::uint32_t entry, EntryRecord const& record) {
                        if (!record.is_group || record.id != group.value()) return;
                        number = entry;
                        found.dn = record.dn;
                      });
        auto const members = member_set_at(*database_, directory, number, runs.integer(0));
        if (!members) return std::nullopt;
        visit_entries(*database_, directory,
                      [&members, &found](std::uint32_t entry, EntryRecord const& record) {
                        if (std::ranges::binary_search(*members, entry))
                          found.members.push_back(
                              {EntryId{std::string{record.id}}, std::string{record.dn}, record.is_group});
                      });
        return found;
      });
}

}  // namespace dirsync::store
