#include "store/schema.hpp"

#include <string>
#include <vector>

namespace dirsync::store {
namespace {

std::int64_t pragma(Database& database, char const* sql) {
  auto query = database.query(sql);
  query.step();
  return query.integer(0);
}

constexpr char kUserVersion[] = "PRAGMA user_version";
}  // namespace

Result<std::int64_t> inspect(Database& database, std::span<Migration const> steps) {
  return database.reading("cannot be read", [&database, steps]() -> Result<std::int64_t> {
    auto const application = pragma(database, "PRAGMA application_id");
    auto const version = pragma(database, kUserVersion);
    auto const path = database.path().string();
    if (application == 0 && version == 0 && pragma(database, "SELECT count(*) FROM sqlite_schema") == 0)
      return 0;
    if (application != kApplicationId)
      return Error{StoreErrc::foreign, path + ": not a file of dirsyncd. Choose another state_dir"};
    auto const known = steps.back().version;
    if (version <= known) return version;
    return Error{StoreErrc::newer,
                 path + ": has schema " + std::to_string(version) + ", this dirsyncd knows up to " +
                     std::to_string(known) +
                     ". Start the newer dirsyncd, or restore the backup from before the upgrade"};
  });
}

namespace {
/// Tables whose size follows from the time that passed, not from what is kept now.
constexpr char kTablesOfToday[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND name NOT IN ('run', 'audit', 'audit_checkpoint', 'past_member_set', 'kept_text', 'notice_list', "
    "'interval_text', 'interval_member', 'membership_interval') ORDER BY name";

Result<void> quick_check(Database& database, char const* sql, std::string const& table) {
  auto query = database.query(sql);
  if (!table.empty()) query.with(table);
  query.step();
  auto const verdict = query.text(0);
  if (verdict == "ok") return {};
  return Error{StoreErrc::corrupt, database.path().string() + ": " + verdict +
                                       ". Keep the file for examination and restore it from a backup, or "
                                       "let `dirsyncd recover` make a new one"};
}
}  // namespace

Result<void> check_pages(Database& database, std::int64_t whole_up_to) {
  static constexpr char kWhole[] = "PRAGMA quick_check(1)";
  static constexpr char kOne[] = "SELECT quick_check FROM pragma_quick_check(?)";
  return database.reading("cannot be checked", [&database, whole_up_to]() -> Result<void> {
    auto const size = pragma(database, "PRAGMA page_count") * pragma(database, "PRAGMA page_size");
    if (size <= whole_up_to) return quick_check(database, kWhole, "");
    std::vector<std::string> tables;
    auto query = database.query(kTablesOfToday);
    while (query.step()) tables.push_back(query.text(0));
    for (auto const& table : tables)
      if (auto const sound = quick_check(database, kOne, table); !sound) return sound;
    return {};
  });
}

Result<void> migrate(Database& database, std::span<Migration const> steps) {
  return database.transaction(
      "cannot be brought to this version's schema", [&database, steps]() -> Result<void> {
        // Read again now that nobody else can write: another process may have been faster.
        auto const version = pragma(database, kUserVersion);
        for (auto const& step : steps) {
          if (step.version <= version) continue;
          database.execute(step.sql);
          if (step.fill != nullptr) step.fill(database);
          // Pragmas take no parameters.
          database.execute(("PRAGMA user_version = " + std::to_string(step.version)).c_str());
        }
        if (version == 0)
          database.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
        return {};
      });
}

}  // namespace dirsync::store
