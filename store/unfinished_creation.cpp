#include "store/unfinished_creation.hpp"

#include "store/sql.hpp"

namespace dirsync::store {

Result<void> roll_back_unfinished_creation(StateFolder const& folder) {
  auto const journal = folder.find(kRollbackJournal);
  if (!journal) return journal.error();
  if (!*journal) return {};
  auto database = Database::open(folder, Database::Access::read_write);
  if (!database) return database.error();
  return database->attempt("cannot be used", [&database = *database]() -> Result<void> {
    database.query("PRAGMA schema_version").step();
    return {};
  });
}

}  // namespace dirsync::store
