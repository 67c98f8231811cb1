#pragma once
#include <boost/asio/awaitable.hpp>

#include "sync/vault/settings.hpp"
#include "sync/vault/steps.hpp"

namespace dirsync::vault {

/// Creates, renames and deletes groups. Thread: event loop.
class GroupWriter {
 public:
  /// All must outlive it.
  GroupWriter(Settings const& settings, Reader& reader, Steps& steps)
      : settings_{settings}, reader_{reader}, steps_{steps} {}
  boost::asio::awaitable<Applied> create(rest::Sending& sending, Change change);
  /// Some servers take a new name and keep the old one, so the answer alone is not believed.
  boost::asio::awaitable<Applied> rename(rest::Sending& sending, Change change);
  /// Only an empty group.
  boost::asio::awaitable<Applied> erase(rest::Sending& sending, Change change);

 private:
  Settings const& settings_;
  Reader& reader_;
  Steps& steps_;
};

}  // namespace dirsync::vault
