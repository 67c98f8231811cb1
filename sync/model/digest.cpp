#include "sync/model/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "sync/model/assert.hpp"
#include "sync/model/hex.hpp"

namespace dirsync {
namespace {
EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

/// Without an `algorithm` that of the digest before: to look it up in the library takes longer than to hash a
/// short text.
void start(void* context, EVP_MD const* algorithm) {
  // Fails only without memory or without a SHA-256 in the library; neither is an input.
  DIRSYNC_ASSERT(context && EVP_DigestInit_ex(context_of(context), algorithm, nullptr) == 1);
}
}  // namespace

void Sha256::Free::operator()(void* context) const noexcept { EVP_MD_CTX_free(context_of(context)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { start(context_.get(), EVP_sha256()); }

Sha256& Sha256::update(std::string_view bytes) {
  DIRSYNC_ASSERT(EVP_DigestUpdate(context_of(context_.get()), bytes.data(), bytes.size()) == 1);
  return *this;
}

Sha256& Sha256::field(std::string_view bytes) {
  std::array<char, 8> length{};
  auto rest = static_cast<std::uint64_t>(bytes.size());
  for (auto at = length.rbegin(); at != length.rend(); ++at, rest >>= 8) *at = static_cast<char>(rest & 0xff);
  return update({length.data(), length.size()}).update(bytes);
}

std::array<char, 32> Sha256::bytes() {
  std::array<char, 32> digest{};
  unsigned int size = 0;
  DIRSYNC_ASSERT(EVP_DigestFinal_ex(context_of(context_.get()),
                                    reinterpret_cast<unsigned char*>(digest.data()), &size) == 1);
  DIRSYNC_ASSERT(size == digest.size());
  start(context_.get(), nullptr);
  return digest;
}

std::string Sha256::hex() {
  auto const digest = bytes();
  return to_hex({digest.data(), digest.size()});
}

}  // namespace dirsync
