// Member values that named nothing, as they stood at the last accepted read.
#include <map>
#include <tuple>

#include "store/packing.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {

constexpr char kSelect[] =
    "SELECT group_id, runs, counted, keys FROM unresolved WHERE directory = ? "
    "ORDER BY group_id, runs, counted";

using Since = std::tuple<std::string, std::int64_t, std::string>;  // group, runs, counted

/// As packed.
std::map<Since, std::string> rows_of(Database& database, std::int64_t directory) {
  std::map<Since, std::string> rows;
  auto query = database.query(kSelect);
  for (query.with(directory); query.step();)
    rows.emplace(Since{query.text(0), query.integer(1), query.text(2)}, query.blob(3));
  return rows;
}

void replace_rows(Database& database, std::int64_t directory, std::map<Since, std::string> before,
                  std::span<KeptUnresolved const> values) {
  static constexpr char kUpsert[] =
      "INSERT INTO unresolved (directory, group_id, runs, counted, keys) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (directory, group_id, runs, counted) DO UPDATE SET keys = excluded.keys";
  static constexpr char kDelete[] =
      "DELETE FROM unresolved WHERE directory = ? AND group_id = ? AND runs = ? AND counted = ?";
  for (auto const& one : values) {
    auto const packed = pack_keys(one.values);
    auto const kept = before.extract(Since{one.group.value(), one.runs, rfc3339(one.counted)});
    if (!kept.empty() && kept.mapped() == packed) continue;
    database.query(kUpsert).with(directory, one.group.value(), one.runs, one.counted, Blob{packed}).run();
  }
  for (auto const& [since, packed] : before) {
    auto const& [group, runs, counted] = since;
    database.query(kDelete).with(directory, group, runs, counted).run();
  }
}

}  // namespace

Result<std::optional<std::vector<KeptUnresolved>>> Store::unresolved(std::string const& directory) {
  static constexpr char kDirectory[] = "SELECT number FROM directory WHERE name = ? AND keeps_unresolved = 1";
  using Values = std::optional<std::vector<KeptUnresolved>>;
  return database_->reading("unresolved values cannot be read", [this, &directory]() -> Result<Values> {
    auto known = database_->query(kDirectory);
    if (!known.with(directory).step()) return Values{};
    std::vector<KeptUnresolved> values;
    auto query = database_->query(kSelect);
    for (query.with(known.integer(0)); query.step();) {
      auto keys = unpack_keys(query.blob(3));
      if (!keys) damaged("the unresolved values of group " + query.text(0));
      values.push_back(
          {EntryId{query.text(0)}, static_cast<int>(query.integer(1)), query.time(2), *std::move(keys)});
    }
    return Values{std::move(values)};
  });
}

Result<void> Store::keep_unresolved(std::string const& directory, std::span<KeptUnresolved const> values) {
  static constexpr char kDirectory[] = "SELECT number, keeps_unresolved FROM directory WHERE name = ?";
  static constexpr char kKeeps[] = "UPDATE directory SET keeps_unresolved = 1 WHERE number = ?";
  return write("unresolved values cannot be kept", [this, &directory, values]() -> Result<void> {
    auto known = database_->query(kDirectory);
    if (!known.with(directory).step()) return {};  // no read of it was accepted yet
    auto const number = known.integer(0);
    if (known.integer(1) == 0) database_->query(kKeeps).with(number).run();
    replace_rows(*database_, number, rows_of(*database_, number), values);
    return {};
  });
}

}  // namespace dirsync::store
