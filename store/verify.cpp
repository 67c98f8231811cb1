// Reading the whole audit trail: to check it, and to take rows out of it with a proof.
#include "store/audit_key.hpp"
#include "store/audit_rows.hpp"
#include "store/checkpoints.hpp"
#include "store/proof/checkpoint_check.hpp"
#include "store/proof/extract_proof.hpp"
#include "store/pruning.hpp"
#include "store/trail_check.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {

/// Whether the row is of that time, as rows of a file show theirs: in milliseconds.
bool is_within(ExtractBounds const& bounds, Time time) {
  using std::chrono::floor, std::chrono::milliseconds;
  return (!bounds.since || time >= floor<milliseconds>(*bounds.since)) &&
         (!bounds.until || time < floor<milliseconds>(*bounds.until));
}

Error broken(std::filesystem::path const& path, ChainFault const& fault) {
  return {StoreErrc::corrupt, path.string() + ": its audit trail does not hold: " + fault.text +
                                  ". Nothing can be proved of it; see `dirsyncd log verify`"};
}
}  // namespace

Result<ChainReport> Store::verify_chain(std::optional<PublicKey> key) {
  if (!key) {
    auto const own = public_key();
    if (!own) return own.error();
    key = *own;
  }
  return database_->reading("the audit trail cannot be read", [this, &key]() -> Result<ChainReport> {
    return check_trail(*database_, key, nullptr);
  });
}

Result<std::optional<PublicKey>> Store::public_key() const {
  auto const key = read_audit_key(options_.folder);
  if (!key) return key.error();
  return *key ? std::optional{(*key)->public_key()} : std::nullopt;
}

Result<Extract> Store::extract(ExtractBounds const& bounds,
                               std::function<Result<void>(AuditRow const&)> const& sink) {
  auto const key = read_audit_key(options_.folder);
  if (!key) return key.error();
  return database_->reading(
      "the audit trail cannot be read", [this, &bounds, &sink, &key]() -> Result<Extract> {
        Extract extract;
        auto const pruned = read_pruned(*database_);
        auto const pruned_tree = pruned ? pruned->tree() : std::optional{Frontier{}};
        CheckpointCheck beginning{*key ? std::optional{(*key)->public_key()} : std::nullopt};
        if (pruned && !beginning.begin_after(pruned->checkpoint, pruned_tree))
          return broken(database_->path(), *beginning.finish());
        ChainCheck chain{pruned ? pruned->head() : ChainHead{0, kNoHash}};
        ExtractProofBuilder tree{pruned_tree.value_or(Frontier{})};
        Result<void> taken;
        auto holds = true;
        read_audit_rows(*database_, kBeforeAllRows, [&](AuditRow const& row) {
          auto const hashed = hashed_bytes(row);
          holds = chain.next(row, hashed);
          if (!holds) return false;
          auto const is_chosen = is_within(bounds, row.time);
          tree.add(hash_of_leaf(hashed), is_chosen);
          if (!is_chosen) return true;
          ++extract.rows;
          taken = sink(row);
          return taken.has_value();
        });
        if (!taken) return taken.error();
        auto const head = read_chain_head(*database_);
        if (auto const fault = chain.finish(head)) return broken(database_->path(), *fault);
        extract.nodes = tree.nodes();
        auto const root = tree.root();
        if (*key) {
          auto const made = checkpoint_of(tree.size(), root, head.hash, **key, options_.clock->now());
          extract.checkpoint = note_of(made, (*key)->public_key());
          return extract;
        }
        return Error{
            StoreErrc::missing,
            (options_.folder.path() / kAuditKeyFile).string() +
                ": is not there, so nothing can be signed. Put the key beside the store, or let the service "
                "run once, which makes one"};
      });
}

}  // namespace dirsync::store
