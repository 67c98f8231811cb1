#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "sync/http/settings.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::console {

/// The console allows few calls: no limit is documented, so our own is low.
inline http::ClientSettings default_http() {
  http::ClientSettings settings;
  settings.pace = {2, 5};
  return settings;
}

/// How long to wait between looks. The console gives no promise of reading its own writes at once.
struct Pauses {
  std::chrono::milliseconds look{650};      // three looks stay within two seconds
  std::chrono::milliseconds conflict{300};  // grows with each attempt; with jitter
};

struct Settings {
  http::ClientSettings http = default_http();
  std::string profile = "auto";      // auto, pulse-2.0, pulse-2.0.2, infer-3
  std::string api_version = "auto";  // "0.17"
  std::string organization;          // name; empty: the service user's own
  std::string org_domain;            // sent at login when one user name exists in several organizations
  std::string user;                  // local service user
  Secret password;
  std::vector<std::string> protected_groups;  // added to the built-in ones
  bool create_users = false;                  // for people who are no users yet
  int page_size = 30;
  std::string group_name_characters = " ._-,+@/";  // beside letters and digits
  Pauses pauses;
};

}  // namespace dirsync::console
