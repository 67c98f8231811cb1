#include "ldap/feed/content_sync.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ldap/errors.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/feed/fingerprints.hpp"
#include "ldap/feed/sync_inbox.hpp"
#include "ldap/feed/sync_search.hpp"
#include "ldap/flavour.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/digest.hpp"
#include "sync/model/hex.hpp"

namespace dirsync::ldap {
namespace {

FeedKind kind_of(Flavour flavour) {
  return flavour == Flavour::ds389 ? FeedKind::content_sync : FeedKind::syncrepl;
}

/// What an account does not see it is not told, so that another one cannot go on with its cookies.
std::string digest_of(Settings const& settings, FeedScope const& scope) {
  auto const& bind = settings.bind;
  return Sha256{}
      .field(scope_digest(scope))
      .field(std::to_string(static_cast<int>(bind.method)))
      .field(bind.dn)
      .field(bind.principal)
      .field(bind.keytab)
      .hex();
}

/// What a server does not show it may have all the same.
Result<void> require_control(Connection& connection) {
  auto const root = read_if_shown(connection, root_dse_search({"supportedControl"}));
  if (!root) return root.error();
  auto const& offered = root->all("supportedcontrol");
  if (offered.empty() || std::ranges::find(offered, kSyncRequestOid) != offered.end()) return {};
  return Error{LdapErrc::refused, connection.place() +
                                      ": the server offers no content synchronisation; switch it on (slapd: "
                                      "overlay syncprov; 389-ds: the plug-ins Content Synchronization and "
                                      "Retro Changelog)"};
}

class ContentSync final : public Follower {
 public:
  ContentSync(Connection connection, Settings const& settings, FeedScope const& scope, Flavour flavour)
      : connection_(std::move(connection)),
        scope_(scope),
        own_{kind_of(flavour), settings.base, digest_of(settings, scope), {}},
        idle_(settings.timeouts.idle),
        inbox_(connection_, idle_) {
    for (auto const& base : scope_.bases) searches_.emplace_back(scope_, flavour, base);
  }

  FeedKind kind() const override { return own_.kind; }

  /// Until every refresh is over.
  Result<void> begin(std::string const& document) {
    auto const resumption = resume_at(document, own_);
    auto const cookies = cookies_of(resumption.position, searches_.size());
    auto const why =
        resumption.why_not.empty() ? "what was kept of the last feed cannot be read" : resumption.why_not;
    for (std::size_t at = 0; at < searches_.size(); ++at) {
      auto const started = searches_[at].start(connection_, cookies ? (*cookies)[at] : "", why);
      if (!started) return started;
    }
    // Changes of a base that is refreshed do not put off the others' end.
    auto end = std::chrono::steady_clock::now() + idle_;
    while (!std::ranges::all_of(searches_, &SyncSearch::refreshed)) {
      auto const message = inbox_.by(end, what());
      if (!message) return message.error();
      auto const refreshes = take(message->get());
      if (!refreshes) return refreshes.error();
      if (*refreshes) end = std::chrono::steady_clock::now() + idle_;
    }
    return {};
  }

  Result<FeedNews> next() override {
    while (!batch_.has_answer()) {
      auto const message = inbox_.whenever(what());
      if (!message) return message.error();
      if (auto const taken = take(message->get()); !taken) return taken.error();
    }
    if (auto const gathered = gather(); !gathered) return gathered.error();
    return batch_.take(document());
  }

 private:
  /// True when it belonged to a search that is, or was, not refreshed yet.
  Result<bool> take(LDAPMessage* message) {
    auto const search = std::ranges::find(searches_, ldap_msgid(message), &SyncSearch::id);
    if (search == searches_.end()) return false;
    auto const refreshes = !search->refreshed();
    auto const taken = search->take(connection_, message, {fingerprints_, batch_});
    if (!taken) return taken.error();
    return refreshes;
  }

  /// What has come by now belongs together. A server that never pauses does not keep the news back: each
  /// message may be a whole group of 100,000.
  Result<void> gather() {
    constexpr std::chrono::milliseconds kLongest{100};
    auto const end = std::chrono::steady_clock::now() + kLongest;
    do {
      auto const message = inbox_.at_once(what());
      if (!message) return message.error();
      if (!*message) return {};
      if (auto const taken = take(message->get()); !taken) return taken.error();
    } while (std::chrono::steady_clock::now() < end);
    return {};
  }

  std::string document() const {
    std::vector<std::string> cookies;
    for (auto const& search : searches_) cookies.push_back(search.cookie());
    auto cookie = own_;
    cookie.position = to_position(cookies);
    return cookie.position.empty() ? std::string{} : to_document(cookie);
  }

  std::string what() const { return connection_.place() + ", following changes"; }

  Connection connection_;
  FeedScope scope_;
  FeedCookie own_;
  std::chrono::milliseconds idle_;
  SyncInbox inbox_;
  std::vector<SyncSearch> searches_;
  Fingerprints fingerprints_;
  EventBatch batch_;
};

}  // namespace

std::string to_position(std::vector<std::string> const& cookies) {
  std::string position;
  for (auto const& cookie : cookies) {
    if (cookie.empty()) return {};
    if (!position.empty()) position += ' ';
    position += to_hex(cookie);
  }
  return position;
}

std::optional<std::vector<std::string>> cookies_of(std::string_view position, std::size_t count) {
  std::vector<std::string> cookies;
  while (!position.empty()) {
    auto const end = std::min(position.find(' '), position.size());
    auto cookie = from_hex(position.substr(0, end));
    if (!cookie || cookie->empty()) return std::nullopt;
    cookies.push_back(std::move(*cookie));
    position.remove_prefix(std::min(end + 1, position.size()));
  }
  if (cookies.size() != count) return std::nullopt;
  return cookies;
}

Result<std::unique_ptr<Follower>> follow_by_content_sync(Connection connection, Settings const& settings,
                                                         FeedScope const& scope, std::string cookie) {
  auto const flavour = find_flavour(connection, settings);
  if (!flavour) return flavour.error();
  if (auto const offered = require_control(connection); !offered) return offered.error();
  auto follower = std::make_unique<ContentSync>(std::move(connection), settings, scope, *flavour);
  if (auto const begun = follower->begin(cookie); !begun) return begun.error();
  return std::unique_ptr<Follower>{std::move(follower)};
}

}  // namespace dirsync::ldap
