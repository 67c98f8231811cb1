// A copy of a store.
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/cli/recovery/evidence.hpp"
#include "store/instance_lock.hpp"
#include "store/store.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace fs = std::filesystem;
using store::StoreErrc;

/// A folder for the copy of the copy: opening it as a store may bring it up to date.
class ScratchFolder {
 public:
  /// Under the lock: takes away what one left that was killed.
  static Result<ScratchFolder> make(store::StateFolder const& within) {
    remove_old_ones(within);
    auto path = within.path_through_descriptor(std::string{kName} + std::string{kRandom});
    if (::mkdtemp(path.data()) == nullptr) {
      auto const reason = errno;
      return Error{store::is_out_of_room(reason) ? StoreErrc::full : StoreErrc::unwritable,
                   within.path().string() +
                       ": no folder can be made in it: " + std::generic_category().message(reason) +
                       ". Let the account that owns it write there, and make room"};
    }
    return ScratchFolder{std::move(path), within};
  }
  ScratchFolder(ScratchFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), within_(std::move(other.within_)) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  fs::path const& path() const { return path_; }

 private:
  static constexpr std::string_view kName = "recover-", kRandom = "XXXXXX";

  static void remove_old_ones(store::StateFolder const& within) {
    std::error_code ignored;
    std::vector<fs::path> old;
    fs::directory_iterator at{within.path_through_descriptor("."), ignored};
    for (; at != fs::directory_iterator{}; at.increment(ignored)) {
      auto const name = at->path().filename().string();
      auto const is_one = name.starts_with(kName) && name.size() == kName.size() + kRandom.size();
      if (is_one && at->is_directory(ignored) && !at->is_symlink(ignored)) old.push_back(at->path());
    }
    for (auto const& folder : old) fs::remove_all(folder, ignored);
  }

  ScratchFolder(fs::path path, store::StateFolder within)
      : path_(std::move(path)), within_(std::move(within)) {}
  fs::path path_;
  store::StateFolder within_;  // its descriptor is a part of the path
};

/// With what was not taken into the file yet.
Result<void> copy_files(fs::path const& from, fs::path const& folder) {
  for (auto const* const suffix : {"", "-wal"}) {
    fs::path const source = from.string() + suffix;
    std::error_code failed;
    if (*suffix != '\0' && !fs::exists(source, failed)) continue;
    auto const copy = folder / (std::string{"dirsyncd.db"} + suffix);
    fs::copy_file(source, copy, failed);
    if (!failed) fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, failed);
    if (failed)
      return Error{store::is_out_of_room(failed.value()) ? StoreErrc::full : StoreErrc::unwritable,
                   printable(source.string()) +
                       ": cannot be copied into the state folder: " + failed.message() +
                       ". Let the account that owns the state folder read it, and make room there"};
  }
  return {};
}

/// What is wrong with it is wrong with the file that the person gave.
Error about(std::string const& file, fs::path const& copy, Error error) {
  auto const path = (copy / "dirsyncd.db").string();
  for (auto at = error.context.find(path); at != std::string::npos; at = error.context.find(path))
    error.context.replace(at, path.size(), printable(file));
  return error;
}

plan::Remembered by_group(Managed managed) {
  plan::Remembered remembered;
  std::map<std::string, std::size_t> places;
  for (auto& group : managed.groups) {
    places.emplace(group.group_id, remembered.groups.size());
    remembered.groups.push_back({.group = std::move(group), .is_renamed = false, .grants = {}});
  }
  for (auto& grant : managed.grants)
    if (auto const place = places.find(grant.group_id); place != places.end())
      remembered.groups[place->second].grants.push_back(std::move(grant));
  remembered.made_users = std::move(managed.made_users);
  return remembered;
}

Result<Evidence> read_store(std::string const& file, store::Store& store,
                            std::set<std::string> const& targets) {
  Evidence evidence;
  for (auto const& target : targets) {
    auto managed = store.managed(target);
    if (!managed) return managed.error();
    evidence.remembered.emplace(target, by_group(std::move(*managed)));
  }
  auto const chain = store.verify_chain();
  if (!chain) return chain.error();
  if (chain->fault)
    evidence.doubts.push_back(
        doubt_of("audit-broken",
                 "the audit trail of " + printable(file) + " does not hold, first at row " +
                     std::to_string(chain->fault->sequence) + ": " + chain->fault->text +
                     ". What the store says is taken as it stands: approve only if you know why that is so"));
  evidence.source = "store copy " + printable(file) + ", " + std::to_string(chain->count) + " rows";
  return evidence;
}

}  // namespace

Result<Evidence> read_store_copy(std::string const& file, store::StateFolder const& folder,
                                 std::set<std::string> const& targets) {
  auto const scratch = ScratchFolder::make(folder);
  if (!scratch) return scratch.error();
  if (auto const copied = copy_files(file, scratch->path()); !copied) return copied.error();
  auto const opened = store::StateFolder::open(scratch->path());
  if (!opened) return opened.error();
  auto const lock = store::InstanceLock::acquire(*opened);
  if (!lock) return lock.error();
  auto store = store::Store::open({.folder = *opened, .lock = &*lock, .with_broken_chain = true});
  if (!store) return about(file, scratch->path(), store.error());
  auto evidence = read_store(file, *store, targets);
  if (!evidence) return about(file, scratch->path(), evidence.error());
  return evidence;
}

}  // namespace dirsync::cli
