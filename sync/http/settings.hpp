#pragma once
#include <string>
#include <vector>

#include "sync/model/connection.hpp"

namespace dirsync::http {

struct Pace {
  int concurrency = 4;
  double requests_per_second = 20;
};

struct ClientSettings {
  std::string target;  // name, for logs
  std::vector<std::string>
      urls;  // base URLs without trailing slash; tried in order when one cannot be reached
  Tls tls;
  Timeouts timeouts;
  Retry retry;
  Pace pace;
  std::string proxy;                      // empty: from the environment (https_proxy, no_proxy)
  std::size_t largest_body = 512U << 20;  // bytes
};

}  // namespace dirsync::http
