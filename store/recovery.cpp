#include "store/recovery.hpp"

#include <array>
#include <limits>
#include <utility>

#include "store/mark.hpp"
#include "store/schema.hpp"
#include "store/sql.hpp"
#include "store/store.hpp"

namespace dirsync::store {
namespace {
using StoreKind = StoreState::Kind;

/// What SQLite keeps beside the file; the write-ahead log first: left behind, it would be taken for that of a
/// new store.
constexpr std::array<char const*, 4> kSuffixes{"-wal", "-journal", "-shm", ""};

/// What stands in a mark that no store fits.
Mark mark_of_none() { return {RunId{1}, {1, std::string(kNoHash.size(), 'f')}}; }

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
  auto const file = folder.find(kDatabaseFile);
  if (!file) return file.error();
  auto const mark = read_mark(folder);
  if (!mark && mark.error().code != StoreErrc::behind) return mark.error();
  auto const lost = [&folder, &mark]() -> StoreState {
    if (!mark) return {StoreKind::lost, mark.error().context};
    return *mark ? StoreState{StoreKind::lost, no_store_for(folder, **mark).context} : StoreState{};
  };
  if (!*file || (*file)->size == 0) return lost();
  auto const version = version_of_sound(folder);
  if (!version && version.error().code == StoreErrc::corrupt)
    return StoreState{StoreKind::damaged, version.error().context};
  if (!version) return version.error();
  if (*version == 0) return lost();
  if (!mark) return StoreState{StoreKind::behind, mark.error().context};
  return *mark ? compare_with_mark(folder, **mark) : Result<StoreState>{StoreState{}};
}

Result<std::string> set_store_aside(StateFolder const& folder) {
  auto const mark = read_mark(folder);
  if (mark && !*mark)
    if (auto const marked = write_mark(folder, mark_of_none()); !marked) return marked.error();
  std::string name;
  for (int number = 1; name.empty(); ++number) {
    auto candidate = std::string{kDatabaseFile} + ".damaged-" + std::to_string(number);
    auto const taken = folder.find(candidate), log_taken = folder.find(candidate + "-wal");
    if (!taken) return taken.error();
    if (!log_taken) return log_taken.error();
    if (!*taken && !*log_taken) name = std::move(candidate);
  }
  for (std::string const suffix : kSuffixes) {
    auto const there = folder.find(kDatabaseFile + suffix);
    if (!there) return there.error();
    if (!*there) continue;
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
