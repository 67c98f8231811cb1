#pragma once
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "sync/http/client.hpp"

namespace dirsync::http {

/// One attempt at a request, for logs: neither headers nor bodies nor their lengths, and no name or id. Lives
/// during the call that tells it.
struct RequestEvent {
  std::string_view target;  // ClientSettings::target
  Method method{};
  std::string_view host;   // "pvwa.example.com:8443"
  std::string_view route;  // Request::route; empty where the request has none
  int attempt = 0;         // from 1
  std::optional<int> status;
  std::optional<boost::system::error_code> error;  // instead of a status
  std::chrono::milliseconds time{};                // from its turn to its end
};
/// Thread: event loop.
using RequestLog = std::function<void(RequestEvent const&)>;

}  // namespace dirsync::http
