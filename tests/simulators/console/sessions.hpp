#pragma once
// Access and refresh tokens.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulators/console/knobs.hpp"

namespace dirsync::sim::console {

/// `now` and expiry are seconds since 1970.
class Sessions {
 public:
  struct Tokens {
    std::string access;
    std::int64_t access_expires = 0;
    std::string refresh;  // empty: the old one stays
    std::int64_t refresh_expires = 0;
  };

  Tokens open(std::string user, std::int64_t now, Knobs const& knobs);
  /// Nothing when the refresh token is unknown or expired.
  std::optional<Tokens> refresh(std::string const& token, std::int64_t now, Knobs const& knobs);
  /// The user of a valid access token.
  std::optional<std::string> user_of(std::string const& access, std::int64_t now) const;
  /// Kills the session that this access token belongs to, refresh token included.
  void close(std::string const& access);
  void kill_access_tokens();
  void kill_all() { open_.clear(); }

 private:
  struct Session {
    std::string user;
    std::map<std::string, std::int64_t> access;  // token, expiry
    std::string refresh;
    std::int64_t refresh_expires = 0;
  };

  std::string new_token(char const* kind, std::int64_t bytes);
  Tokens renew(Session& session, std::int64_t now, Knobs const& knobs);

  std::vector<Session> open_;
  std::uint64_t tokens_given_ = 0;
};

}  // namespace dirsync::sim::console
