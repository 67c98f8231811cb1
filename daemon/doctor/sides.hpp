#pragma once
// How far a connection to a side comes: names, connection, TLS, certificate, clock.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/doctor/check.hpp"
#include "daemon/doctor/show.hpp"
#include "ldap/examine/examination.hpp"
#include "sync/http/settings.hpp"
#include "sync/model/peer_certificate.hpp"

namespace dirsync::doctor {

/// Ids of what is looked at on the way to a side, in order.
std::vector<std::string> const& connection_steps();  // "names", "connection", "tls", "log-on"

/// Of a server's own certificate, by the days that are left.
void judge_certificate(PeerCertificate const& certificate, Time now, std::string const& show,
                       CheckList& checks);

/// names, connection, tls, log-on and certificate of each server of a directory, and its clock. Reads the CA
/// files where a certificate was refused. True when a server let us in.
bool judge_servers(ldap::Examination const& found, ldap::Settings const& settings,
                   std::string const& password_file, Time now, CheckList& checks);

/// One URL of a target, asked for without logging on.
struct UrlFinding {
  std::string url;
  std::optional<Error> error;  // none: something answered, whatever it said
  int status = 0;
  std::optional<std::chrono::milliseconds> ahead;  // our clock, of the answer's Date
  std::optional<PeerCertificate> certificate;
};
/// The same of a target, but for its log-on. True when something answered.
bool judge_urls(std::vector<UrlFinding> const& urls, Tls const& tls, Time now, CheckList& checks);
/// Where a token is asked for that opens the target.
void judge_token_url(UrlFinding const& url, Tls const& tls, CheckList& checks);

}  // namespace dirsync::doctor
