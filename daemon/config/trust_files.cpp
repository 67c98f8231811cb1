#include "daemon/config/trust_files.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "daemon/config/problem.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {
namespace {

struct Free {
  void operator()(BIO* file) const noexcept { BIO_free(file); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using File = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Error unusable(std::string const& key, std::string const& file, std::string const& why) {
  return {ConfigErrc::unreadable, key + ": \"" + printable(file) + "\" " + why};
}

/// No question for a passphrase at a terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

/// The first certificate of a PEM file; an error as well where one behind it is damaged.
Result<Certificate> first_certificate(std::string const& key, std::string const& path) {
  File const file{BIO_new_file(path.c_str(), "r")};
  if (file == nullptr) return unusable(key, path, "cannot be opened; correct the path, or its rights");
  Certificate first{PEM_read_bio_X509(file.get(), nullptr, no_passphrase, nullptr)};
  if (first == nullptr)
    return unusable(key, path,
                    "holds no certificate in PEM; put the right file there (-----BEGIN CERTIFICATE-----)");
  ERR_clear_error();
  while (Certificate{PEM_read_bio_X509(file.get(), nullptr, no_passphrase, nullptr)} != nullptr) continue;
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
    return unusable(key, path, "holds a damaged certificate; put the right file there");
  return first;
}

Result<void> check(std::string const& side, Tls const& tls) {
  if (!tls.ca_file.empty())
    if (auto const good = check_certificates(side + ".tls.ca_file", tls.ca_file); !good) return good;
  if (tls.cert_file.empty()) return {};
  if (auto const good = check_certificates(side + ".tls.cert_file", tls.cert_file); !good) return good;
  return check_key(side + ".tls.key_file", tls);
}

}  // namespace

Result<void> check_certificates(std::string const& key, std::string const& path) {
  auto const found = first_certificate(key, path);
  if (!found) return found.error();
  return {};
}

Result<void> check_key(std::string const& name, Tls const& tls) {
  auto const certificate = first_certificate(name, tls.cert_file);
  if (!certificate) return certificate.error();
  File const file{BIO_new_file(tls.key_file.c_str(), "r")};
  if (file == nullptr)
    return unusable(name, tls.key_file, "cannot be opened; correct the path, or its rights");
  Key const key{PEM_read_bio_PrivateKey(file.get(), nullptr, no_passphrase, nullptr)};
  if (key == nullptr)
    return unusable(name, tls.key_file,
                    "holds no private key in PEM without a passphrase; put the right file there");
  if (X509_check_private_key(certificate->get(), key.get()) != 1)
    return unusable(name, tls.key_file,
                    "is not the key of the certificate in \"" + printable(tls.cert_file) +
                        "\"; put the two that belong together there");
  return {};
}

Result<void> check_trust_files(Config const& config) {
  for (auto const& [name, directory] : config.directories)
    if (auto const good = check("directory." + name, directory.ldap.tls); !good) return good;
  for (auto const& [name, target] : config.targets) {
    auto const& tls =
        std::visit([](auto const& settings) -> Tls const& { return settings.http.tls; }, target.settings);
    if (auto const good = check("target." + name, tls); !good) return good;
  }
  for (auto const& notify : config.service.notify) {
    auto const* const webhook = std::get_if<Webhook>(&notify.way);
    if (webhook == nullptr || webhook->ca_file.empty()) continue;
    if (auto const good = check_certificates("service.notify.ca_file", webhook->ca_file); !good) return good;
  }
  return {};
}

}  // namespace dirsync::config
