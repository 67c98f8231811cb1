#include "daemon/doctor/refused_certificate.hpp"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <ctime>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "sync/model/join.hpp"
#include "sync/model/peer_certificate.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace {

constexpr std::size_t kShownOfMany = 3;

struct FreeOpenssl {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

Owned<X509> certificate_of(std::string_view der) {
  if (der.size() > LONG_MAX) return nullptr;
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  return Owned<X509>{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  auto const size = i2d_X509(certificate, &bytes);
  Owned<unsigned char> const owned{bytes};
  return size > 0 ? std::string{reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)}
                  : std::string{};
}

std::string few_of(std::vector<std::string> names) {
  auto const rest = names.size() - std::min(names.size(), kShownOfMany);
  names.resize(names.size() - rest);
  return join(names, ", ") + (rest == 0 ? std::string{} : " and " + std::to_string(rest) + " more");
}

// --- who signed it ---

/// Every file of a folder, as libldap takes them, whatever their names.
void add_folder(X509_STORE* store, std::string const& folder) {
  std::error_code failed;
  for (std::filesystem::directory_iterator at{folder, failed}, end; !failed && at != end;
       at.increment(failed))
    X509_STORE_load_file(store, at->path().c_str());
}

/// The CAs that are trusted.
Owned<X509_STORE> store_of(Tls const& tls) {
  Owned<X509_STORE> store{X509_STORE_new()};
  if (store == nullptr) return store;
  if (tls.ca_file.empty() && tls.ca_dir.empty()) X509_STORE_set_default_paths(store.get());
  if (!tls.ca_file.empty()) X509_STORE_load_file(store.get(), tls.ca_file.c_str());
  if (!tls.ca_dir.empty()) add_folder(store.get(), tls.ca_dir);
  ERR_clear_error();  // a file that cannot be used is told by a check of its own
  return store;
}

std::string subjects_in(X509_STORE* store) {
  std::vector<std::string> names;
  auto const* const objects = X509_STORE_get0_objects(store);
  for (int at = 0; at < sk_X509_OBJECT_num(objects); ++at) {
    auto* const certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, at));
    if (certificate == nullptr) continue;
    if (auto const read = parse_der_certificate(der_of(certificate)))
      names.push_back(printable(read->subject));
  }
  return few_of(std::move(names));
}

/// X509_V_OK, or what is wrong with the chain; without a look at the clock where `checks_time` is false. The
/// server's certificates between its own and the CA are not known here.
int verdict_on(X509* certificate, X509_STORE* store, Time now, bool checks_time) {
  Owned<X509_STORE_CTX> const context{X509_STORE_CTX_new()};
  if (context == nullptr || X509_STORE_CTX_init(context.get(), store, certificate, nullptr) != 1)
    return X509_V_ERR_UNSPECIFIED;
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
  // Not both: a time that is set is looked at whatever the flags say.
  if (checks_time)
    X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(now));
  else
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME);
  auto const is_good = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  return is_good ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
}

bool is_without_issuer(int verdict) {
  return verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         verdict == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

std::string trusted_in_words(Tls const& tls, X509_STORE* store) {
  if (tls.ca_file.empty() && tls.ca_dir.empty()) return "the system's CAs";
  if (tls.ca_file.empty()) return "the CAs in " + printable(tls.ca_dir);
  auto const subjects = subjects_in(store);
  return "the CAs in " + printable(tls.ca_file) + " (" + (subjects.empty() ? "there are none" : subjects) +
         ")";
}

Told of_chain(int verdict, PeerCertificate const& shown, Tls const& tls, X509_STORE* store) {
  if (verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
    return {"it is signed by itself, and is none of " + trusted_in_words(tls, store),
            "give the server a certificate of your CA, or put this one into the file that tls.ca_file names"};
  if (is_without_issuer(verdict) || verdict == X509_V_ERR_CERT_SIGNATURE_FAILURE)
    return {"its issuer is unknown: it is signed by none of " + trusted_in_words(tls, store),
            "put the CA that signed it, " + printable(shown.issuer) +
                ", into the file that tls.ca_file names, or let the server send the certificates between it "
                "and that CA"};
  return {std::string{"it cannot be trusted: "} + X509_verify_cert_error_string(verdict),
          "give the server another certificate, or renew that of the CA"};
}

// --- whom it names ---

bool bears(X509* certificate, std::string const& host) {
  constexpr int kIsNoAddress = -2;
  auto const by_address = X509_check_ip_asc(certificate, host.c_str(), 0);
  if (by_address != kIsNoAddress) return by_address == 1;
  return X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1;
}

std::string address_in(ASN1_STRING const* bytes) {
  auto const size = ASN1_STRING_length(bytes);
  std::array<char, INET6_ADDRSTRLEN> text{};
  auto const family = size == 4 ? AF_INET : AF_INET6;
  if (size != 4 && size != 16) return {};
  auto const* const written = ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return written == nullptr ? std::string{} : std::string{written};
}

/// Names and addresses in subjectAltName.
std::string names_in(X509 const* certificate) {
  Owned<GENERAL_NAMES> const all{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> names;
  for (int at = 0; at < sk_GENERAL_NAME_num(all.get()); ++at) {
    auto const* const name = sk_GENERAL_NAME_value(all.get(), at);
    if (name->type == GEN_DNS)
      names.push_back(printable({reinterpret_cast<char const*>(ASN1_STRING_get0_data(name->d.dNSName)),
                                 static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))}));
    else if (name->type == GEN_IPADD)
      names.push_back(address_in(name->d.iPAddress));
  }
  return few_of(std::move(names));
}

Told of_name(X509 const* certificate, PeerCertificate const& shown, std::string const& host) {
  auto const names = names_in(certificate);
  return {
      "it bears another name than " + printable(host) + ": " +
          (names.empty() ? printable(shown.subject) : names),
      "write the server's name as its certificate bears it, or give the server a certificate that bears " +
          printable(host)};
}

}  // namespace

std::optional<Told> why_refused(std::string_view der, Tls const& tls, std::string const& host, Time now) {
  auto const certificate = certificate_of(der);
  auto const shown = parse_der_certificate(der);
  auto const store = store_of(tls);
  if (certificate == nullptr || !shown || store == nullptr) return std::nullopt;
  std::vector<Told> faults;
  if (!bears(certificate.get(), host)) faults.push_back(of_name(certificate.get(), *shown, host));
  if (shown->not_after < now)
    faults.push_back({"it has expired, on " + rfc3339(shown->not_after), "renew it on the server"});
  if (shown->not_before > now)
    faults.push_back({"it is not valid yet, but from " + rfc3339(shown->not_before),
                      "correct this machine's clock, or the server's certificate"});
  auto const chain = verdict_on(certificate.get(), store.get(), now, false);
  // Beside another fault it may well be that the server sends what is between it and a CA of ours.
  if (chain != X509_V_OK && (faults.empty() || !is_without_issuer(chain)))
    faults.push_back(of_chain(chain, *shown, tls, store.get()));
  if (faults.empty())  // what is left is the time of a CA's
    if (auto const verdict = verdict_on(certificate.get(), store.get(), now, true); verdict != X509_V_OK)
      faults.push_back(of_chain(verdict, *shown, tls, store.get()));
  if (faults.empty()) return std::nullopt;
  auto const what = [](Told const& fault) { return fault.what; };
  auto const remedy = [](Told const& fault) { return fault.remedy; };
  return Told{"the server's certificate (" + printable(shown->subject) + ", issued by " +
                  printable(shown->issuer) + ") is refused: " + join(faults, "; ", what),
              join(faults, "; ", remedy)};
}

}  // namespace dirsync::doctor
