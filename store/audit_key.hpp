#pragma once
// STATE_DIR/audit.key: what the checkpoints of the audit trail are signed with, in PEM, mode 0600. It keeps
// nobody out who may write to the state folder; it lets others tell what came from this trail.
#include <optional>

#include "store/proof/signing.hpp"
#include "store/state_folder.hpp"

namespace dirsync::store {

inline constexpr char kAuditKeyFile[] = "audit.key";

/// Nothing when there is no such file. Errors: StoreErrc::untrusted, unwritable; malformed when it is no key.
Result<std::optional<SigningKey>> read_audit_key(StateFolder const& folder);

/// Makes a key and keeps it, durable on return. Under the lock. Errors: as StateFolder::replace_file().
Result<SigningKey> make_audit_key(StateFolder const& folder);

}  // namespace dirsync::store
