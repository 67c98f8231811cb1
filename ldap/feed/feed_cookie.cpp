#include "ldap/feed/feed_cookie.hpp"

#include <algorithm>
#include <array>

#include "sync/model/digest.hpp"
#include "sync/model/json.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::array kKinds{FeedKind::syncrepl, FeedKind::content_sync, FeedKind::dirsync, FeedKind::usn_poll,
                            FeedKind::timestamp_poll};

}  // namespace

std::string to_document(FeedCookie const& cookie) {
  return boost::json::serialize(boost::json::object{{"kind", to_text(cookie.kind)},
                                                    {"server", cookie.server},
                                                    {"scope", cookie.scope},
                                                    {"position", cookie.position}});
}

std::optional<FeedCookie> parse_feed_cookie(std::string_view document) {
  auto const json = parse_json(document);
  if (!json) return std::nullopt;
  auto const& object = object_in(*json);
  auto const kind = std::ranges::find_if(
      kKinds, [name = text_at(object, "kind")](FeedKind known) { return to_text(known) == name; });
  FeedCookie cookie{FeedKind::none, text_at(object, "server"), text_at(object, "scope"),
                    text_at(object, "position")};
  if (kind == kKinds.end() || cookie.server.empty() || cookie.scope.empty() || cookie.position.empty())
    return std::nullopt;
  cookie.kind = *kind;
  return cookie;
}

std::string scope_digest(FeedScope const& scope) {
  Sha256 digest;
  digest.field(std::to_string(scope.bases.size()));
  for (auto const& base : scope.bases) digest.field(base);
  digest.field(scope.filter);
  for (auto const& attribute : scope.attributes) digest.field(attribute);
  return digest.hex();
}

Resumption resume_at(std::string_view document, FeedCookie const& own) {
  if (document.empty()) return {{}, "nothing is known of what changed before"};
  auto cookie = parse_feed_cookie(document);
  if (!cookie) return {{}, "what was kept of the last feed cannot be read"};
  if (cookie->kind != own.kind)
    return {{}, "changes were last followed in another way, " + std::string{to_text(cookie->kind)}};
  if (cookie->server != own.server)
    return {{}, "changes were last followed on another server, " + cookie->server};
  if (cookie->scope != own.scope) return {{}, "what is followed is not the same as the last time"};
  return {std::move(cookie->position), {}};
}

}  // namespace dirsync::ldap
