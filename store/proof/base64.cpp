#include "store/proof/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>

namespace dirsync::store {

std::string to_base64(std::string_view bytes) {
  // The library ends what it writes with a zero byte.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  auto const padding = static_cast<std::size_t>(std::ranges::count(text, '='));
  if (text.size() % 4 != 0 || text.size() > INT_MAX || padding > 2) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size())) < 0)
    return std::nullopt;
  // The library decodes padding as zero bytes.
  bytes.resize(bytes.size() - padding);
  // It also takes white space, and padding in the middle.
  return to_base64(bytes) == text ? std::optional{bytes} : std::nullopt;
}

}  // namespace dirsync::store
