#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace dirsync::sim::vault {

using Instant = std::chrono::steady_clock::time_point;

struct Session {
  std::int64_t user = 0;
  int node = 1;  // of two web servers; a token is known to one only
  Instant last_used;
};

class Sessions {
 public:
  /// Returns the token: 180 characters of base64.
  std::string open(std::int64_t user, int node, Instant now);
  /// Renews the session, or forgets it when it was idle for longer. Null pointer when the token is not known.
  Session* find(std::string_view token, Instant now, std::chrono::seconds idle);
  void close(std::string_view token);
  void close_all_of(std::optional<std::int64_t> user);  // none: everybody's
  std::size_t count(std::int64_t user, Instant now, std::chrono::seconds idle);
  std::size_t live() const { return sessions_.size(); }
  std::size_t most() const { return most_; }

 private:
  std::map<std::string, Session, std::less<>> sessions_;
  std::mt19937_64 random_{1};  // equal runs give equal tokens
  std::size_t most_ = 0;
};

}  // namespace dirsync::sim::vault
