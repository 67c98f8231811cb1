#include "store/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "store/schema.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;

/// Creates an empty file that only its owner may read. An existing one is not even opened: closing a second
/// descriptor would drop this process's locks on it.
Result<void> create_if_missing(fs::path const& path) {
  auto const descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  if (descriptor >= 0 || errno == EEXIST) return {};
  auto const code = errno == ENOSPC || errno == EDQUOT ? StoreErrc::full : StoreErrc::unwritable;
  return Error{code, path.string() + ": cannot be created: " + std::strerror(errno) +
                         ". Create the folder with mode 0700, owned by the account that runs dirsyncd"};
}

/// A process that ended while it gave a new file its log leaves a rollback journal, without which nobody may
/// read the file. Only a writer can take it back.
Result<void> take_back_half_a_start(fs::path const& path) {
  std::error_code ignored;
  if (!fs::exists(path.string() + "-journal", ignored)) return {};
  auto database = Database::open(path, Database::Access::read_write);
  if (!database) return database.error();
  return database->attempt("cannot be used", [&database = *database]() -> Result<void> {
    database.query("PRAGMA schema_version").step();
    return {};
  });
}

Result<void> check_unchanged(fs::path const& path) {
  auto database = Database::open(path, Database::Access::read_only);
  if (!database) return database.error();
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  return check_pages(*database);
}

Result<void> prepare(Database& database) {
  return database.attempt("cannot be used", [&database]() -> Result<void> {
    // An outcome that a power cut takes back would be a lost act: FULL also syncs the log at each commit.
    // Larger pages and a cache that holds a whole first read save most of its writes; the page size of a file
    // that has one stays.
    database.execute("PRAGMA synchronous = FULL; PRAGMA page_size = 8192; PRAGMA cache_size = -32768;");
    auto journal = database.query("PRAGMA journal_mode = WAL");
    if (journal.step() && journal.text(0) == "wal") return {};
    return Error{StoreErrc::unwritable, database.path().string() +
                                            ": its file system keeps no write-ahead log. Put "
                                            "state_dir on a local file system"};
  });
}

/// SQLite waits for every lock but the one that turns the write-ahead log on, which the first opening of a
/// new file does: there it refuses at once when another process is at it.
Result<void> prepare_when_free(Database& database) {
  auto const give_up = std::chrono::steady_clock::now() + kBusyTimeout;
  auto prepared = prepare(database);
  while (!prepared && prepared.error().code == StoreErrc::busy &&
         std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    prepared = prepare(database);
  }
  return prepared;
}

Result<Database> open_for_writing(fs::path const& path) {
  if (auto const created = create_if_missing(path); !created) return created.error();
  if (auto const whole = take_back_half_a_start(path); !whole) return whole.error();
  if (auto const sound = check_unchanged(path); !sound) return sound.error();
  auto database = Database::open(path, Database::Access::read_write);
  if (!database) return database;
  if (auto const prepared = prepare_when_free(*database); !prepared) return prepared.error();
  if (auto const migrated = migrate(*database, migrations()); !migrated) return migrated.error();
  if (::chmod(path.c_str(), 0600) != 0)
    return Error{StoreErrc::unwritable, path.string() + ": cannot be made private: " + std::strerror(errno) +
                                            ". Let it belong to the account that runs dirsyncd"};
  return database;
}

Result<Database> open_as(fs::path const& path, Database::Access access) {
  auto database = Database::open(path, access);
  if (!database) return database;
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  if (*version == migrations().back().version) return database;
  return Error{StoreErrc::missing,
               path.string() + ": is empty or from an older version. Let the service start once"};
}

Result<Database> open_for_reading(fs::path const& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return Error{StoreErrc::missing, path.string() +
                                         ": not there, or its folder cannot be entered. Check state_dir "
                                         "and the account, and let the service run once"};
  auto database = open_as(path, Database::Access::read_only);
  // A log that is read needs a lock file beside it. On a read-only medium there is no place for one and no
  // writer.
  auto const log = fs::path{path.string() + "-wal"};
  auto const log_is_empty = !fs::exists(log, ignored) || fs::file_size(log, ignored) == 0;
  if (database || database.error().code != StoreErrc::unwritable || !log_is_empty) return database;
  return open_as(path, Database::Access::immutable);
}
}  // namespace

Store::Store(Options options, std::unique_ptr<Database> database)
    : options_(std::move(options)), database_(std::move(database)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(Options options) {
  auto const path = options.state_dir / "dirsyncd.db";
  auto database = options.mode == Options::Mode::read_write ? open_for_writing(path) : open_for_reading(path);
  if (!database) return database.error();
  return Store{std::move(options), std::make_unique<Database>(*std::move(database))};
}

}  // namespace dirsync::store
