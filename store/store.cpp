#include "store/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "store/audit_key.hpp"
#include "store/mark.hpp"
#include "store/schema.hpp"
#include "store/unfinished_creation.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {

/// Those that SQLite may make or use, the mark, and the key.
constexpr char const* kFiles[] = {kDatabaseFile, "dirsyncd.db-wal", "dirsyncd.db-shm", kRollbackJournal,
                                  kMarkFile,     "mark.new",        kAuditKeyFile,     "audit.key.new"};
constexpr mode_t kOfOthers = 0077;

/// SQLite opens its files by itself, so what stands at their names is looked at first.
Result<void> check_files(StateFolder const& folder) {
  for (auto const* const name : kFiles)
    if (auto const file = folder.find(name); !file) return file.error();
  return {};
}

/// Whether the file is as open_for_writing() leaves it, so that it may be used beside the holder of the lock.
Result<bool> is_in_order(StateFolder const& folder) {
  auto const file = folder.find(kDatabaseFile), journal = folder.find(kRollbackJournal);
  if (!file) return file.error();
  if (!journal) return journal.error();
  if (!*file || (*file)->size == 0 || *journal) return false;
  auto database = Database::open(folder, Database::Access::read_only);
  if (!database) return database.error();
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  return *version == migrations().back().version;
}

/// Takes from others what they may do with the files. A file that is private is not even opened: closing a
/// second descriptor would drop this process's locks on it.
Result<void> make_private(StateFolder const& folder) {
  for (auto const* const name : kFiles) {
    auto const file = folder.find(name);
    if (!file) return file.error();
    if (!*file || ((*file)->mode & kOfOthers) == 0) continue;
    auto const open_to_others = folder.open_file(name, O_RDONLY);
    if (!open_to_others) return open_to_others.error();
    if (::fchmod(open_to_others->number(), 0600) != 0)
      return Error{StoreErrc::unwritable, (folder.path() / name).string() + ": cannot be made private: " +
                                              std::generic_category().message(errno) +
                                              ". Let it belong to the account that runs dirsyncd"};
  }
  return {};
}

Result<void> create_if_missing(StateFolder const& folder) {
  auto const file = folder.find(kDatabaseFile);
  if (!file) return file.error();
  if (*file) return {};
  auto const created = folder.open_file(kDatabaseFile, O_RDWR | O_CREAT);
  if (!created) return created.error();
  return {};
}

Result<void> check_unchanged(StateFolder const& folder, std::optional<Mark> const& mark) {
  auto database = Database::open(folder, Database::Access::read_only);
  if (!database) return database.error();
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  if (auto const sound = check_pages(*database); !sound || !mark) return sound;
  return *version == 0 ? Result<void>{no_store_for(folder, *mark)} : check_mark(*database, *mark);
}

/// Without a file there is nothing that the mark could be compared with.
Result<void> check_there(StateFolder const& folder, std::optional<Mark> const& mark) {
  auto const file = folder.find(kDatabaseFile);
  if (!file) return file.error();
  if (mark && (!*file || (*file)->size == 0)) return no_store_for(folder, *mark);
  return {};
}

Result<void> prepare(Database& database) {
  return database.attempt("cannot be used", [&database]() -> Result<void> {
    // An outcome that a power cut takes back would be a lost act: FULL also syncs the log at each commit.
    // Larger pages and a cache that holds a whole first read save most of its writes; the page size of a file
    // that has one stays.
    database.execute("PRAGMA synchronous = FULL; PRAGMA page_size = 8192; PRAGMA cache_size = -32768;");
    // The log is taken into the file after 500 pages, and a large one, as after a first read, does not stay.
    database.execute("PRAGMA wal_autocheckpoint = 500; PRAGMA journal_size_limit = 4194304;");
    auto journal = database.query("PRAGMA journal_mode = WAL");
    if (journal.step() && journal.text(0) == "wal") return {};
    return Error{StoreErrc::unwritable, database.path().string() +
                                            ": its file system keeps no write-ahead log. "
                                            "Put state_dir on a local file system"};
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

Result<Database> open_for_writing(StateFolder const& folder, InstanceLock const* lock,
                                  std::optional<Mark> const& mark) {
  if (auto const there = check_there(folder, mark); !there) return there.error();
  if (auto const closed = make_private(folder); !closed) return closed.error();
  std::optional<InstanceLock> for_now;
  if (lock == nullptr) {
    auto const in_order = is_in_order(folder);
    if (!in_order) return in_order.error();
    if (!*in_order) {
      auto taken = InstanceLock::acquire(folder, kBusyTimeout);
      if (!taken) return taken.error();
      lock = &for_now.emplace(std::move(*taken));
    }
  }
  if (lock != nullptr) {
    if (auto const created = create_if_missing(folder); !created) return created.error();
    if (auto const whole = roll_back_unfinished_creation(folder); !whole) return whole.error();
  }
  if (auto const sound = check_unchanged(folder, mark); !sound) return sound.error();
  auto database = Database::open(folder, Database::Access::read_write);
  if (!database) return database;
  if (auto const prepared = prepare_when_free(*database); !prepared) return prepared.error();
  if (lock == nullptr) return database;
  if (auto const migrated = migrate(*database, migrations()); !migrated) return migrated.error();
  return database;
}

Result<Database> open_as(StateFolder const& folder, Database::Access access) {
  auto database = Database::open(folder, access);
  if (!database) return database;
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  if (*version == migrations().back().version) return database;
  return Error{StoreErrc::missing,
               database->path().string() + ": is empty or from an older version. Let the service start once"};
}

Result<Database> open_for_reading(StateFolder const& folder) {
  auto const file = folder.find(kDatabaseFile);
  if (!file) return file.error();
  if (!*file)
    return Error{StoreErrc::missing,
                 (folder.path() / kDatabaseFile).string() +
                     ": is not there. Check service.state_dir, and let the service run once"};
  auto database = open_as(folder, Database::Access::read_only);
  // A log that is read needs a lock file beside it. On a read-only medium there is no place for one and no
  // writer.
  auto const log = folder.find("dirsyncd.db-wal");
  auto const log_is_empty = log && (!*log || (*log)->size == 0);
  if (database || database.error().code != StoreErrc::unwritable || !log_is_empty) return database;
  return open_as(folder, Database::Access::immutable);
}
}  // namespace

Store::Store(Options options, std::unique_ptr<Database> database)
    : options_(std::move(options)), database_(std::move(database)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(Options options) {
  auto const& folder = options.folder;
  if (auto const sound = check_files(folder); !sound) return sound.error();
  // Before the store: a run that ends in between makes the store newer than the mark, which is fine.
  auto const mark = read_mark(folder);
  if (!mark && !options.examine && !options.recover) return mark.error();
  if (options.mode == Options::Mode::read_only) return open_to_read(std::move(options), mark);
  auto const has_mark = mark && *mark;
  auto const is_compared = has_mark && !options.recover;
  auto database = open_for_writing(folder, options.lock, is_compared ? *mark : std::nullopt);
  if (!database) return database.error();
  auto const is_locked = options.lock != nullptr;
  options.lock = nullptr;  // the caller's, which may end before the store does
  Store store{std::move(options), std::make_unique<Database>(*std::move(database))};
  if (!is_locked) return store;
  if (auto const signing = store.begin_signing(); !signing) return signing.error();
  if (!is_compared && (has_mark || !mark)) {
    auto const fits = mark ? check_mark(*store.database_, **mark) : Result<void>{mark.error()};
    if (!fits && fits.error().code != StoreErrc::behind) return fits.error();
    if (!fits) store.went_back_ = fits.error();
    if (!fits) return store;
  }
  if (auto const marked = store.begin_marking(has_mark); !marked) return marked.error();
  return store;
}

Result<Store> Store::open_to_read(Options options, Result<std::optional<Mark>> const& mark) {
  auto went_back = mark ? Result<void>{} : Result<void>{mark.error()};
  if (mark) went_back = check_there(options.folder, *mark);
  if (!went_back && !options.examine) return went_back.error();
  auto database = open_for_reading(options.folder);
  if (!database) return database.error();
  if (went_back && *mark) went_back = check_mark(*database, **mark);
  if (!went_back && !options.examine) return went_back.error();
  Store store{std::move(options), std::make_unique<Database>(*std::move(database))};
  if (!went_back) store.went_back_ = went_back.error();
  return store;
}

Result<std::int64_t> Store::size() const {
  auto const file = options_.folder.find(kDatabaseFile);
  if (!file) return file.error();
  return *file ? (*file)->size : 0;
}

Result<void> Store::note_place(char const* file) {
  auto const found = options_.folder.find(file);
  if (!found) return found.error();
  places_[file] = *found ? Place{(*found)->device, (*found)->inode} : Place{};
  return {};
}

Result<void> Store::check_in_place() const {
  if (!marks_) return {};
  if (auto const here = options_.folder.check_in_place(); !here) return here;
  for (auto const& [name, place] : places_) {
    auto const found = options_.folder.find(name);
    if (!found) return found.error();
    if (*found && Place{(*found)->device, (*found)->inode} == place) continue;
    return Error{StoreErrc::replaced,
                 (options_.folder.path() / name).string() + (*found ? ": is another file" : ": is gone") +
                     " since dirsyncd wrote it, so that what it does could not be recorded; nothing is sent. "
                     "Find out who did that, put the file back, and start dirsyncd again"};
  }
  return {};
}

Result<void> Store::begin_marking(bool has_mark) {
  marks_ = true;
  for (auto const* const file : {kDatabaseFile, kLockFile})
    if (auto const noted = note_place(file); !noted) return noted;
  if (has_mark) return note_place(kMarkFile);
  auto const now =
      database_->reading("cannot be read", [this]() -> Result<Mark> { return mark_of(*database_); });
  if (!now) return now.error();
  // Nothing was ever sent by a store without runs.
  was_unmarked_ = now->run.value() > 0;
  if (was_unmarked_) {
    AuditRow row;
    row.phase = "store";
    row.actor = options_.actor;
    row.result = "unmarked";
    row.detail =
        "there was no mark beside the store, so nobody can tell whether it is an older copy; "
        "a new mark vouches for it from here on";
    if (auto const told = append(std::move(row)); !told) return told;
  }
  return move_mark();
}

Result<void> Store::move_mark() {
  if (!marks_) return {};
  auto const now =
      database_->reading("cannot be read", [this]() -> Result<Mark> { return mark_of(*database_); });
  if (!now) return now.error();
  if (auto const written = write_mark(options_.folder, *now); !written) return written;
  marked_run_ = now->run;
  return note_place(kMarkFile);
}

}  // namespace dirsync::store
