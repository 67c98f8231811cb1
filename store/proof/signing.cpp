#include "store/proof/signing.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {
constexpr std::size_t kKeyBytes = 32;

struct Free {
  void operator()(BIO* memory) const noexcept { BIO_free(memory); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Memory = std::unique_ptr<BIO, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

EVP_PKEY* key_of(std::shared_ptr<void> const& key) { return static_cast<EVP_PKEY*>(key.get()); }

std::shared_ptr<void> owned(EVP_PKEY* key) {
  return {key, [](void* freed) { EVP_PKEY_free(static_cast<EVP_PKEY*>(freed)); }};
}

/// Without a passphrase, and without a question for one at a terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

unsigned char const* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

/// What `write` puts into memory. Fails only without memory.
template <class Write>
std::string written(Write const& write) {
  Memory const memory{BIO_new(BIO_s_mem())};
  DIRSYNC_ASSERT(memory != nullptr && write(memory.get()) == 1);
  char* start = nullptr;
  auto const size = BIO_get_mem_data(memory.get(), &start);
  std::string text{start, static_cast<std::size_t>(size)};
  OPENSSL_cleanse(start, static_cast<std::size_t>(size));
  return text;
}

/// `read`: one of the PEM_read_bio family. Only Ed25519 counts.
template <class Read>
std::shared_ptr<void> key_in(std::string_view pem, Read const& read) {
  Memory const memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  DIRSYNC_ASSERT(memory != nullptr);
  auto key = owned(read(memory.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (key != nullptr && EVP_PKEY_get_id(key_of(key)) != EVP_PKEY_ED25519) key = nullptr;
  return key;
}
}  // namespace

PublicKey::PublicKey(std::shared_ptr<void> key) : key_(std::move(key)), bytes_(kKeyBytes, '\0') {
  auto size = bytes_.size();
  DIRSYNC_ASSERT(
      EVP_PKEY_get_raw_public_key(key_of(key_), reinterpret_cast<unsigned char*>(bytes_.data()), &size) == 1);
  DIRSYNC_ASSERT(size == kKeyBytes);
  pem_ = written([this](BIO* memory) { return PEM_write_bio_PUBKEY(memory, key_of(key_)); });
}

Result<PublicKey> PublicKey::parse(std::string_view pem) {
  auto key = key_in(pem, PEM_read_bio_PUBKEY);
  if (key == nullptr)
    return Error{StoreErrc::malformed,
                 "no public key for Ed25519 in PEM. Give what `dirsyncd log key` printed"};
  return PublicKey{std::move(key)};
}

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
  Context const context{EVP_MD_CTX_new()};
  DIRSYNC_ASSERT(context != nullptr);
  auto const is_whole = signature.size() == kSignatureBytes;
  auto const holds = is_whole &&
                     EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_of(key_)) == 1 &&
                     EVP_DigestVerify(context.get(), unsigned_bytes(signature), signature.size(),
                                      unsigned_bytes(text), text.size()) == 1;
  ERR_clear_error();
  return holds;
}

SigningKey SigningKey::make() {
  auto key = owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  DIRSYNC_ASSERT(key != nullptr);  // fails without memory or randomness
  return SigningKey{std::move(key)};
}

Result<SigningKey> SigningKey::parse(std::string_view pem) {
  auto key = key_in(pem, PEM_read_bio_PrivateKey);
  if (key == nullptr)
    return Error{StoreErrc::malformed, "no private key for Ed25519 in PEM without a passphrase"};
  return SigningKey{std::move(key)};
}

Secret SigningKey::pem() const {
  return Secret{written([this](BIO* memory) {
    return PEM_write_bio_PKCS8PrivateKey(memory, key_of(key_), nullptr, nullptr, 0, nullptr, nullptr);
  })};
}

std::string SigningKey::sign(std::string_view text) const {
  Context const context{EVP_MD_CTX_new()};
  std::string signature(kSignatureBytes, '\0');
  auto size = signature.size();
  DIRSYNC_ASSERT(context != nullptr &&
                 EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_of(key_)) == 1 &&
                 EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                unsigned_bytes(text), text.size()) == 1);
  DIRSYNC_ASSERT(size == kSignatureBytes);
  return signature;
}

}  // namespace dirsync::store
