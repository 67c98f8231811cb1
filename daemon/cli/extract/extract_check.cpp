#include "daemon/cli/extract/extract_check.hpp"

namespace dirsync::cli {
namespace {
std::string row_text(std::int64_t sequence) { return "row " + std::to_string(sequence); }
}  // namespace

ExtractCheck::ExtractCheck(ProofFile proof, std::optional<store::ChainHead> witnessed)
    : proof_(std::move(proof)), witnessed_(std::move(witnessed)) {}

void ExtractCheck::fail(std::string kind, std::string text) {
  if (!fault_) fault_ = ExtractFault{std::move(kind), line_, std::move(text)};
}

void ExtractCheck::line(std::string_view line, bool has_end) {
  if (fault_) return;
  ++line_;
  auto const head = head_of(proof_.format);
  if (!has_end) return fail("unreadable", "the last line has no end: the file was cut");
  if (line_ == 1 && !head.empty()) {
    if (std::string{line} + "\n" != head)
      fail("unreadable", "the line with the names of the columns is another");
    return;
  }
  auto const row = row_of(proof_.format, line);
  if (!row) return fail("unreadable", "the line is not as `log export` writes it: it was changed");
  this->row(*row);
}

void ExtractCheck::row(AuditRow const& row) {
  auto const hashed = store::hashed_bytes(row);
  auto const of_row = row_text(row.sequence);
  if (store::chain_hash(hashed) != row.hash)
    return fail("altered", of_row + " does not fit its hash: it was changed or moved");
  if (row.sequence <= last_.sequence)
    return fail("order", of_row + " does not come after " + row_text(last_.sequence));
  if (row.sequence == last_.sequence + 1 && row.previous != last_.hash)
    return fail("chain", of_row + " does not continue the row before it: one of the two was replaced");
  leaves_.push_back({row.sequence - 1, store::hash_of_leaf(hashed)});
  compare(row.sequence, row.hash);
  last_ = {row.sequence, row.hash};
}

void ExtractCheck::finish(std::optional<store::PublicKey> const& key) {
  if (fault_) return;
  if (line_ == 0 && !head_of(proof_.format).empty())
    return fail("unreadable", "the line with the names of the columns is gone");
  line_ = 0;
  if (rows() != proof_.rows)
    return fail("count", "the proof is of " + std::to_string(proof_.rows) + " rows, the file has " +
                             std::to_string(rows()));
  if (store::root_of_extract(checkpoint().size, leaves_, proof_.nodes) != checkpoint().root)
    return fail("proof",
                "the rows and the proof do not lead to the checkpoint: rows were left out or put in, or "
                "the proof is that of another file");
  if (last_.sequence == checkpoint().size && last_.hash != checkpoint().chain)
    return fail("proof", "the last row does not bear the hash that the checkpoint names");
  if (key && !store::is_signed_by(proof_.checkpoint, *key))
    return fail(kOtherSigner, "the checkpoint was not signed with this key");
  compare(checkpoint().size, checkpoint().chain);
}

void ExtractCheck::compare(std::int64_t sequence, std::string const& hash) {
  if (!witnessed_ || witnessed_->sequence != sequence) return;
  tells_of_witnessed_ = true;
  if (hash != witnessed_->hash) fail("head", row_text(sequence) + " has another hash: " + hash);
}

}  // namespace dirsync::cli
