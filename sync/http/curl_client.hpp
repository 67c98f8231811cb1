#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "sync/http/client.hpp"
#include "sync/http/request_event.hpp"
#include "sync/http/settings.hpp"
#include "sync/http/writes_in_hand.hpp"
#include "sync/model/peer_certificate.hpp"

namespace dirsync::http {

/// What a client takes from its surroundings; the defaults are the real things.
struct Surroundings {
  std::function<double()> jitter;                              // 0 up to 1
  std::function<std::chrono::system_clock::time_point()> now;  // for dates in Retry-After
  RequestLog on_request;                                       // told of each attempt
  /// Told of each new connection's chain by first_to_expire(), on the event loop.
  CertificateLog on_certificate;
  WritesInHand* writes = nullptr;  // counts there, and must outlive the client
};

/// A client on libcurl, with a thread of its own. Use and destroy it on the executor's one thread, with no
/// send() pending. Errors: HttpErrc::bad_setup naming the setting.
Result<std::unique_ptr<Client>> open_client(boost::asio::any_io_executor executor, ClientSettings settings,
                                            Surroundings surroundings = {});

}  // namespace dirsync::http
