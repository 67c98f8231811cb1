// Reading the whole audit trail: to check it, and to take rows out of it with a proof.
#include "store/audit_key.hpp"
#include "store/audit_rows.hpp"
#include "store/checkpoints.hpp"
#include "store/proof/checkpoint_check.hpp"
#include "store/proof/extract_proof.hpp"
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
    ChainCheck chain;
    CheckpointCheck signed_ones{key};
    CheckpointReader checkpoints{*database_};
    auto next = checkpoints.next();
    auto const check_checkpoints = [&signed_ones, &checkpoints, &next](std::int64_t up_to) {
      while (next && next->checkpoint.size <= up_to)
        next = signed_ones.checkpoint(*next) ? checkpoints.next() : std::nullopt;
    };
    read_audit_rows(*database_, 0, [&chain, &signed_ones, &check_checkpoints](AuditRow const& row) {
      auto const hashed = hashed_bytes(row);
      if (!chain.next(row, hashed)) return false;
      signed_ones.row(row, hashed);
      check_checkpoints(row.sequence);
      return true;
    });
    auto const head = read_chain_head(*database_);
    ChainReport report{.count = chain.count(), .head = head, .fault = chain.finish(head)};
    if (!report.fault) {
      check_checkpoints(std::numeric_limits<std::int64_t>::max());
      report.fault = signed_ones.finish();
    }
    report.checkpoints = signed_ones.count();
    report.of_other_keys = signed_ones.others();
    report.has_key = key.has_value();
    return report;
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
        ChainCheck chain;
        ExtractProofBuilder tree;
        Result<void> taken;
        auto holds = true;
        read_audit_rows(*database_, 0, [&](AuditRow const& row) {
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

Result<void> Store::begin_signing() {
  auto key = read_audit_key(options_.folder);
  if (!key) return key.error();
  if (!*key) {
    auto made = make_audit_key(options_.folder);
    if (!made) return made.error();
    *key = std::move(*made);
  }
  key_ = std::move(*key);
  return write("the audit trail cannot be signed", [this]() -> Result<void> {
    auto const last = last_checkpoint(*database_);
    auto const origin = origin_of(key_->public_key());
    if (last && last->checkpoint.origin != origin) {
      AuditRow row;
      row.time = options_.clock->now();
      row.phase = "store";
      row.actor = options_.actor;
      row.result = CheckpointCheck::kNewKey;
      row.detail = "checkpoints are signed with the key of " + origin +
                   " from here on; the last one was signed with that of " + last->checkpoint.origin;
      append_row(*database_, std::move(row));
    }
    // What older versions left is taken in here and not at the end of a run.
    advance_tree(*database_);
    return {};
  });
}

}  // namespace dirsync::store
