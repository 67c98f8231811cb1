#include "tests/simulators/vault/sessions.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace dirsync::sim::vault {
namespace {
std::string hex_digits(std::mt19937_64& random, std::size_t count) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string digits;
  for (std::size_t at = 0; at < count; ++at) digits += kHex[random() % kHex.size()];
  return digits;
}

std::string base64(std::string const& text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');  // EVP adds a NUL
  auto const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}
}  // namespace

std::string Sessions::open(std::int64_t user, int node, Instant now) {
  std::string plain;
  for (auto const length : {8U, 4U, 4U, 4U, 12U})
    plain += (plain.empty() ? "" : "-") + hex_digits(random_, length);
  plain += ";" + hex_digits(random_, 16) + ";" + hex_digits(random_, 80) + ";";
  auto token = base64(plain);
  sessions_.insert_or_assign(token, Session{user, node, now});
  most_ = std::max(most_, sessions_.size());
  return token;
}

Session* Sessions::find(std::string_view token, Instant now, std::chrono::seconds idle) {
  auto const found = sessions_.find(token);
  if (found == sessions_.end()) return nullptr;
  if (now - found->second.last_used > idle) {
    sessions_.erase(found);
    return nullptr;
  }
  found->second.last_used = now;
  return &found->second;
}

void Sessions::close(std::string_view token) {
  if (auto const found = sessions_.find(token); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::close_all_of(std::optional<std::int64_t> user) {
  std::erase_if(sessions_, [user](auto const& entry) { return !user || entry.second.user == *user; });
}

std::size_t Sessions::count(std::int64_t user, Instant now, std::chrono::seconds idle) {
  std::erase_if(sessions_, [now, idle](auto const& entry) { return now - entry.second.last_used > idle; });
  return static_cast<std::size_t>(
      std::ranges::count_if(sessions_, [user](auto const& entry) { return entry.second.user == user; }));
}

}  // namespace dirsync::sim::vault
