#pragma once
#include <string>

#include "sync/http/settings.hpp"
#include "sync/model/error.hpp"

namespace dirsync::http {

struct BaseUrl {
  std::string text;  // without trailing slash
};

/// Errors: HttpErrc::bad_setup for anything but a plain https URL (http with Tls::plaintext).
Result<BaseUrl> parse_base_url(std::string const& url, Tls const& tls);

/// Errors: HttpErrc::bad_setup naming the key that cannot be used, unreadable_file with key and file.
Result<void> check_tls(Tls const& tls);

}  // namespace dirsync::http
