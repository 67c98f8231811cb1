#pragma once
// The tree over the audit trail and its signed checkpoints, as they stand in the file. Inside this folder
// only; within Database::reading or, to write, ::transaction.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/proof/checkpoint.hpp"
#include "store/proof/frontier.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// Takes the rows into the tree that it does not have yet, and keeps it. A tree that fits no trail is built
/// anew. A row that is gone counts as an empty leaf, so that those after it keep their places.
Frontier advance_tree(Database& database);

/// After the last row of a run: signs the trail as it is now, when anything but the ends of runs was added
/// since the last checkpoint, or many of them were. `now`: the checkpoint's time.
void sign_when_due(Database& database, SigningKey const& key, Time now);

/// Signs the trail as it is now.
void sign_now(Database& database, SigningKey const& key, Time now);

/// Of the tree of all rows that were seen; `chain`: hash of the last one.
SignedCheckpoint checkpoint_of(std::int64_t size, TreeHash const& root, std::string chain,
                               SigningKey const& key, Time now);

/// Goes through the checkpoints, in the order of their sizes. A row that we would not have written so has no
/// signature.
class CheckpointReader {
 public:
  explicit CheckpointReader(Database& database);
  /// Nothing after the last one.
  std::optional<SignedCheckpoint> next();

 private:
  Query query_;
};
std::optional<SignedCheckpoint> last_checkpoint(Database& database);

/// In the order in which read_checkpoint() takes them.
#define DIRSYNC_CHECKPOINT_COLUMNS "size, root, chain, time, origin, signature"
SignedCheckpoint read_checkpoint(Query const& query);
/// As a BLOB.
std::string pack_nodes(std::vector<TreeHash> const& nodes);
std::vector<TreeHash> unpack_nodes(std::string_view bytes);

}  // namespace dirsync::store
