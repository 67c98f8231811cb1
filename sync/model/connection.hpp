#pragma once
// How dirsyncd reaches a server, a directory's as well as a target's. Plain values, filled in from the
// configuration (docs/configuration.md: tls, timeouts, retry), copied as wholes and used where they are
// needed.
#include <chrono>
#include <string>

namespace dirsync {

struct Tls {
  std::string ca_file, ca_dir;      // absolute paths; both empty: the system's CAs
  std::string min_version = "1.2";  // "1.2" or "1.3"
  std::string cert_file, key_file;  // absolute paths of a client certificate and its key; both or none
  bool verify = true;               // false only where the configuration accepts the risk
  bool plaintext = false;           // a password may travel without TLS
};

/// `connect`: one server, its TLS handshake included. `idle`: until the next complete answer.
/// `total`: one attempt. From 10 ms each; `connect` and `idle` to 1 h, `total` to 24 h.
struct Timeouts {
  std::chrono::milliseconds connect{10'000}, idle{30'000}, total{300'000};
};

/// The pause before the next attempt: `first`, then twice as long each time, never above `longest`.
struct Retry {
  int attempts = 4;  // 1 to 20 in all, the first included
  std::chrono::milliseconds first{500}, longest{60'000};
};

}  // namespace dirsync
