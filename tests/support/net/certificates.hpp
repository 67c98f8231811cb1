#pragma once
#include <filesystem>
#include <string>

namespace dirsync::test {

struct CertificateOptions {
  std::string subject_names = "DNS:localhost,IP:127.0.0.1,IP:127.0.0.10";  // as OpenSSL writes subjectAltName
  bool expired = false;
  std::string client{};  // common name of a client's certificate, for SASL EXTERNAL; empty: none is made
};

struct CertificateFiles {
  std::filesystem::path ca_file;                            // PEM, to be trusted by clients
  std::filesystem::path cert_file;                          // PEM, of the server
  std::filesystem::path key_file;                           // PEM, mode 0600
  std::filesystem::path client_cert_file, client_key_file;  // PEM; when CertificateOptions::client is set
};

/// Makes a CA and a server certificate of it (EC P-256, valid for a day) in `folder`; the CA's key is not
/// kept. Throws std::runtime_error.
CertificateFiles make_certificates(std::filesystem::path const& folder,
                                   CertificateOptions const& options = {});

}  // namespace dirsync::test
