#include "daemon/cli/state.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"

namespace dirsync::cli {
namespace {
namespace fs = std::filesystem;
using store::StoreErrc;

/// Private from the start: a mode that is set afterwards, by path, could hit what somebody put in its place.
/// Opening it says what is wrong.
void make_folder(fs::path const& path) {
  auto const folder = path.has_filename() ? path : path.parent_path();  // no "/" at its end
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  ::mkdir(folder.c_str(), 0700);
}
}  // namespace

namespace {
/// As its owner from here on.
Result<store::StateFolder> enter_folder(config::Config const& config) {
  auto folder = store::StateFolder::open(config.service.state_dir);
  if (!folder) return folder.error();
  if (auto const gone_on = give_up_root_for(folder->owner(), folder->group()); !gone_on)
    return gone_on.error();
  return folder;
}
}  // namespace

Result<HeldFolder> hold_folder(config::Config const& config) {
  make_folder(config.service.state_dir);
  auto folder = enter_folder(config);
  if (!folder) return folder.error();
  auto lock = store::InstanceLock::acquire(*folder);
  if (!lock) return lock.error();
  return HeldFolder{std::move(*folder), std::move(*lock)};
}

Result<State> open_state(config::Config const& config, StateUse use, std::string actor) {
  auto const reads = use == StateUse::read || use == StateUse::examine;
  if (!reads) make_folder(config.service.state_dir);
  auto folder = enter_folder(config);
  if (!folder) return folder.error();
  std::optional<store::InstanceLock> lock;
  if (use == StateUse::hold || use == StateUse::mend) {
    auto taken = store::InstanceLock::acquire(*folder);
    if (!taken) return taken.error();
    lock.emplace(std::move(*taken));
  }
  store::Options options{.folder = *folder,
                         .mode = reads ? store::Options::Mode::read_only : store::Options::Mode::read_write,
                         .lock = lock ? &*lock : nullptr,
                         .actor = std::move(actor),
                         .examine = use == StateUse::examine,
                         .with_broken_chain = use == StateUse::mend};
  auto store = store::Store::open(std::move(options));
  if (!store) return store.error();
  if (auto const& why = store->went_back()) show(stderr, "dirsyncd: " + text(*why) + "\n");
  return State{std::move(*folder), std::move(lock), std::move(*store)};
}

void tell_of_missing_mark(Monitor& monitor, State const& state) {
  if (!state.store.was_unmarked()) return;
  Monitor::Field const fields[] = {{"state_dir", state.folder.path().string()}};
  monitor.event(Monitor::Level::warn, "store_unmarked", fields);
}

int refuse_state(Arguments const& arguments, Error const& error) {
  print_error(arguments, error);
  return error.code == store::make_error_code(StoreErrc::locked) ? kLocked : exit_of(error);
}

}  // namespace dirsync::cli
