#include "sync/model/peer_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>
#include <ctime>
#include <memory>

namespace dirsync {
namespace {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free>>;

std::string name_text(X509_NAME const* name) {
  constexpr unsigned long kReadable = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  BioPtr const sink{BIO_new(BIO_s_mem())};
  if (!sink || X509_NAME_print_ex(sink.get(), name, 0, kReadable) < 0) return {};
  char* data = nullptr;
  auto const size = BIO_get_mem_data(sink.get(), &data);
  return data == nullptr ? std::string{} : std::string{data, static_cast<std::size_t>(size)};
}

/// RFC 5280, 4.1.2.5: 99991231235959Z stands for no end, and is more than Time holds.
std::optional<Time> time_of(ASN1_TIME const* written) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(written, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  year_month_day const date{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                            day{static_cast<unsigned>(parts.tm_mday)}};
  if (!date.ok()) return std::nullopt;
  constexpr year_month_day kLast{year{2261}, month{12}, day{31}};
  constexpr year_month_day kFirst{year{1678}, month{1}, day{1}};
  if (date > kLast) return sys_days{kLast};
  if (date < kFirst) return sys_days{kFirst};
  return sys_days{date} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

std::optional<PeerCertificate> values_of(X509 const* certificate) {
  if (certificate == nullptr) return std::nullopt;
  auto const end = time_of(X509_get0_notAfter(certificate));
  auto const begin = time_of(X509_get0_notBefore(certificate));
  if (!begin || !end) return std::nullopt;
  return PeerCertificate{.server = {},
                         .subject = name_text(X509_get_subject_name(certificate)),
                         .issuer = name_text(X509_get_issuer_name(certificate)),
                         .not_after = *end,
                         .not_before = *begin};
}

}  // namespace

std::optional<PeerCertificate> parse_der_certificate(std::string_view der) {
  if (der.size() > LONG_MAX) return std::nullopt;
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  X509Ptr const certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  return values_of(certificate.get());
}

std::optional<PeerCertificate> parse_pem_certificate(std::string_view pem) {
  if (pem.size() > INT_MAX) return std::nullopt;
  BioPtr const source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (!source) return std::nullopt;
  X509Ptr const certificate{PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)};
  return values_of(certificate.get());
}

std::optional<PeerCertificate> first_to_expire(std::vector<PeerCertificate> const& chain, Time now) {
  if (chain.empty()) return std::nullopt;
  auto const* first = &chain.front();
  for (auto const& each : chain)
    if (each.not_after >= now && each.not_after < first->not_after) first = &each;
  return *first;
}

}  // namespace dirsync
