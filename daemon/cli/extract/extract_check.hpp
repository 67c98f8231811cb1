#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/extract/proof_file.hpp"
#include "store/chain.hpp"
#include "store/proof/extract_proof.hpp"

namespace dirsync::cli {

/// What is wrong with an extract.
struct ExtractFault {
  std::string kind;       // unreadable, altered, order, chain, count, proof, signature, head
  std::int64_t line = 0;  // of the file, from 1; 0: none of its lines alone
  std::string text;       // one sentence
};

/// The kind of fault of a checkpoint that somebody else signed, or nobody.
inline constexpr char kOtherSigner[] = "signature";

/// Checks an extract against its proof, line by line, with nothing but the two. Thread: any.
class ExtractCheck {
 public:
  /// `witnessed`: a row of the trail must have this hash.
  explicit ExtractCheck(ProofFile proof, std::optional<store::ChainHead> witnessed = std::nullopt);

  /// The next line of the file; `has_end`: with its line feed. After the first fault further lines change
  /// nothing.
  void line(std::string_view line, bool has_end);
  /// Once all lines were seen. `key`: who should have signed.
  void finish(std::optional<store::PublicKey> const& key);
  /// Whether the extract tells the hash of the witnessed row: it has the row, or that is the last of the
  /// trail.
  bool tells_of_witnessed() const noexcept { return tells_of_witnessed_; }

  std::optional<ExtractFault> const& fault() const noexcept { return fault_; }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(leaves_.size()); }
  std::int64_t first_row() const { return leaves_.empty() ? 0 : leaves_.front().index + 1; }
  std::int64_t last_row() const { return last_.sequence; }
  bool has_gaps() const { return rows() > 0 && last_row() - first_row() + 1 != rows(); }
  store::Checkpoint const& checkpoint() const { return proof_.checkpoint.checkpoint.checkpoint; }

 private:
  void row(AuditRow const& row);
  void compare(std::int64_t sequence, std::string const& hash);
  void fail(std::string kind, std::string text);

  ProofFile proof_;
  std::int64_t line_ = 0;
  std::vector<store::ChosenLeaf> leaves_;
  store::ChainHead last_{0, store::kNoHash};
  std::optional<store::ChainHead> witnessed_;
  bool tells_of_witnessed_ = false;
  std::optional<ExtractFault> fault_;
};

}  // namespace dirsync::cli
