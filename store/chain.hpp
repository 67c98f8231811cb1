#pragma once
// The audit trail's hash chain, on values. docs/audit.md describes it for people who check it with other
// tools.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sync/model/record.hpp"

namespace dirsync::store {

/// The last row's sequence and hash. Sequence 0 and kNoHash before the first row.
struct ChainHead {
  std::int64_t sequence = 0;
  std::string hash;
  friend bool operator==(ChainHead const&, ChainHead const&) = default;
};
/// What stands in `previous` of the first row.
extern std::string const kNoHash;

/// What is hashed of a row: all its fields but `hash`, each with its length.
std::string hashed_bytes(AuditRow const& row);
/// The hash of a row of which these are hashed.
std::string chain_hash(std::string_view hashed);
/// The hash that `row` must bear, from all its other fields.
std::string hash_of(AuditRow const& row);

/// What is wrong with a trail, and where it starts.
struct ChainFault {
  enum class Kind {
    altered,           // a field of the row, or its hash, is not what was written
    missing,           // one or more rows before it are gone
    reordered,         // the row is whole, but does not continue the one before it
    inserted,          // a row stands there that was taken out by pruning, or before the first one
    cut_tail,          // rows at the end are gone
    head_mismatch,     // the stored head is not the head of these rows
    wrong_checkpoint,  // a signed checkpoint is of other rows
    wrong_signature,   // a checkpoint was not signed with the trail's key
  };
  Kind kind{};
  std::int64_t sequence = 0;  // the first row that cannot be relied upon
  std::string text;           // one sentence
};
char const* to_text(ChainFault::Kind kind);

/// Checks rows as they stream by, oldest first.
class ChainCheck {
 public:
  ChainCheck() = default;
  /// Of a trail whose rows up to `start` were taken out.
  explicit ChainCheck(ChainHead start) : first_(start.sequence), last_(std::move(start)) {}
  /// True while everything holds; after the first fault further rows change nothing.
  bool next(AuditRow const& row) { return next(row, hashed_bytes(row)); }
  /// `hashed`: hashed_bytes(row), for those who need them themselves.
  bool next(AuditRow const& row, std::string_view hashed);
  /// The last word, once all rows were seen. `head`: as stored apart from the rows.
  std::optional<ChainFault> finish(ChainHead const& head);
  std::int64_t count() const noexcept { return last_.sequence - first_; }

 private:
  std::int64_t first_ = 0;  // the row before the first
  ChainHead last_{0, kNoHash};
  std::optional<ChainFault> fault_;
};

}  // namespace dirsync::store
