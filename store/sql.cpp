#include "store/sql.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace dirsync::store {
namespace {
// Connections are used by one thread at a time; see the journal's port.
constexpr int kOneThread = SQLITE_OPEN_NOMUTEX;

/// Keeps the name as it is. SQLite's own function resolves every link on the way to a file; it would turn our
/// names, which lead through a descriptor, back into paths, and those fail where the account may not enter a
/// folder above.
int keep_name(sqlite3_vfs*, char const* name, int size, char* full) {
  auto const length = std::strlen(name);
  if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(full, name, length + 1);
  return SQLITE_OK;
}

/// SQLite's layer for this system, but for the names; registered once.
char const* system_that_keeps_names() {
  static constexpr char kLayer[] = "dirsyncd-names";
  static sqlite3_vfs const* const layer = [] {
    static sqlite3_vfs copy = *::sqlite3_vfs_find(nullptr);
    copy.pNext = nullptr;
    copy.zName = kLayer;
    copy.xFullPathname = keep_name;
    ::sqlite3_vfs_register(&copy, 0);
    return &copy;
  }();
  return layer->zName;
}

struct Meaning {
  StoreErrc code;
  char const* remedy;
};

Meaning meaning_of(int code, int reason) {
  static constexpr char kMakeRoom[] = "Make room on its file system";
  // Of a write that failed for want of room SQLite tells some as an input/output error.
  if ((code & 0xff) == SQLITE_IOERR && is_out_of_room(reason)) return {StoreErrc::full, kMakeRoom};
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {StoreErrc::corrupt,
              "Keep the file for examination and restore it from a backup, or let `dirsyncd recover` make a "
              "new one"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {StoreErrc::busy, "Try again when the other process is done"};
    case SQLITE_FULL:
      return {StoreErrc::full, kMakeRoom};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_AUTH:
      return {StoreErrc::unwritable,
              "Check that the folder exists, belongs to the account that runs dirsyncd, has mode 0700 and "
              "lies on a healthy local file system"};
    case SQLITE_CONSTRAINT:
      return {StoreErrc::refused,
              "Check the audit trail with `dirsyncd log verify` and report this as a bug"};
    default:
      return {StoreErrc::failed, "Report this as a bug"};
  }
}
}  // namespace

Error sqlite_failure(std::filesystem::path const& path, char const* what, int code, int reason,
                     char const* words) {
  auto const [meaning, remedy] = meaning_of(code, reason);
  return {meaning, path.string() + ": " + what + ": " + words + ". " + remedy};
}

void damaged(std::string const& what) {
  throw SQLite::Exception(what + " cannot be understood", SQLITE_CORRUPT);
}

Query::~Query() { statement_->tryReset(); }
void Query::reset() { statement_->reset(); }
bool Query::step() { return statement_->executeStep(); }
std::int64_t Query::run() { return statement_->exec(); }

std::int64_t Query::integer(int column) const { return statement_->getColumn(column).getInt64(); }
std::string Query::text(int column) const { return statement_->getColumn(column).getString(); }
std::string_view Query::blob(int column) const {
  auto const value = statement_->getColumn(column);
  auto const* const bytes = static_cast<char const*>(value.getBlob());
  return {bytes, bytes ? static_cast<std::size_t>(value.getBytes()) : 0};
}
bool Query::is_integer(int column) const { return statement_->getColumn(column).isInteger(); }
bool Query::read_text(int column, std::string& value) const {
  auto const stored = statement_->getColumn(column);
  auto const is_text = stored.isText();  // not known any more once it was converted
  auto const size = static_cast<std::size_t>(stored.getBytes());
  auto const* const bytes = static_cast<char const*>(stored.getBlob());
  value.assign(bytes ? bytes : "", bytes ? size : 0);
  return is_text;
}
Time Query::time(int column) const {
  auto const value = parse_rfc3339(text(column));
  if (!value) damaged("a time");
  return *value;
}

void Query::bind(int index, std::int64_t value) { statement_->bind(index, value); }
void Query::bind(int index, std::string const& value) { statement_->bind(index, value); }
void Query::bind(int index, char const* value) { statement_->bind(index, value); }
void Query::bind(int index, Blob value) {
  // A null pointer would bind NULL, not the empty value.
  auto const* const bytes = value.bytes.empty() ? "" : value.bytes.data();
  statement_->bindNoCopy(index, static_cast<void const*>(bytes), static_cast<int>(value.bytes.size()));
}

Database::Database(StateFolder folder, std::unique_ptr<SQLite::Database> handle)
    : folder_(std::move(folder)), path_(folder_.path() / kDatabaseFile), handle_(std::move(handle)) {}
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept {
  statements_ = std::exchange(other.statements_, {});
  handle_ = std::move(other.handle_);
  path_ = std::move(other.path_);
  folder_ = std::move(other.folder_);
  return *this;
}
Database::~Database() = default;

Result<Database> Database::open(StateFolder const& folder, Access access) {
  auto const flags = kOneThread | SQLITE_OPEN_URI |
                     (access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  auto const parameters = access == Access::immutable ? "?immutable=1" : "";
  try {
    auto handle = std::make_unique<SQLite::Database>(
        "file:" + folder.path_through_descriptor(kDatabaseFile) + parameters, flags,
        static_cast<int>(kBusyTimeout.count()), system_that_keeps_names());
    Database database{folder, std::move(handle)};
    // A schema that somebody planted in the file must not be able to call functions behind our back.
    database.execute(
        "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
        "PRAGMA cell_size_check = ON;");
    return database;
  } catch (SQLite::Exception const& error) {
    return sqlite_failure(folder.path() / kDatabaseFile, "cannot be opened", error.getErrorCode(), errno,
                          error.what());
  }
}

Query Database::query(char const* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*handle_, sql);
  return Query{*statement};
}
void Database::execute(char const* sql) { handle_->exec(sql); }
std::int64_t Database::last_row_id() const { return handle_->getLastInsertRowid(); }
void Database::release_memory() noexcept {
  statements_.clear();
  handle_->tryExec("PRAGMA shrink_memory");
}
void Database::rollback() noexcept { handle_->tryExec("ROLLBACK"); }

Error Database::failure(char const* what, std::runtime_error const& error) const {
  auto const* const failure = dynamic_cast<SQLite::Exception const*>(&error);
  return sqlite_failure(path_, what, failure ? failure->getErrorCode() : SQLITE_ERROR,
                        ::sqlite3_system_errno(handle_->getHandle()), error.what());
}

}  // namespace dirsync::store
