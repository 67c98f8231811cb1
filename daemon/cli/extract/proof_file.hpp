#pragma once
// FILE.proof: what proves that the rows of FILE are of an audit trail. docs/audit.md describes it. Thread:
// any.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/extract/formats.hpp"
#include "store/proof/checkpoint.hpp"

namespace dirsync::cli {

struct ProofFile {
  ExtractFormat format{};
  std::int64_t rows = 0;               // of FILE
  std::vector<store::TreeHash> nodes;  // see store/proof/extract_proof.hpp
  store::Note checkpoint;              // of the whole trail
};

/// `checkpoint`: a signed note.
std::string proof_text(ExtractFormat format, std::int64_t rows, std::vector<store::TreeHash> const& nodes,
                       std::string const& checkpoint);
/// Errors: StoreErrc::malformed, also for spellings that proof_text() does not write.
Result<ProofFile> parse_proof(std::string_view text);

}  // namespace dirsync::cli
