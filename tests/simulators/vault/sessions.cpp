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
/// As base64, without the characters that have a meaning in URLs.
std::string base64url(std::string const& text) {
  auto encoded = base64(text);
  std::ranges::replace(encoded, '+', '-');
  std::ranges::replace(encoded, '/', '_');
  std::erase(encoded, '=');
  return encoded;
}

bool has_ended(Session const& session, Instant now, Life life) {
  return session.ends ? now >= *session.ends : now - session.last_used > life.length;
}
}  // namespace

std::string Sessions::keep(std::string token, Session session) {
  sessions_.insert_or_assign(token, session);
  most_ = std::max(most_, sessions_.size());
  return token;
}

std::string Sessions::open(std::int64_t user, int node, Instant now) {
  std::string plain;
  for (auto const length : {8U, 4U, 4U, 4U, 12U})
    plain += (plain.empty() ? "" : "-") + hex_digits(random_, length);
  plain += ";" + hex_digits(random_, 16) + ";" + hex_digits(random_, 80) + ";";
  return keep(base64(plain), Session{user, node, now});
}

std::string Sessions::issue(std::int64_t user, Instant now, Instant ends) {
  constexpr std::size_t kClaims = 600, kSignature = 256;  // long as real ones
  auto token = base64url(R"({"alg":"RS256","typ":"JWT"})");
  for (auto const length : {kClaims, kSignature}) token += "." + base64url(hex_digits(random_, length));
  return keep(std::move(token), Session{user, 1, now, ends});
}

Session* Sessions::find(Credentials credentials, Instant now, Life life) {
  auto const found = sessions_.find(credentials.token);
  if (found == sessions_.end()) return nullptr;
  auto& session = found->second;
  if (has_ended(session, now, life)) {
    sessions_.erase(found);
    return nullptr;
  }
  if (session.ends.has_value() != credentials.bearer) return nullptr;
  if (life.calls_extend) session.last_used = now;
  return &session;
}

void Sessions::close(std::string_view token) {
  if (auto const found = sessions_.find(token); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::close_all_of(std::optional<std::int64_t> user) {
  std::erase_if(sessions_, [user](auto const& entry) { return !user || entry.second.user == *user; });
}

std::size_t Sessions::count(std::int64_t user, Instant now, Life life) {
  std::erase_if(sessions_, [now, life](auto const& entry) { return has_ended(entry.second, now, life); });
  return static_cast<std::size_t>(
      std::ranges::count_if(sessions_, [user](auto const& entry) { return entry.second.user == user; }));
}

}  // namespace dirsync::sim::vault
