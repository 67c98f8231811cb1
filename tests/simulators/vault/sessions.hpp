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
  std::optional<Instant> ends = std::nullopt;  // platform tokens: calls do not put it off
};

/// What a call shows for itself.
struct Credentials {
  std::string_view token;
  bool bearer = false;  // a platform token stands behind a scheme word, a session's token stands alone
};

/// How long a session lives without calls, or at all.
struct Life {
  std::chrono::seconds length;
  bool calls_extend = true;
};

class Sessions {
 public:
  /// Returns the token: 180 characters of base64.
  std::string open(std::int64_t user, int node, Instant now);
  /// Returns a platform token, in the form of a JSON Web Token.
  std::string issue(std::int64_t user, Instant now, Instant ends);
  /// Renews the session, or forgets it when it has ended. Null pointer when the token is not known in that
  /// form.
  Session* find(Credentials credentials, Instant now, Life life);
  void close(std::string_view token);
  void close_all_of(std::optional<std::int64_t> user);  // none: everybody's
  std::size_t count(std::int64_t user, Instant now, Life life);
  std::size_t live() const { return sessions_.size(); }
  std::size_t most() const { return most_; }

 private:
  std::string keep(std::string token, Session session);

  std::map<std::string, Session, std::less<>> sessions_;
  std::mt19937_64 random_{1};  // equal runs give equal tokens
  std::size_t most_ = 0;
};

}  // namespace dirsync::sim::vault
