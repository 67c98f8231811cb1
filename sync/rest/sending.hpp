#pragma once
// Send and settle as one: a cancellation cannot part a write that went out from its outcome.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/model/applied.hpp"
#include "sync/rest/requests.hpp"

namespace dirsync::rest {

/// A session: it signs what it sends. Thread: event loop.
class Sender {
 public:
  virtual ~Sender() = default;
  virtual boost::asio::awaitable<Result<http::Response>> send(http::Request request) = 0;
};

/// The scope within which writes go out; send_and_settle() alone makes one. It lives as long as the work that
/// was given it.
class Sending {
 public:
  Sending(Sending const&) = delete;
  Sending& operator=(Sending const&) = delete;
  /// Sends. Throws operation_aborted when cancelled, as every wait does: send_and_settle() turns that into an
  /// outcome.
  boost::asio::awaitable<Result<http::Response>> send(Sender& session, Write write);

 private:
  Sending() = default;
  Applied when_cancelled() const;
  bool unsettled_ = false;  // a write went out that was not refused
  std::string words_;       // of the last answer that did not come
  friend boost::asio::awaitable<std::vector<Applied>> send_and_settle(
      std::size_t changes, std::function<boost::asio::awaitable<std::vector<Applied>>(Sending&)> work);
};

/// Runs `work`, which answers each of so many changes. Cancelled: answers for all of them, unknown when a
/// write may have been done, else skipped. Throws nothing that the work does not throw of itself.
boost::asio::awaitable<std::vector<Applied>> send_and_settle(
    std::size_t changes, std::function<boost::asio::awaitable<std::vector<Applied>>(Sending&)> work);

}  // namespace dirsync::rest
