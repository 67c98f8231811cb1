#pragma once
// What is signed of the audit trail: how many rows there were and what they were, at a time. As text it is a
// checkpoint (c2sp.org/tlog-checkpoint) within a signed note (c2sp.org/signed-note); docs/audit.md shows one.
// Thread: any.
#include <cstdint>
#include <string>
#include <string_view>

#include "store/proof/signing.hpp"
#include "store/proof/tree_hash.hpp"
#include "sync/model/time.hpp"

namespace dirsync::store {

struct Checkpoint {
  std::string origin;     // see origin_of()
  std::int64_t size = 0;  // rows
  TreeHash root{};
  std::string chain;  // hash of the last row; kNoHash without rows
  Time time;          // when it was signed
  friend bool operator==(Checkpoint const&, Checkpoint const&) = default;
};

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string signature;  // 64 bytes
};

/// Names a trail by the key that signs it: "dirsyncd-audit/" and 16 hexadecimal digits of the SHA-256 of the
/// key's 32 bytes.
std::string origin_of(PublicKey const& key);
/// The first four bytes of the SHA-256 of origin, line feed, a one byte, and the key's 32 bytes.
std::string key_id(PublicKey const& key);
/// Origin, key id and key in one line, as other programs take them (c2sp.org/signed-note, "verifier keys").
std::string verifier_key(PublicKey const& key);

/// What the signature is over: five lines.
std::string text_of(Checkpoint const& checkpoint);

SignedCheckpoint sign(Checkpoint checkpoint, SigningKey const& key);
bool is_signed_by(SignedCheckpoint const& checkpoint, PublicKey const& key);

/// The text, an empty line, and the line with the signature of `key`, which must be the one that signed it.
std::string note_of(SignedCheckpoint const& checkpoint, PublicKey const& key);

/// A note that is read before anybody knows whose it is.
struct Note {
  SignedCheckpoint checkpoint;
  std::string key_id;  // 4 bytes
};
/// Errors: StoreErrc::malformed, also for spellings that note_of() does not write.
Result<Note> parse_note(std::string_view text);
/// Also compares the key's id.
bool is_signed_by(Note const& note, PublicKey const& key);
/// The same bytes that parse_note() was given.
std::string text_of(Note const& note);

}  // namespace dirsync::store
