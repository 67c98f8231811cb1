#pragma once
// STATE_DIR/mark: how far the store had come, kept beside it, so that an older copy put back in its place is
// noticed. Three lines after the first: run number, audit sequence and hash of the audit row of that
// sequence.
#include <optional>

#include "store/chain.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

inline constexpr char kMarkFile[] = "mark";

struct Mark {
  RunId run;  // the last that began; 0 before the first
  ChainHead head;
  friend bool operator==(Mark const&, Mark const&) = default;
};

/// Nothing when there is no such file. Errors: StoreErrc::untrusted, unwritable; behind when nobody can tell
/// what it says.
Result<std::optional<Mark>> read_mark(StateFolder const& folder);

/// How far the store has come. For Database::reading or ::transaction.
Mark mark_of(Database& database);

/// Durable on return. What it says must be durable in the store already: a mark that is older than the store
/// says nothing, one that is newer stops everything. Errors: StoreErrc::untrusted, unwritable, full.
Result<void> write_mark(StateFolder const& folder, Mark const& mark);

/// Errors: StoreErrc::behind when the store has not come as far as the mark, or went another way.
Result<void> check_mark(Database& database, Mark const& mark);

/// That there is a mark and no store.
Error no_store_for(StateFolder const& folder, Mark const& mark);

}  // namespace dirsync::store
