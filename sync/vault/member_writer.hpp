#pragma once
#include <boost/asio/awaitable.hpp>

#include "sync/vault/steps.hpp"

namespace dirsync::vault {

/// Adds and removes members whom the Vault knows, by their names. Thread: event loop.
class MemberWriter {
 public:
  /// `steps` must outlive it.
  explicit MemberWriter(Steps& steps) : steps_{steps} {}
  boost::asio::awaitable<Applied> add(rest::Sending& sending, Change change);
  boost::asio::awaitable<Applied> remove(rest::Sending& sending, Change change);

 private:
  Steps& steps_;
};

}  // namespace dirsync::vault
