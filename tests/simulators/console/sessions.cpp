#include "tests/simulators/console/sessions.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::sim::console {

// Like a JSON web token in length and alphabet. The words in it let a test find a leak in any output.
std::string Sessions::new_token(char const* kind, std::int64_t bytes) {
  auto token = "eyJhbGciOiJIUzUxMiIsInppcCI6IkRFRiJ9.canary-" + std::string{kind} + "-token-" +
               std::to_string(++tokens_given_) + ".";
  if (auto const size = static_cast<std::size_t>(bytes); token.size() < size) token.resize(size, 'x');
  return token;
}

Sessions::Tokens Sessions::renew(Session& session, std::int64_t now, Knobs const& knobs) {
  Tokens tokens;
  tokens.access = new_token("access", knobs.number("token_bytes"));
  tokens.access_expires = now + knobs.number("access_token_seconds");
  session.access.emplace(tokens.access, tokens.access_expires);
  return tokens;
}

Sessions::Tokens Sessions::open(std::string user, std::int64_t now, Knobs const& knobs) {
  auto& session = open_.emplace_back();
  session.user = std::move(user);
  session.refresh = new_token("refresh", knobs.number("token_bytes"));
  session.refresh_expires = now + knobs.number("refresh_token_seconds");
  auto tokens = renew(session, now, knobs);
  tokens.refresh = session.refresh;
  tokens.refresh_expires = session.refresh_expires;
  return tokens;
}

std::optional<Sessions::Tokens> Sessions::refresh(std::string const& token, std::int64_t now,
                                                  Knobs const& knobs) {
  auto const session = std::ranges::find(open_, token, &Session::refresh);
  if (session == open_.end() || session->refresh_expires <= now) return std::nullopt;
  auto tokens = renew(*session, now, knobs);
  if (enabled(knobs, "rotate_refresh")) {
    tokens.refresh = session->refresh = new_token("refresh", knobs.number("token_bytes"));
    tokens.refresh_expires = session->refresh_expires = now + knobs.number("refresh_token_seconds");
  }
  return tokens;
}

std::optional<std::string> Sessions::user_of(std::string const& access, std::int64_t now) const {
  for (auto const& session : open_)
    if (auto const token = session.access.find(access); token != session.access.end())
      return token->second > now ? std::optional{session.user} : std::nullopt;
  return std::nullopt;
}

void Sessions::close(std::string const& access) {
  std::erase_if(open_, [&access](Session const& session) { return session.access.contains(access); });
}

void Sessions::kill_access_tokens() {
  for (auto& session : open_) session.access.clear();
}

}  // namespace dirsync::sim::console
