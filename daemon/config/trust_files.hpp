#pragma once
// Whether the files of certificates and keys that a configuration names hold what they should.
#include <string>

#include "daemon/config/config.hpp"
#include "sync/model/error.hpp"

namespace dirsync::config {

/// A file of CAs, or of a client's certificate. `key` begins the error's text. Errors:
/// ConfigErrc::unreadable, with file and remedy: not there, no certificate in PEM in it, a damaged one.
Result<void> check_certificates(std::string const& key, std::string const& path);

/// tls.key_file, which belongs to tls.cert_file. Errors as above, and a key of another certificate.
Result<void> check_key(std::string const& key, Tls const& tls);

/// All that the configuration names, up to the first that cannot be used. Errors as above.
Result<void> check_trust_files(Config const& config);

}  // namespace dirsync::config
