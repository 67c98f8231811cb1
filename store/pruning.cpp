#include "store/pruning.hpp"

#include "store/checkpoints.hpp"

namespace dirsync::store {
namespace {
#define DIRSYNC_PRUNED_COLUMNS DIRSYNC_CHECKPOINT_COLUMNS ", nodes, last_run"

std::int64_t write_pruned(Database& database, char const* statement, PrunedRows const& pruned) {
  auto const& checkpoint = pruned.checkpoint.checkpoint;
  auto const nodes = pack_nodes(pruned.nodes);
  return database.query(statement)
      .with(checkpoint.size, Blob{view(checkpoint.root)}, checkpoint.chain, checkpoint.time,
            checkpoint.origin, Blob{pruned.checkpoint.signature}, Blob{nodes}, pruned.last_run)
      .run();
}
}  // namespace

std::optional<PrunedRows> read_pruned(Database& database) {
  static constexpr char kSelect[] = "SELECT " DIRSYNC_PRUNED_COLUMNS " FROM audit_pruned WHERE only = 1";
  auto query = database.query(kSelect);
  if (!query.step()) return std::nullopt;
  return PrunedRows{read_checkpoint(query), unpack_nodes(query.blob(6)), RunId{query.integer(7)}};
}

void take_out(Database& database, PrunedRows const& pruned) {
  static constexpr char kUpdate[] =
      "UPDATE audit_pruned SET (" DIRSYNC_PRUNED_COLUMNS ") = (?, ?, ?, ?, ?, ?, ?, ?)";
  static constexpr char kInsert[] =
      "INSERT INTO audit_pruned (" DIRSYNC_PRUNED_COLUMNS ", only) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)";
  static constexpr char kDeleteRows[] = "DELETE FROM audit WHERE sequence <= ?";
  static constexpr char kDeleteCheckpoints[] = "DELETE FROM audit_checkpoint WHERE size <= ?";
  static constexpr char kKeepApprovals[] =
      "INSERT OR IGNORE INTO pruned_approval (plan, time, actor) SELECT plan, time, actor FROM audit "
      "WHERE sequence <= ? AND phase = 'approve' AND result = 'approved'";
  database.query(kKeepApprovals).with(pruned.rows()).run();
  if (write_pruned(database, kUpdate, pruned) == 0) write_pruned(database, kInsert, pruned);
  database.query(kDeleteRows).with(pruned.rows()).run();
  database.query(kDeleteCheckpoints).with(pruned.rows()).run();
}

#undef DIRSYNC_PRUNED_COLUMNS
}  // namespace dirsync::store
