#include "store/proof/checkpoint.hpp"

#include <gtest/gtest.h>

#include "store/chain.hpp"
#include "store/proof/base64.hpp"
#include "sync/model/hex.hpp"

namespace dirsync::store {
namespace {

TEST(GivenBytes, WhenWrittenAsBase64ThenAsSpecifiedAndReadBack) {
  // RFC 4648, 10.
  std::pair<std::string, std::string> const known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (auto const& [bytes, text] : known) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(GivenBytes, WhenBase64IsSpeltOtherwiseThenNotRead) {
  for (auto const* const text :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Zg==Zg==", "Z===", "====", "Zm9*", "Zm9_", "Zm9v\n   "})
    EXPECT_FALSE(from_base64(text)) << text;
}

// RFC 8032, 7.1, test 2: a key in PEM as the openssl command writes it, and its signature of one byte.
std::string const kKnownKey =
    "-----BEGIN PRIVATE KEY-----\n" +
    to_base64(*from_hex("302e020100300506032b657004220420"
                        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")) +
    "\n-----END PRIVATE KEY-----\n";

TEST(GivenAKnownKey, WhenItSignsThenAsSpecified) {
  auto const key = SigningKey::parse(kKnownKey).value();
  auto const known = *from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(to_hex(key.public_key().bytes()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(key.sign("\x72"), known);
  EXPECT_TRUE(key.public_key().verifies("\x72", known));
  EXPECT_FALSE(key.public_key().verifies("\x73", known));
  EXPECT_FALSE(key.public_key().verifies("\x72", known.substr(1)));
  EXPECT_EQ(key.pem().reveal(), kKnownKey);
}

TEST(GivenKeys, WhenWrittenAndReadThenTheSame) {
  auto const key = SigningKey::make();
  auto const read = SigningKey::parse(key.pem().reveal());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->public_key(), key.public_key());
  EXPECT_EQ(PublicKey::parse(key.public_key().pem()).value(), key.public_key());
  EXPECT_FALSE(SigningKey::make().public_key() == key.public_key());
}

TEST(GivenNoKey, WhenReadThenAnErrorThatShowsNothingOfIt) {
  auto const secret = std::string{SigningKey::make().pem().reveal()};
  for (auto const& text : {std::string{}, std::string{"hunter2"}, secret.substr(0, secret.size() / 2)}) {
    auto const read = SigningKey::parse(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, StoreErrc::malformed);
    EXPECT_TRUE(text.empty() || read.error().context.find(text) == std::string::npos);
  }
  EXPECT_FALSE(PublicKey::parse(secret));
  EXPECT_FALSE(SigningKey::parse(SigningKey::make().public_key().pem()));
}

struct GivenASignedCheckpoint : testing::Test {
  SigningKey const key = SigningKey::parse(kKnownKey).value();
  PublicKey const public_key = key.public_key();
  Checkpoint const checkpoint{origin_of(public_key), 4, hash_of_leaf("four rows"), std::string(64, 'a'),
                              *parse_rfc3339("2026-11-21T21:38:11.042Z")};
  SignedCheckpoint const signed_one = sign(checkpoint, key);
  std::string const note = note_of(signed_one, public_key);
};

TEST_F(GivenASignedCheckpoint, WhenWrittenThenFiveLinesAndItsSignature) {
  EXPECT_EQ(note, checkpoint.origin + "\n4\n" + to_base64(view(checkpoint.root)) + "\nchain " +
                      std::string(64, 'a') + "\ntime 2026-11-21T21:38:11.042Z\n\n\u2014 " +
                      checkpoint.origin + " " + to_base64(key_id(public_key) + signed_one.signature) + "\n");
  EXPECT_EQ(checkpoint.origin, "dirsyncd-audit/39f713d0a644253f");
  EXPECT_EQ(to_hex(key_id(public_key)), "6d0def6d");
  EXPECT_EQ(verifier_key(public_key), checkpoint.origin + "+" + to_hex(key_id(public_key)) + "+" +
                                          to_base64("\x01" + public_key.bytes()));
}

TEST_F(GivenASignedCheckpoint, WhenReadThenTheSame) {
  auto const read = parse_note(note);
  ASSERT_TRUE(read) << text(read.error());
  EXPECT_EQ(read->checkpoint.checkpoint, checkpoint);
  EXPECT_TRUE(is_signed_by(*read, public_key));
  EXPECT_FALSE(is_signed_by(*read, SigningKey::make().public_key()));
  EXPECT_EQ(text_of(*read), note);
}

TEST_F(GivenASignedCheckpoint, WhenAnyByteIsAnotherThenFound) {
  for (std::size_t at = 0; at < note.size(); ++at)
    for (auto const bit : {1, 2, 16, 32}) {
      auto edited = note;
      edited[at] = static_cast<char>(edited[at] ^ bit);
      auto const read = parse_note(edited);
      EXPECT_FALSE(read && is_signed_by(*read, public_key)) << at << ", " << bit;
    }
}

TEST_F(GivenASignedCheckpoint, WhenCutOrLongerThenNotRead) {
  for (std::size_t size = 0; size < note.size(); ++size) EXPECT_FALSE(parse_note(note.substr(0, size)));
  EXPECT_FALSE(parse_note(note + "\n"));
  EXPECT_FALSE(parse_note("\n" + note));
  EXPECT_FALSE(parse_note(note + note));
}

}  // namespace
}  // namespace dirsync::store
