#include "daemon/page/tokens.hpp"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/control/events.hpp"
#include "sync/model/hex.hpp"

namespace dirsync::page {
namespace {

bool is_open(std::weak_ptr<control::EventFeed> const& watched) {
  auto const feed = watched.lock();
  return feed && !feed->has_ended();
}

/// Takes as long for any other text of the same length.
bool is_same_secret(std::string const& left, std::string const& right) {
  return left.size() == right.size() && ::CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace

std::optional<std::string> Tokens::issue(std::shared_ptr<control::EventFeed> const& feed,
                                         std::optional<uid_t> peer) {
  std::erase_if(issued_, [](Issued const& one) { return !is_open(one.feed); });
  std::array<char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return std::nullopt;
  auto token = to_hex(std::string_view{bytes.data(), bytes.size()});
  issued_.push_back({token, feed, peer});
  return token;
}

bool Tokens::holds(std::string const& token, std::optional<uid_t> peer) const {
  return std::ranges::any_of(issued_, [&token, peer](Issued const& one) {
    return is_same_secret(one.token, token) && one.peer == peer && is_open(one.feed);
  });
}

}  // namespace dirsync::page
