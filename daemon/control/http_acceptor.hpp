#pragma once
// HTTP/1.1 on a listening socket, one request a connection.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "daemon/control/http.hpp"

namespace dirsync::control {

/// Requests have at most 32 KiB before their body and must come within ten seconds; so must the reading of an
/// answer go on. What is no HTTP, wants more, or is followed by more, is answered 400, 413 or 431 and parted
/// with; connections above the number are closed at once, with a 503 where errors are JSON. Thread: that of
/// `executor`, on which `answer` is called.
class HttpAcceptor {
 public:
  struct Limits {
    std::size_t connections = 32;  // of a unix socket: half of them for one account
    std::size_t body = 0;          // bytes
    bool errors_as_json = false;   // else a sentence
  };
  using Answerer = std::function<boost::asio::awaitable<Page>(Request)>;

  /// `listening`: a socket, which it owns from now on; of family AF_UNIX: Request::peer is known.
  HttpAcceptor(boost::asio::any_io_executor executor, int listening, Limits limits, Answerer answer);
  /// As close(); connections may outlive it.
  ~HttpAcceptor();
  HttpAcceptor(HttpAcceptor const&) = delete;
  HttpAcceptor& operator=(HttpAcceptor const&) = delete;

  /// Takes no more connections and parts with peers who have not asked yet; who waits for an answer gets it.
  /// `when_idle`: called once, when no connection is left; it may be so at once.
  void close(std::function<void()> when_idle = {});

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace dirsync::control
