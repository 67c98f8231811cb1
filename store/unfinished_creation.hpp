#pragma once
// A store whose making was cut off. Inside this folder only.
#include "store/state_folder.hpp"

namespace dirsync::store {

/// What SQLite keeps beside the file while it gives a new one its log.
inline constexpr char kRollbackJournal[] = "dirsyncd.db-journal";

/// A process that ended while it gave a new file its log leaves a rollback journal, without which nobody may
/// read the file. Only a writer can take it back. Under the lock. Errors: StoreErrc::untrusted, corrupt,
/// busy, full, unwritable.
Result<void> roll_back_unfinished_creation(StateFolder const& folder);

}  // namespace dirsync::store
