#include "store/checkpoints.hpp"

#include "store/audit_rows.hpp"
#include "store/pruning.hpp"

namespace dirsync::store {
namespace {
constexpr char kCheckpoints[] =
    "SELECT " DIRSYNC_CHECKPOINT_COLUMNS " FROM audit_checkpoint ORDER BY size ASC";

/// So many ends of runs in which nothing happened, a day's worth at one every five minutes, may wait for a
/// signature.
constexpr std::int64_t kQuietRunsUnsigned = 288;

Frontier read_tree(Database& database) {
  static constexpr char kTree[] = "SELECT size, nodes FROM audit_tree WHERE only = 1";
  auto const pruned = read_pruned(database);
  auto start = pruned ? pruned->tree().value_or(Frontier{}) : Frontier{};
  auto query = database.query(kTree);
  if (!query.step() || query.integer(0) > read_chain_head(database).sequence ||
      query.integer(0) < start.size())
    return start;
  return Frontier::of(query.integer(0), unpack_nodes(query.blob(1))).value_or(std::move(start));
}

void keep_tree(Database& database, Frontier const& tree) {
  static constexpr char kKeep[] =
      "INSERT INTO audit_tree (only, size, nodes) VALUES (1, ?, ?) "
      "ON CONFLICT (only) DO UPDATE SET size = excluded.size, nodes = excluded.nodes";
  auto const nodes = pack_nodes(tree.nodes());
  database.query(kKeep).with(tree.size(), Blob{nodes}).run();
}

bool is_due(Database& database, std::int64_t signed_rows) {
  static constexpr char kAnythingElse[] =
      "SELECT EXISTS (SELECT 1 FROM audit WHERE sequence > ? AND phase <> 'run')";
  if (read_chain_head(database).sequence >= signed_rows + kQuietRunsUnsigned) return true;
  auto query = database.query(kAnythingElse);
  return query.with(signed_rows).step() && query.integer(0) != 0;
}

void keep_checkpoint(Database& database, SignedCheckpoint const& made) {
  static constexpr char kInsert[] =
      "INSERT INTO audit_checkpoint (" DIRSYNC_CHECKPOINT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)";
  auto const& [checkpoint, signature] = made;
  database.query(kInsert)
      .with(checkpoint.size, Blob{view(checkpoint.root)}, checkpoint.chain, checkpoint.time,
            checkpoint.origin, Blob{signature})
      .run();
}
}  // namespace

SignedCheckpoint read_checkpoint(Query const& query) {
  SignedCheckpoint read;
  auto& checkpoint = read.checkpoint;
  checkpoint.size = query.integer(0);
  auto const root = tree_hash(query.blob(1));
  checkpoint.chain = query.text(2);
  auto const time = query.text(3);
  checkpoint.time = parse_rfc3339(time).value_or(Time{});
  checkpoint.origin = query.text(4);
  checkpoint.root = root.value_or(TreeHash{});
  if (root && rfc3339(checkpoint.time) == time) read.signature = query.blob(5);
  return read;
}

std::vector<TreeHash> unpack_nodes(std::string_view bytes) {
  std::vector<TreeHash> nodes;
  for (; bytes.size() >= TreeHash{}.size(); bytes.remove_prefix(TreeHash{}.size()))
    nodes.push_back(*tree_hash(bytes.substr(0, TreeHash{}.size())));
  return nodes;
}

std::string pack_nodes(std::vector<TreeHash> const& nodes) {
  std::string bytes;
  for (auto const& node : nodes) bytes += view(node);
  return bytes;
}

Frontier advance_tree(Database& database) {
  auto tree = read_tree(database);
  auto const before = tree.size(), last = read_chain_head(database).sequence;
  read_audit_rows(database, before, [&tree, last](AuditRow const& row) {
    if (row.sequence > last) return false;
    while (tree.size() + 1 < row.sequence) tree.add(hash_of_leaf(std::string_view{}));
    tree.add(hash_of_leaf(row));
    return true;
  });
  if (tree.size() != before) keep_tree(database, tree);
  return tree;
}

SignedCheckpoint checkpoint_of(std::int64_t size, TreeHash const& root, std::string chain,
                               SigningKey const& key, Time now) {
  return sign({origin_of(key.public_key()), size, root, std::move(chain), now}, key);
}

void sign_when_due(Database& database, SigningKey const& key, Time now) {
  auto const last = last_checkpoint(database);
  if (is_due(database, last ? last->checkpoint.size : 0)) sign_now(database, key, now);
}

void sign_now(Database& database, SigningKey const& key, Time now) {
  auto const tree = advance_tree(database);
  keep_checkpoint(database,
                  checkpoint_of(tree.size(), tree.root(), read_chain_head(database).hash, key, now));
}

CheckpointReader::CheckpointReader(Database& database) : query_(database.query(kCheckpoints)) {}

std::optional<SignedCheckpoint> CheckpointReader::next() {
  return query_.step() ? std::optional{read_checkpoint(query_)} : std::nullopt;
}

std::optional<SignedCheckpoint> last_checkpoint(Database& database) {
  static constexpr char kLast[] =
      "SELECT " DIRSYNC_CHECKPOINT_COLUMNS " FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
  auto query = database.query(kLast);
  return query.step() ? std::optional{read_checkpoint(query)} : std::nullopt;
}

}  // namespace dirsync::store
