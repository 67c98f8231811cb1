#include "daemon/watch/feeds.hpp"

#include <memory>
#include <utility>

#include "ldap/feed/ldap_feed.hpp"
#include "sync/engine/read/queries.hpp"

namespace dirsync::watch {

Result<Feeds> feeds_of(config::Config const& config, engine::Setup const& setup, FeedCookies const& cookies) {
  Feeds feeds;
  if (!config.schedule.watch) return feeds;
  auto queries = engine::queries_of(setup);
  if (!queries) return queries.error();
  for (auto const& [name, directory] : config.directories) {
    auto feed = std::make_unique<ldap::LdapFeed>(directory.ldap, std::move(queries->at(name)));
    if (auto const kept = cookies.find(name); kept != cookies.end()) feed->resume(kept->second.cookie);
    feeds.emplace(name, std::move(feed));
  }
  return feeds;
}

}  // namespace dirsync::watch
