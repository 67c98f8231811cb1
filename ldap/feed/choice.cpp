#include "ldap/feed/choice.hpp"

#include <optional>
#include <span>
#include <utility>

#include "ldap/connect/connection.hpp"
#include "ldap/errors.hpp"
#include "ldap/feed/content_sync.hpp"
#include "ldap/feed/dirsync.hpp"
#include "ldap/feed/scope.hpp"
#include "ldap/feed/timestamp_poll.hpp"
#include "ldap/feed/usn_poll.hpp"
#include "ldap/flavour.hpp"
#include "sync/model/join.hpp"

namespace dirsync::ldap {
namespace {

struct Way {
  FeedKind kind;
  Result<std::unique_ptr<Follower>> (*begin)(Connection, Settings const&, FeedScope const&, std::string);
};

/// Best first.
std::span<Way const> ways_of(Flavour flavour) {
  static constexpr Way kOpenldap[] = {{FeedKind::syncrepl, follow_by_content_sync},
                                      {FeedKind::timestamp_poll, follow_by_timestamp}};
  static constexpr Way kDs389[] = {{FeedKind::content_sync, follow_by_content_sync},
                                   {FeedKind::timestamp_poll, follow_by_timestamp}};
  static constexpr Way kActiveDirectory[] = {{FeedKind::dirsync, follow_by_dirsync},
                                             {FeedKind::usn_poll, follow_by_usn},
                                             {FeedKind::timestamp_poll, follow_by_timestamp}};
  if (flavour == Flavour::active_directory) return kActiveDirectory;
  if (flavour == Flavour::ds389) return kDs389;
  return kOpenldap;
}

/// The server may offer another way.
bool is_of_this_way(Error const& error) {
  return error.code != Failure::transient && error.code != LdapErrc::cancelled &&
         error.code != LdapErrc::bind_refused;
}

}  // namespace

Result<ChosenFollower> choose_follower(Settings const& settings, DirectoryQuery const& query,
                                       std::string const& cookie, Stop& stop) {
  auto first = Connection::open(settings, stop);
  if (!first) return first.error();
  auto const flavour = find_flavour(*first, settings);
  if (!flavour) return flavour.error();
  auto const scope = read_feed_scope(*first, settings, *flavour, query);
  if (!scope) return scope.error();
  std::optional<Connection> connection{std::move(*first)};
  FeedChoice choice;
  boost::system::error_code last;
  for (auto const& way : ways_of(*flavour)) {
    // A way that was begun in vain leaves a connection on which it may still be answered.
    if (!connection) {
      auto opened = Connection::open(settings, stop);
      if (!opened) return opened.error();
      connection.emplace(std::move(*opened));
    }
    auto follower = way.begin(std::move(*connection), settings, *scope, cookie);
    connection.reset();
    if (follower) {
      choice.kind = (*follower)->kind();
      return ChosenFollower{std::move(*follower), std::move(choice)};
    }
    auto const& error = follower.error();
    if (!is_of_this_way(error)) return error;
    last = error.code;
    choice.passed_over.push_back(std::string{to_text(way.kind)} + ": " + text(error));
  }
  return Error{last, "no way to follow its changes: " + join(choice.passed_over, " | ")};
}

}  // namespace dirsync::ldap
