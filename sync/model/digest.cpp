#include "sync/model/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "sync/model/assert.hpp"
#include "sync/model/hex.hpp"

namespace dirsync {
namespace {
EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

void start(void* context) {
  // Fails only without memory or without a SHA-256 in the library; neither is an input.
  DIRSYNC_ASSERT(context && EVP_DigestInit_ex(context_of(context), EVP_sha256(), nullptr) == 1);
}
}  // namespace

void Sha256::Free::operator()(void* context) const noexcept { EVP_MD_CTX_free(context_of(context)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { start(context_.get()); }

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

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  DIRSYNC_ASSERT(EVP_DigestFinal_ex(context_of(context_.get()), digest.data(), &size) == 1);
  start(context_.get());
  return to_hex({reinterpret_cast<char const*>(digest.data()), size});
}

}  // namespace dirsync
