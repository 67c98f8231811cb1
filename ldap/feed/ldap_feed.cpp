#include "ldap/feed/ldap_feed.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/connect/server.hpp"
#include "ldap/feed/choice.hpp"
#include "ldap/search/schema.hpp"
#include "ldap/worker.hpp"

namespace dirsync::ldap {

namespace asio = boost::asio;

struct LdapFeed::Following {
  Settings settings;
  DirectoryQuery query;
  std::string cookie;            // of the last answer
  std::shared_ptr<Stops> stops;  // of the connection; outlives the follower
  std::unique_ptr<Follower> follower;
  std::shared_ptr<FeedChoice> choice = std::make_shared<FeedChoice>();  // changed on the event loop alone
  Worker worker;  // last: its thread ends before what it works with

  /// On the worker's thread; `loop`: where the choice is told as soon as it is made.
  Result<FeedNews> next(asio::any_io_executor const& loop) {
    if (!follower) {
      auto chosen = choose_follower(settings, query, cookie, stops->first);
      if (!chosen) return chosen.error();
      follower = std::move(chosen->follower);
      asio::post(loop,
                 [told = choice, made = std::move(chosen->choice)]() mutable { *told = std::move(made); });
    }
    auto news = follower->next();
    if (news)
      cookie = news->cookie;
    else
      follower.reset();
    return news;
  }
};

LdapFeed::LdapFeed(Settings settings, DirectoryQuery query) : following_(new Following) {
  following_->settings = std::move(settings);
  following_->query = std::move(query);
  // A connection lives as long as the server lets it; each wait has an end of its own.
  following_->settings.timeouts.total = std::chrono::years{10};
  following_->settings.memory = std::make_shared<ServerMemory>(following_->settings.retry);
  following_->settings.schemas = std::make_shared<SchemaMemory>();
}
/// The follower says good-bye on the connection, from here, and a stop may have shut that.
LdapFeed::~LdapFeed() { block_broken_pipes(); }

FeedKind LdapFeed::kind() const { return following_->choice->kind; }

void LdapFeed::resume(std::string cookie) { following_->cookie = std::move(cookie); }

FeedChoice const& LdapFeed::choice() const { return *following_->choice; }

asio::awaitable<Result<FeedNews>> LdapFeed::next() {
  auto const loop = co_await asio::this_coro::executor;
  auto* const following = following_.get();
  // A stop is for good: what it was requested for is not used again.
  if (!following->stops || following->stops->first.requested()) {
    block_broken_pipes();
    following->follower.reset();
    following->stops = std::make_shared<Stops>();
  }
  std::function<Result<FeedNews>(Stops&)> work = [following, loop](Stops&) { return following->next(loop); };
  co_return co_await following->worker.run<FeedNews>(following->stops, std::move(work));
}

}  // namespace dirsync::ldap
