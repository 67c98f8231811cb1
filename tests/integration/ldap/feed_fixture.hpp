#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/errors.hpp"
#include "ldap/feed/follower.hpp"

namespace dirsync::ldap {

using Follow = Result<std::unique_ptr<Follower>> (*)(Connection, Settings const&, FeedScope const&,
                                                     std::string);

/// Tests that follow one server's changes over a connection of their own. A follower that waits for ever is
/// ended by the test program's own time limit.
struct FollowerFixture : testing::Test {
  void SetUp() override { block_broken_pipes(); }

  Settings settings;
  FeedScope scope;
  Stop stop;
  std::string cookie;  // of the last news

  Result<std::unique_ptr<Follower>> follow(Follow follow_by, std::string const& from = {}) {
    auto connection = Connection::open(settings, stop);
    if (!connection) return connection.error();
    return follow_by(std::move(*connection), settings, scope, from);
  }

  /// A follower whose first answer is behind it.
  std::unique_ptr<Follower> begun(Follow follow_by) {
    auto follower = follow(follow_by).value();
    EXPECT_THAT(look_everywhere(*follower), testing::Not(testing::IsEmpty()));
    return follower;
  }

  /// Why the next news say to look everywhere.
  std::string look_everywhere(Follower& follower) {
    auto const news = follower.next();
    EXPECT_TRUE(news) << text(news.error());
    if (!news) return {};
    EXPECT_THAT(news->events, testing::IsEmpty());
    cookie = news->cookie;
    return news->look_everywhere;
  }

  /// All events up to the news that tell of the entry `dn`, the rest of those included.
  std::vector<FeedEvent> events_until(Follower& follower, std::string const& dn) {
    std::vector<FeedEvent> events;
    for (;;) {
      auto const news = follower.next();
      if (!news || !news->look_everywhere.empty()) {
        ADD_FAILURE() << dn << ": " << (news ? news->look_everywhere : text(news.error()));
        return {};
      }
      cookie = news->cookie;
      events.insert(events.end(), news->events.begin(), news->events.end());
      if (std::ranges::find(news->events, dn, &FeedEvent::dn) != news->events.end()) return events;
    }
  }

  /// The first event that tells of it.
  FeedEvent event_of(Follower& follower, std::string const& dn) {
    auto const events = events_until(follower, dn);
    auto const found = std::ranges::find(events, dn, &FeedEvent::dn);
    return found == events.end() ? FeedEvent{} : *found;
  }

  static std::vector<std::string> dns(std::vector<FeedEvent> const& events) {
    std::vector<std::string> names;
    for (auto const& event : events) names.push_back(event.dn);
    return names;
  }

  /// Of a wait that is stopped from another thread.
  boost::system::error_code stopped(Follower& follower) {
    auto waiting = std::async(std::launch::async, [&follower] {
      block_broken_pipes();
      return follower.next();
    });
    stop.request();
    auto const news = waiting.get();
    return news ? boost::system::error_code{} : news.error().code;
  }
};

}  // namespace dirsync::ldap
