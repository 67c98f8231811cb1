#pragma once
// How the commands come to what is kept in the state folder.
#include <optional>

#include "daemon/account.hpp"
#include "daemon/cli/arguments.hpp"
#include "daemon/config/config.hpp"
#include "store/instance_lock.hpp"
#include "store/store.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync::cli {

enum class StateUse {
  read,     // beside whoever writes
  examine,  // the same; a store that went back is shown all the same, with a warning
  write,    // beside the holder of the lock: plans and decisions
  hold,     // alone: whatever may send changes to targets
  mend,     // alone; also where the audit trail was edited
};

/// The lock is there for StateUse::hold and mend, and ends with the store.
struct State {
  store::StateFolder folder;
  std::optional<store::InstanceLock> lock;
  store::Store store;
};

/// Makes the folder for a writer, goes on as its owner when this is root (so secrets and configuration must
/// have been read), takes the lock, and opens the store. Errors: of the folder, the lock and the store; of
/// giving up root.
Result<State> open_state(config::Config const& config, StateUse use, std::string actor = invoking_person());

/// The state folder under its lock, whatever has become of the store in it.
struct HeldFolder {
  store::StateFolder folder;
  store::InstanceLock lock;
};

/// As open_state() for StateUse::hold, but for the store.
Result<HeldFolder> hold_folder(config::Config const& config);

/// A warning when the store had no mark beside it; see Store::was_unmarked().
void tell_of_missing_mark(Monitor& monitor, State const& state);

/// Prints why the state cannot be used; the exit code: 7 for the lock, 1 for what passes (busy, full), so
/// that the service manager tries again, else 2.
int refuse_state(Arguments const& arguments, Error const& error);

}  // namespace dirsync::cli
