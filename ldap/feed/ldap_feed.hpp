#pragma once
#include <memory>

#include "ldap/feed/feed_choice.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::ldap {

/// The changes of a directory, over a connection and on a thread of its own. Each next() after an error, or
/// after one that was cancelled, connects anew: how long to wait before is the caller's business. Destroy it
/// when no next() is running. Thread: event loop. Errors: LdapErrc.
class LdapFeed final : public Feed {
 public:
  /// `query`: what a read would ask for; a change of anything else is no news.
  LdapFeed(Settings settings, DirectoryQuery query);
  ~LdapFeed() override;
  FeedKind kind() const override;
  void resume(std::string cookie) override;
  boost::asio::awaitable<Result<FeedNews>> next() override;
  /// Of the last connection; without a kind before the first one.
  FeedChoice const& choice() const;

 private:
  struct Following;
  std::unique_ptr<Following> following_;
};

}  // namespace dirsync::ldap
