#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dirsync::http {

struct TlsSettings {
  std::string ca_file, ca_dir;      // both empty: the system's CAs
  std::string min_version = "1.2";  // "1.2" or "1.3"
  std::string cert_file, key_file;  // client certificate
  bool verify = true;               // false only with i_accept_the_risk
  bool plaintext = false;           // http:// allowed
};

struct Timeouts {
  std::chrono::milliseconds connect{10'000}, idle{30'000}, total{300'000};
};

struct Retry {
  int attempts = 4;  // in all, the first included
  std::chrono::milliseconds first{500}, longest{60'000};
};

struct Pace {
  int concurrency = 4;
  double requests_per_second = 20;
};

struct ClientSettings {
  std::string target;  // name, for logs
  std::vector<std::string>
      urls;  // base URLs without trailing slash; tried in order when one cannot be reached
  TlsSettings tls;
  Timeouts timeouts;
  Retry retry;
  Pace pace;
  std::string proxy;                      // empty: from the environment (https_proxy, no_proxy)
  std::size_t largest_body = 512U << 20;  // bytes
};

}  // namespace dirsync::http
