#pragma once
// The store of a state folder, as `dirsyncd recover` finds it. Under the lock alone. Thread: one at a time.
#include <string>

#include "store/state_folder.hpp"

namespace dirsync::store {

struct StoreState {
  enum class Kind {
    sound,    // in order, or not made yet
    behind,   // older than its mark
    lost,     // there is a mark and no store
    damaged,  // not a sound database, or cut short
  } kind = Kind::sound;
  std::string why{};  // in words; empty: sound
};
char const* to_text(StoreState::Kind kind);  // "sound", "behind", "lost", "damaged"

/// Reads every page, and changes nothing but what the making of a store left that was cut off. Errors:
/// StoreErrc::untrusted, unwritable, full, foreign, newer, busy.
Result<StoreState> look_at_store(StateFolder const& folder);

/// Takes the files of a damaged store out of the way under the name that it gives, dirsyncd.db.damaged and a
/// number, by which SQLite's tools can open them; whatever takes their place does not pass for the store
/// before Store::vouch(). Where this was cut off the next call goes on with it. Errors: StoreErrc::untrusted,
/// unwritable, full.
Result<std::string> set_store_aside(StateFolder const& folder);

}  // namespace dirsync::store
