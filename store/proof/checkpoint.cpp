#include "store/proof/checkpoint.hpp"

#include <vector>

#include "store/chain.hpp"
#include "store/proof/base64.hpp"
#include "sync/model/digest.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {
constexpr char kOrigin[] = "dirsyncd-audit/";
constexpr char kChain[] = "chain ", kTime[] = "time ";
constexpr char kDash[] = "\xe2\x80\x94 ";  // U+2014, as signed notes have it
constexpr std::string_view kEd25519{"\1", 1};
constexpr std::size_t kKeyIdBytes = 4;
// Lines of a note: the text's five, an empty one, the signature, and what follows its line feed.
constexpr std::size_t kNoteLines = 8;

Error not_understood() {
  return {StoreErrc::malformed, "no checkpoint of an audit trail. Use the file as it was written"};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.push_back(text);
  return lines;
}

std::string_view after(std::string_view line, std::string_view beginning) {
  return line.starts_with(beginning) ? line.substr(beginning.size()) : std::string_view{};
}

std::string signature_line(std::string const& origin, std::string const& id, std::string const& signature) {
  return kDash + origin + " " + to_base64(id + signature) + "\n";
}
}  // namespace

std::string origin_of(PublicKey const& key) {
  return kOrigin + Sha256{}.update(key.bytes()).hex().substr(0, 16);
}

std::string key_id(PublicKey const& key) {
  auto const digest =
      Sha256{}.update(origin_of(key)).update("\n").update(kEd25519).update(key.bytes()).bytes();
  return {digest.data(), kKeyIdBytes};
}

std::string verifier_key(PublicKey const& key) {
  return origin_of(key) + "+" + to_hex(key_id(key)) + "+" + to_base64(std::string{kEd25519} + key.bytes());
}

std::string text_of(Checkpoint const& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         to_base64(view(checkpoint.root)) + "\n" + kChain + checkpoint.chain + "\n" + kTime +
         rfc3339(checkpoint.time) + "\n";
}

SignedCheckpoint sign(Checkpoint checkpoint, SigningKey const& key) {
  auto signature = key.sign(text_of(checkpoint));
  return {std::move(checkpoint), std::move(signature)};
}

bool is_signed_by(SignedCheckpoint const& checkpoint, PublicKey const& key) {
  return checkpoint.checkpoint.origin == origin_of(key) &&
         key.verifies(text_of(checkpoint.checkpoint), checkpoint.signature);
}

std::string note_of(SignedCheckpoint const& checkpoint, PublicKey const& key) {
  return text_of(Note{checkpoint, key_id(key)});
}

std::string text_of(Note const& note) {
  auto const& [checkpoint, signature] = note.checkpoint;
  return text_of(checkpoint) + "\n" + signature_line(checkpoint.origin, note.key_id, signature);
}

Result<Note> parse_note(std::string_view text) {
  auto const lines = lines_of(text);
  if (lines.size() != kNoteLines) return not_understood();
  auto const size = parse_integer(lines[1]);
  auto const root = tree_hash(from_base64(lines[2]).value_or(""));
  auto const time = parse_rfc3339(after(lines[4], kTime));
  std::string const chain{after(lines[3], kChain)};
  auto const signed_by = after(lines[6], kDash);
  auto const signature = from_base64(signed_by.substr(signed_by.find(' ') + 1));
  if (!size || *size < 0 || !root || !time || chain.size() != kNoHash.size() || !signature ||
      signature->size() != kKeyIdBytes + kSignatureBytes)
    return not_understood();
  Note note{{{std::string{lines[0]}, *size, *root, chain, *time}, signature->substr(kKeyIdBytes)},
            signature->substr(0, kKeyIdBytes)};
  return text_of(note) == text ? Result<Note>{std::move(note)} : not_understood();
}

bool is_signed_by(Note const& note, PublicKey const& key) {
  return note.key_id == key_id(key) && is_signed_by(note.checkpoint, key);
}

}  // namespace dirsync::store
