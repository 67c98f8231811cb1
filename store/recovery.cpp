#include "store/recovery.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "store/mark.hpp"
#include "store/schema.hpp"
#include "store/sql.hpp"
#include "store/store.hpp"
#include "store/unfinished_creation.hpp"

namespace dirsync::store {
namespace {
using StoreKind = StoreState::Kind;

/// What SQLite keeps beside the file; the write-ahead log first: left behind, it would be taken for that of a
/// new store.
constexpr std::array<char const*, 4> kSuffixes{"-wal", "-journal", "-shm", ""};

/// That mark, such that no store fits it. `mark` may be none.
Mark that_none_fits(std::optional<Mark> const& mark) {
  Mark none = mark.value_or(Mark{RunId{1}, {}});
  none.head = {std::max<std::int64_t>(none.head.sequence, 1), std::string(kNoHash.size(), 'f')};
  return none;
}

/// Whether that name is free for the store, or has a part of it from a time when this was cut off.
Result<bool> is_free(StateFolder const& folder, std::string const& name) {
  auto const taken = folder.find(name), log_taken = folder.find(name + "-wal"),
             log = folder.find(std::string{kDatabaseFile} + "-wal");
  for (auto const* const found : {&taken, &log_taken, &log})
    if (!*found) return found->error();
  auto const has_log = *log && (*log)->size > 0;
  return !*taken && !(*log_taken && has_log);
}

Result<bool> has_content(StateFolder const& folder) {
  auto const file = folder.find(kDatabaseFile);
  if (!file) return file.error();
  return *file && (*file)->size > 0;
}

/// Nothing: a file of this program, of that schema.
Result<std::int64_t> version_of_sound(StateFolder const& folder) {
  auto database = Database::open(folder, Database::Access::read_only);
  if (!database) return database.error();
  auto const version = inspect(*database, migrations());
  if (!version) return version.error();
  if (auto const sound = check_pages(*database, std::numeric_limits<std::int64_t>::max()); !sound)
    return sound.error();
  return *version;
}

Result<StoreState> compare_with_mark(StateFolder const& folder, Mark const& mark) {
  auto database = Database::open(folder, Database::Access::read_only);
  if (!database) return database.error();
  auto const fits = check_mark(*database, mark);
  if (fits) return StoreState{};
  if (fits.error().code == StoreErrc::behind) return StoreState{StoreKind::behind, fits.error().context};
  return fits.error();
}

}  // namespace

char const* to_text(StoreState::Kind kind) {
  switch (kind) {
    case StoreKind::sound:
      return "sound";
    case StoreKind::behind:
      return "behind";
    case StoreKind::lost:
      return "lost";
    case StoreKind::damaged:
      break;
  }
  return "damaged";
}

Result<StoreState> look_at_store(StateFolder const& folder) {
  auto const mark = read_mark(folder);
  if (!mark && mark.error().code != StoreErrc::behind) return mark.error();
  auto const lost = [&folder, &mark]() -> StoreState {
    if (!mark) return {StoreKind::lost, mark.error().context};
    return *mark ? StoreState{StoreKind::lost, no_store_for(folder, **mark).context} : StoreState{};
  };
  auto const begun = has_content(folder);
  if (!begun) return begun.error();
  if (!*begun) return lost();
  auto const whole = roll_back_unfinished_creation(folder);
  if (!whole && whole.error().code == StoreErrc::corrupt)
    return StoreState{StoreKind::damaged, whole.error().context};
  if (!whole) return whole.error();
  auto const made = has_content(folder);
  if (!made) return made.error();
  if (!*made) return lost();
  auto const version = version_of_sound(folder);
  if (!version && version.error().code == StoreErrc::corrupt)
    return StoreState{StoreKind::damaged, version.error().context};
  if (!version) return version.error();
  if (*version == 0) return lost();
  if (!mark) return StoreState{StoreKind::behind, mark.error().context};
  return *mark ? compare_with_mark(folder, **mark) : Result<StoreState>{StoreState{}};
}

Result<std::string> set_store_aside(StateFolder const& folder) {
  // First: without its log, a part of what it held, the file may look like a sound store.
  if (auto const mark = read_mark(folder); mark)
    if (auto const marked = write_mark(folder, that_none_fits(*mark)); !marked) return marked.error();
  std::string name;
  for (int number = 1; name.empty(); ++number) {
    auto candidate = std::string{kDatabaseFile} + ".damaged-" + std::to_string(number);
    auto const free = is_free(folder, candidate);
    if (!free) return free.error();
    if (*free) name = std::move(candidate);
  }
  for (std::string const suffix : kSuffixes) {
    auto const there = folder.find(kDatabaseFile + suffix), moved_before = folder.find(name + suffix);
    if (!there) return there.error();
    if (!moved_before) return moved_before.error();
    // SQLite makes an empty log when it looks at a file whose log is gone already.
    if (!*there || (*moved_before && (*there)->size == 0)) continue;
    if (auto const moved = folder.rename_file(kDatabaseFile + suffix, name + suffix); !moved)
      return moved.error();
  }
  return name;
}

Result<void> Store::vouch(std::string const& detail) {
  AuditRow row;
  row.phase = "store";
  row.actor = options_.actor;
  row.result = "recovered";
  row.detail = detail;
  if (auto const told = append(std::move(row)); !told) return told;
  went_back_.reset();
  marks_ = true;
  for (auto const* const file : {kDatabaseFile, kLockFile})
    if (auto const noted = note_place(file); !noted) return noted;
  return move_mark();
}

}  // namespace dirsync::store
