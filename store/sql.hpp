#pragma once
// The one place that knows the SQLite wrapper. Inside this folder only.
#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "store/errors.hpp"
#include "store/state_folder.hpp"
#include "sync/model/record.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace dirsync::store {

/// How long to wait for another process: long enough for the commit of a large directory, short enough for a
/// person who waits.
constexpr std::chrono::milliseconds kBusyTimeout{5000};

/// Throws what Database::attempt makes StoreErrc::corrupt of: a value that this program did not write so.
[[noreturn]] void damaged(std::string const& what);

/// Binds as BLOB and is not copied: the bytes must live until the query has run.
struct Blob {
  std::string_view bytes;
};

/// One use of a prepared statement; it is reset at the end. Members throw what the wrapper throws; the
/// callers' frame is Database::attempt or Database::transaction, which make an Error of it.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) noexcept : statement_(&statement) {}
  Query(Query const&) = delete;
  Query& operator=(Query const&) = delete;
  ~Query();

  /// Binds the first parameters, in order, and makes the statement ready to run (again).
  template <class... Values>
  Query& with(Values const&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  bool step();         // false: no further row
  std::int64_t run();  // for statements without rows; the number of rows changed

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  Time time(int column) const;
  std::string_view blob(int column) const;  // valid until the next step
  /// Whether the value is stored as such. integer() and text() convert one that is not.
  bool is_integer(int column) const;
  /// Replaces `value` by the value's bytes; false when they are not stored as text.
  bool read_text(int column, std::string& value) const;

 private:
  void reset();
  void bind(int index, std::int64_t value);
  void bind(int index, std::string const& value);
  void bind(int index, char const* value);
  void bind(int index, Blob value);
  void bind(int index, Time value) { bind(index, rfc3339(value)); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  template <std::integral Number>
  void bind(int index, Number value) {
    bind(index, static_cast<std::int64_t>(value));
  }
  template <class Tag, class Rep>
  void bind(int index, Strong<Tag, Rep> const& value) {
    bind(index, value.value());
  }
  SQLite::Statement* statement_;
};

class Database {
 public:
  enum class Access {
    read_write,  // creates nothing: the file must exist
    read_only,
    immutable,  // read only, and nobody writes: for files in a folder where not even a lock can be kept
  };
  /// dirsyncd.db of the folder, whose files were looked at before: SQLite itself follows no link to a file.
  /// Errors: as sqlite_failure() says.
  static Result<Database> open(StateFolder const& folder, Access access);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  /// `sql` must be a constant: its address is the key of the cache of prepared statements. A statement serves
  /// one Query at a time.
  Query query(char const* sql);
  /// One or more statements without parameters.
  void execute(char const* sql);
  std::int64_t last_row_id() const;
  /// Gives back the page cache, and the prepared statements with what was bound to them last, which of a
  /// run's report is megabytes. No Query may live.
  void release_memory() noexcept;
  std::filesystem::path const& path() const noexcept { return path_; }

  /// Runs `body`, which returns a Result; a database failure becomes an Error that starts with `what`.
  template <class Body>
  std::invoke_result_t<Body> attempt(char const* what, Body&& body) {
    try {
      return body();
    } catch (std::runtime_error const& error) {
      return failure(what, error);
    }
  }
  /// The same inside one write transaction, which takes the write lock at once, so what `body` reads stays
  /// true until the commit. Rolled back when `body` returns an Error.
  template <class Body>
  std::invoke_result_t<Body> transaction(char const* what, Body&& body) {
    return within_transaction(kBeginImmediate, what, body);
  }
  /// The same for reading: every query in `body` sees the same state. One within another is a part of it.
  template <class Body>
  std::invoke_result_t<Body> reading(char const* what, Body&& body) {
    if (is_reading_) return attempt(what, body);
    Reading const now{*this};
    return within_transaction(kBeginDeferred, what, body);
  }

 private:
  static constexpr char kBeginImmediate[] = "BEGIN IMMEDIATE";
  static constexpr char kBeginDeferred[] = "BEGIN DEFERRED";
  static constexpr char kCommit[] = "COMMIT";

  /// Undoes what was not committed, on every way out.
  class Rollback {
   public:
    explicit Rollback(Database& database) noexcept : database_(&database) {}
    Rollback(Rollback const&) = delete;
    Rollback& operator=(Rollback const&) = delete;
    ~Rollback() {
      if (database_) database_->rollback();
    }
    void dismiss() noexcept { database_ = nullptr; }

   private:
    Database* database_;
  };

  /// From its beginning to its end, on every way out.
  class Reading {
   public:
    explicit Reading(Database& database) noexcept : database_(database) { database_.is_reading_ = true; }
    Reading(Reading const&) = delete;
    Reading& operator=(Reading const&) = delete;
    ~Reading() { database_.is_reading_ = false; }

   private:
    Database& database_;
  };

  template <class Body>
  std::invoke_result_t<Body> within_transaction(char const* begin, char const* what, Body& body) {
    return attempt(what, [this, begin, &body]() -> std::invoke_result_t<Body> {
      query(begin).run();
      Rollback rollback{*this};
      auto result = body();
      if (result) {
        query(kCommit).run();
        rollback.dismiss();
      }
      return result;
    });
  }
  Database(StateFolder folder, std::unique_ptr<SQLite::Database> handle);
  void rollback() noexcept;
  Error failure(char const* what, std::runtime_error const& error) const;

  StateFolder folder_;  // SQLite opens further files through it
  std::filesystem::path path_;
  std::unique_ptr<SQLite::Database> handle_;
  bool is_reading_ = false;
  // After the handle: statements must be gone before the connection is closed.
  std::unordered_map<char const*, std::unique_ptr<SQLite::Statement>> statements_;
};

/// What a failure of SQLite means for us, with its remedy. `code`: primary or extended result code; `reason`:
/// of the last call to the system that failed, as in errno(3), 0 for none.
Error sqlite_failure(std::filesystem::path const& path, char const* what, int code, int reason,
                     char const* words);

/// The store's file within the state folder.
inline constexpr char kDatabaseFile[] = "dirsyncd.db";

}  // namespace dirsync::store
