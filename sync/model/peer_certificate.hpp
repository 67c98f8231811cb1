#pragma once
// What a server shows of itself in a TLS handshake, and until when it can.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/time.hpp"

namespace dirsync {

struct PeerCertificate {
  std::string server;           // whose handshake it was: a URI, or host and port
  std::string subject, issuer;  // as RFC 4514 writes names: "CN=pvwa.example.com,O=Example"
  Time not_after;               // the last moment of its validity; those beyond the year 2261 are its end
  Time not_before{};            // the first
};
/// Told after each handshake that was accepted. Thread: that of the source.
using CertificateLog = std::function<void(PeerCertificate const&)>;

/// Nothing when `der` (X.690) is no certificate, or one whose begin or end is no date. `server` stays empty.
std::optional<PeerCertificate> parse_der_certificate(std::string_view der);
/// The same of "-----BEGIN CERTIFICATE-----..." (RFC 7468); text before it does not count.
std::optional<PeerCertificate> parse_pem_certificate(std::string_view pem);

/// The one of a server's chain, its own first, whose end comes first. Others that ended before `now` do not
/// count: the handshake was accepted without them. Nothing for an empty chain.
std::optional<PeerCertificate> first_to_expire(std::vector<PeerCertificate> const& chain, Time now);

}  // namespace dirsync
