#include "store/trail_check.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include "store/audit_rows.hpp"
#include "store/checkpoints.hpp"
#include "store/proof/checkpoint_check.hpp"
#include "store/pruning.hpp"
#include "store/verified_checkpoints.hpp"

namespace dirsync::store {
namespace {

/// The checkpoints, each once its last row was seen.
class SignedAlong {
 public:
  SignedAlong(Database& database, std::optional<PublicKey> const& key, CheckpointCheck& check)
      : check_(check), checkpoints_(database, key), next_(checkpoints_.next()) {}
  void up_to(std::int64_t row) {
    while (next_ && next_->checkpoint.checkpoint.size <= row)
      next_ = check_.checkpoint(next_->checkpoint, next_->is_signed) ? checkpoints_.next() : std::nullopt;
  }

 private:
  CheckpointCheck& check_;
  VerifiedCheckpoints checkpoints_;
  std::optional<VerifiedCheckpoint> next_;
};

ChainFault does_not_fit(AuditRow const& row) {
  return {ChainFault::Kind::altered, row.sequence,
          "row " + std::to_string(row.sequence) + " does not fit its hash: it was changed or moved"};
}

/// The row that the start names must be there as it was.
std::optional<ChainFault> check_first(Database& database, ChainHead const& start) {
  using enum ChainFault::Kind;
  std::optional<AuditRow> first;
  read_audit_rows(database, start.sequence - 1, [&first](AuditRow const& row) {
    first = row;
    return false;
  });
  auto const name = "row " + std::to_string(start.sequence);
  if (!first) return ChainFault{cut_tail, start.sequence, name + " and what followed are gone"};
  if (first->sequence != start.sequence)
    return ChainFault{missing, start.sequence,
                      name + " is gone; the next one there is row " + std::to_string(first->sequence)};
  if (first->hash != start.hash || hash_of(*first) != start.hash)
    return ChainFault{altered, start.sequence,
                      name + " does not bear the hash that was signed: it was changed or moved"};
  return std::nullopt;
}
}  // namespace

ChainReport check_trail(Database& database, std::optional<PublicKey> const& key,
                        std::function<void(AuditRow const&, std::string_view hashed)> const& each) {
  ChainReport report;
  report.has_key = key.has_value();
  report.pruned = read_pruned(database);
  auto const& pruned = report.pruned;
  ChainCheck chain{pruned ? pruned->head() : ChainHead{0, kNoHash}};
  CheckpointCheck signed_ones{key};
  if (pruned) signed_ones.begin_after(pruned->checkpoint, pruned->tree());
  SignedAlong checkpoints{database, key, signed_ones};
  read_audit_rows(database, kBeforeAllRows, [&](AuditRow const& row) {
    auto const hashed = hashed_bytes(row);
    if (!chain.next(row, hashed)) return false;
    signed_ones.row(row, hashed);
    checkpoints.up_to(row.sequence);
    if (each) each(row, hashed);
    return true;
  });
  report.head = read_chain_head(database);
  report.count = chain.count();
  report.fault = chain.finish(report.head);
  if (!report.fault) {
    checkpoints.up_to(std::numeric_limits<std::int64_t>::max());
    report.fault = signed_ones.finish();
  }
  report.checkpoints = signed_ones.count();
  report.of_other_keys = signed_ones.others();
  if (report.fault) report.acknowledged = last_acknowledgement(database);
  return report;
}

StartOrFault trusted_start(Database& database, std::optional<PublicKey> const& key) {
  auto const last = last_checkpoint(database);
  if (last && key && last->checkpoint.origin == origin_of(*key)) {
    auto const& checkpoint = last->checkpoint;
    if (is_signed_by(*last, *key)) return {{{checkpoint.size, checkpoint.chain}, checkpoint.size > 0}, {}};
    return {{},
            ChainFault{ChainFault::Kind::wrong_signature, checkpoint.size,
                       "the signature of the last checkpoint, of " + std::to_string(checkpoint.size) +
                           " rows, does not hold"}};
  }
  auto const pruned = read_pruned(database);
  return {{pruned ? pruned->head() : ChainHead{0, kNoHash}, false}, {}};
}

std::optional<AuditRow> last_acknowledgement(Database& database) {
  static constexpr char kLast[] = "SELECT " DIRSYNC_AUDIT_COLUMNS
                                  " FROM audit WHERE phase = 'store' AND result = ? "
                                  "ORDER BY sequence DESC LIMIT 1";
  auto query = database.query(kLast);
  if (!query.with(kAcknowledged).step()) return std::nullopt;
  return read_audit_row(query);
}

std::optional<ChainFault> check_trail_end(Database& database, TrustedStart const& start) {
  if (start.has_row)
    if (auto fault = check_first(database, start.head)) return fault;
  ChainCheck chain{start.head};
  read_audit_rows(database, start.head.sequence, [&chain](AuditRow const& row) { return chain.next(row); });
  return chain.finish(read_chain_head(database));
}

std::optional<ChainFault> check_some_rows(Database& database, std::int64_t after, std::int64_t rows) {
  auto const last = read_chain_head(database).sequence - rows;
  std::random_device random;
  std::uniform_int_distribution<std::int64_t> anywhere{after + 1, std::max(after + 1, last)};
  std::optional<ChainCheck> chain;
  std::optional<ChainFault> fault;
  ChainHead seen;
  read_audit_rows(database, anywhere(random) - 1, [&](AuditRow const& row) {
    ChainHead const here{row.sequence, row.hash};
    if (!chain) {
      if (hash_of(row) != row.hash) fault = does_not_fit(row);
      chain.emplace(here);
    } else if (!chain->next(row)) {
      fault = chain->finish(seen);
    }
    seen = here;
    return !fault && chain->count() < rows;
  });
  return fault;
}

}  // namespace dirsync::store
