#pragma once
// Whether the audit trail of a file holds. Inside this folder only; within Database::reading or
// ::transaction.
#include <functional>
#include <optional>
#include <string_view>

#include "store/sql.hpp"
#include "store/store.hpp"

namespace dirsync::store {

/// Result of the row of phase "store" with which a person takes note of a fault.
inline constexpr char kAcknowledged[] = "acknowledged";
/// Result of the row of phase "store" that tells of rows that were taken out.
inline constexpr char kPruned[] = "pruned";

/// Reads every row and every checkpoint. `key`: whose signatures count. `each`: called for every row up to
/// the first fault, with its hashed_bytes().
ChainReport check_trail(Database& database, std::optional<PublicKey> const& key,
                        std::function<void(AuditRow const&, std::string_view hashed)> const& each);

/// From where on check_trail_end() looks.
struct TrustedStart {
  ChainHead head;
  bool has_row = false;  // that row is there and belongs to what is looked at
};
/// The last checkpoint that was signed with this key, else the beginning. A last checkpoint that claims to be
/// of this key and is not is a fault.
struct StartOrFault {
  TrustedStart start;
  std::optional<ChainFault> fault;
};
StartOrFault trusted_start(Database& database, std::optional<PublicKey> const& key);

/// Reads the rows from there on. In steps that grow with their number alone.
std::optional<ChainFault> check_trail_end(Database& database, TrustedStart const& start);

/// Reads so many rows and one, anywhere after row `after`; the checkpoints are not looked at. For trails that
/// would take too long as a whole: who looks again and again goes through all of one.
std::optional<ChainFault> check_some_rows(Database& database, std::int64_t after, std::int64_t rows);

/// The last row with which a person took note of a fault, whoever wrote it.
std::optional<AuditRow> last_acknowledgement(Database& database);

}  // namespace dirsync::store
