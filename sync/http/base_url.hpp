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

/// Whether the settings fit together. The files are looked at with each connection: one that is just being
/// replaced is there again for the next.
/// Errors: HttpErrc::bad_setup naming the key.
Result<void> check_tls(Tls const& tls);

}  // namespace dirsync::http
