#include "tests/support/net/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace dirsync::test {
namespace {
template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, FreeWith<std::fclose>>;

constexpr long kDay = 24L * 3600;

void require(bool good, std::string const& what) {
  if (!good) throw std::runtime_error{"certificates: " + what};
}

Key make_key() {
  Key key{EVP_EC_gen("P-256")};
  require(key != nullptr, "no key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  Extension const extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension " + value);
}

Certificate make_certificate(std::string const& name, EVP_PKEY* key, long first_second, long last_second) {
  Certificate certificate{X509_new()};
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), first_second);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), last_second);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "signature");
}

File open_file(std::filesystem::path const& path) {
  File file{std::fopen(path.c_str(), "w")};
  require(file != nullptr, "cannot write " + path.string());
  return file;
}

struct Issuer {
  X509* certificate;
  EVP_PKEY* key;
};

struct Subject {
  std::string name, usage;
  std::string other_names;  // subjectAltName; may be empty
  long last_second;
};

/// A certificate of the CA and its key, in files.
void issue(Issuer const& issuer, Subject const& subject, std::filesystem::path const& cert_file,
           std::filesystem::path const& key_file) {
  auto const key = make_key();
  auto const certificate = make_certificate(subject.name, key.get(), -kDay / 2, subject.last_second);
  add_extension(certificate.get(), issuer.certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer.certificate, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), issuer.certificate, NID_ext_key_usage, subject.usage);
  if (!subject.other_names.empty())
    add_extension(certificate.get(), issuer.certificate, NID_subject_alt_name, subject.other_names);
  add_extension(certificate.get(), issuer.certificate, NID_authority_key_identifier, "keyid");
  sign(certificate.get(), issuer.certificate, issuer.key);
  require(PEM_write_X509(open_file(cert_file).get(), certificate.get()) == 1, "certificate file");
  auto const file = open_file(key_file);
  std::filesystem::permissions(key_file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  require(PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "key file");
}
}  // namespace

CertificateFiles make_certificates(std::filesystem::path const& folder, CertificateOptions const& options) {
  auto const ca_key = make_key();
  auto const ca = make_certificate("dirsyncd test CA", ca_key.get(), -kDay, kDay);
  add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  sign(ca.get(), ca.get(), ca_key.get());

  CertificateFiles files{folder / "ca.pem", folder / "server.pem", folder / "server.key", {}, {}};
  require(PEM_write_X509(open_file(files.ca_file).get(), ca.get()) == 1, "CA file");
  Issuer const issuer{ca.get(), ca_key.get()};
  issue(issuer, {"localhost", "serverAuth", options.subject_names, options.expired ? -kDay / 4 : kDay / 2},
        files.cert_file, files.key_file);
  if (options.client.empty()) return files;
  files.client_cert_file = folder / "client.pem";
  files.client_key_file = folder / "client.key";
  issue(issuer, {options.client, "clientAuth", "", kDay / 2}, files.client_cert_file, files.client_key_file);
  return files;
}

}  // namespace dirsync::test
