#pragma once
// Ed25519 (RFC 8032) by OpenSSL, with keys in PEM as the openssl command reads and writes them. Thread: any.
#include <memory>
#include <string>
#include <string_view>

#include "store/errors.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::store {

inline constexpr std::size_t kSignatureBytes = 64;

/// Says whose signature it is.
class PublicKey {
 public:
  /// A SubjectPublicKeyInfo between "-----BEGIN PUBLIC KEY-----" and its end.
  /// Errors: StoreErrc::malformed.
  static Result<PublicKey> parse(std::string_view pem);

  std::string const& pem() const noexcept { return pem_; }
  std::string const& bytes() const noexcept { return bytes_; }  // 32
  bool verifies(std::string_view text, std::string_view signature) const;
  friend bool operator==(PublicKey const& left, PublicKey const& right) {
    return left.bytes_ == right.bytes_;
  }

 private:
  friend class SigningKey;
  explicit PublicKey(std::shared_ptr<void> key);
  std::shared_ptr<void> key_;
  std::string pem_, bytes_;
};

/// Never printed or logged; copies share one key.
class SigningKey {
 public:
  static SigningKey make();
  /// A PrivateKeyInfo (PKCS #8) without a passphrase. Errors: StoreErrc::malformed; the context has nothing
  /// of the text.
  static Result<SigningKey> parse(std::string_view pem);

  Secret pem() const;
  PublicKey public_key() const { return PublicKey{key_}; }
  std::string sign(std::string_view text) const;  // 64 bytes

 private:
  explicit SigningKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

}  // namespace dirsync::store
