#include "daemon/cli/extract/proof_file.hpp"

#include "store/proof/base64.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
constexpr char kProofLayout[] = "dirsyncd-proof-1";

/// The next line of `text`, which is taken off it; nothing unless it begins with `word`, whose rest it is.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view word = "") {
  auto const end = text.find('\n');
  if (end == text.npos || !text.starts_with(word)) return std::nullopt;
  if (word.size() > end) return std::nullopt;
  auto const rest = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return rest;
}

Error no_proof() {
  return {store::StoreErrc::malformed, "no proof of `dirsyncd log export`. Use the file as it was written"};
}
}  // namespace

std::string proof_text(ExtractFormat format, std::int64_t rows, std::vector<store::TreeHash> const& nodes,
                       std::string const& checkpoint) {
  auto text = std::string{kProofLayout} + "\nformat " + to_text(format) + "\nrows " + std::to_string(rows) +
              "\nnodes " + std::to_string(nodes.size()) + "\n";
  for (auto const& node : nodes) text += store::to_base64(store::view(node)) + "\n";
  return text + "\n" + checkpoint;
}

Result<ProofFile> parse_proof(std::string_view text) {
  // It is written last, and at once.
  if (text.empty())
    return Error{store::StoreErrc::malformed,
                 "is empty: the export was cut off, and what it left is not whole. Remove both files, and "
                 "export again"};
  auto rest = text;
  auto const layout = take_line(rest);
  auto const format = extract_format(take_line(rest, "format ").value_or(""));
  auto const rows = parse_integer(take_line(rest, "rows ").value_or(""));
  auto const count = parse_integer(take_line(rest, "nodes ").value_or(""));
  if (layout != kProofLayout || !format || !rows || !count || *rows < 0) return no_proof();
  ProofFile proof{*format, *rows, {}, {}};
  for (std::int64_t n = 0; n < *count; ++n) {
    auto const line = take_line(rest);
    auto const node = line ? store::tree_hash(store::from_base64(*line).value_or("")) : std::nullopt;
    if (!node) return no_proof();
    proof.nodes.push_back(*node);
  }
  if (take_line(rest) != std::string_view{}) return no_proof();
  auto checkpoint = store::parse_note(rest);
  if (!checkpoint) return checkpoint.error();
  proof.checkpoint = std::move(*checkpoint);
  return proof_text(proof.format, proof.rows, proof.nodes, std::string{rest}) == text
             ? Result<ProofFile>{std::move(proof)}
             : no_proof();
}

}  // namespace dirsync::cli
