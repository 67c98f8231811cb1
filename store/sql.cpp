#include "store/sql.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <cctype>
#include <utility>

namespace dirsync::store {
namespace {
// Connections are used by one thread at a time; see the journal's port.
constexpr int kOneThread = SQLITE_OPEN_NOMUTEX;

/// "file:" URI (RFC 3986) of a path; only unreserved characters and "/" stay as they are.
std::string uri_of(std::filesystem::path const& path, std::string_view parameters) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (unsigned char const c : path.string()) {
    if (std::isalnum(c) || std::string_view{"/-._~"}.find(static_cast<char>(c)) != std::string_view::npos) {
      uri.push_back(static_cast<char>(c));
    } else {
      uri.append({'%', kDigits[c >> 4], kDigits[c & 0xf]});
    }
  }
  return uri.append(parameters);
}

struct Meaning {
  StoreErrc code;
  char const* remedy;
};

Meaning meaning_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {StoreErrc::corrupt, "Keep the file for examination and restore it from a backup"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {StoreErrc::busy, "Try again when the other process is done"};
    case SQLITE_FULL:
      return {StoreErrc::full, "Make room on its file system"};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_AUTH:
      return {StoreErrc::unwritable,
              "Check that the folder exists, belongs to the account that runs dirsyncd, has mode 0700 and "
              "lies on a "
              "healthy local file system"};
    case SQLITE_CONSTRAINT:
      return {StoreErrc::refused,
              "Check the audit trail with `dirsyncd log verify` and report this as a bug"};
    default:
      return {StoreErrc::failed, "Report this as a bug"};
  }
}
}  // namespace

Error sqlite_failure(std::filesystem::path const& path, char const* what, int code, char const* words) {
  auto const [meaning, remedy] = meaning_of(code);
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

Database::Database(std::filesystem::path path, std::unique_ptr<SQLite::Database> handle)
    : path_(std::move(path)), handle_(std::move(handle)) {}
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept {
  statements_ = std::exchange(other.statements_, {});
  handle_ = std::move(other.handle_);
  path_ = std::move(other.path_);
  return *this;
}
Database::~Database() = default;

Result<Database> Database::open(std::filesystem::path const& path, Access access) {
  auto const flags = kOneThread | SQLITE_OPEN_URI |
                     (access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  auto const parameters = access == Access::immutable ? "?immutable=1" : "";
  try {
    auto handle = std::make_unique<SQLite::Database>(uri_of(path, parameters), flags,
                                                     static_cast<int>(kBusyTimeout.count()));
    Database database{path, std::move(handle)};
    // A schema that somebody planted in the file must not be able to call functions behind our back.
    database.execute(
        "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
        "PRAGMA cell_size_check = ON;");
    return database;
  } catch (SQLite::Exception const& error) {
    return sqlite_failure(path, "cannot be opened", error.getErrorCode(), error.what());
  }
}

Query Database::query(char const* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*handle_, sql);
  return Query{*statement};
}
void Database::execute(char const* sql) { handle_->exec(sql); }
std::int64_t Database::last_row_id() const { return handle_->getLastInsertRowid(); }
void Database::release_memory() noexcept { handle_->tryExec("PRAGMA shrink_memory"); }
void Database::rollback() noexcept { handle_->tryExec("ROLLBACK"); }

Error Database::failure(char const* what, std::runtime_error const& error) const {
  auto const* const failure = dynamic_cast<SQLite::Exception const*>(&error);
  return sqlite_failure(path_, what, failure ? failure->getErrorCode() : SQLITE_ERROR, error.what());
}

}  // namespace dirsync::store
