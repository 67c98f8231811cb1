#include "daemon/doctor/sides.hpp"

#include <algorithm>

#include "daemon/doctor/machine.hpp"
#include "daemon/doctor/refused_certificate.hpp"
#include "sync/http/client.hpp"
#include "sync/model/counted.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::doctor {
namespace {

using Step = ldap::ServerFinding::Step;

/// What became of one server of a side.
struct Reached {
  std::string server;
  bool is_encrypted = true;
  std::optional<Step> failed_at;
  Told told;           // with `failed_at`
  std::string log_on;  // command line of its log-on
};

bool came_past(Reached const& server, Step step) { return !server.failed_at || *server.failed_at > step; }
bool failed_at(Reached const& server, Step step) { return server.failed_at == step; }

std::string show_of(Step step, Reached const& server, Tls const& tls, bool starttls) {
  switch (step) {
    case Step::address:
      return name_look_up(server.server);
    case Step::connection:
      return port_look(server.server);
    case Step::tls:
      return handshake(server.server, tls, starttls);
    case Step::logon:
      return server.log_on;
  }
  return {};
}

char const* good_words(Step step) {
  switch (step) {
    case Step::address:
      return "the name has an address: ";
    case Step::connection:
      return "something listens there: ";
    case Step::tls:
      return "the server's certificate is trusted and bears its name: ";
    case Step::logon:
      return "the logon is accepted: ";
  }
  return "";
}

char const* remedy_of(Step step) {
  switch (step) {
    case Step::address:
      return "correct the name, or let the DNS know it";
    case Step::connection:
      return "check that the server runs and listens there, and the firewalls between";
    case Step::tls:
      return "set tls.ca_file to the CA that signed the server's certificate, and see that the certificate "
             "bears the host's name and is valid now";
    case Step::logon:
      return "check the account and its password";
  }
  return "";
}

/// One step of each server of a side that came so far: one that did not come past it fails, or warns where
/// another one did.
void judge_step(Step step, std::vector<Reached> const& servers, Tls const& tls, bool starttls,
                CheckList& checks) {
  auto const& id = connection_steps()[static_cast<std::size_t>(step)];
  auto const is_served =
      std::ranges::any_of(servers, [step](Reached const& server) { return came_past(server, step); });
  auto asked = false;
  for (auto const& server : servers) {
    auto const show = show_of(step, server, tls, starttls);
    if (failed_at(server, step)) {
      asked = true;
      auto const text = server.server + ": " + server.told.what;
      auto const remedy = server.told.remedy.empty() ? std::string{remedy_of(step)} : server.told.remedy;
      if (is_served)
        checks.warn(id, text + "; another server serves instead", remedy, show);
      else
        checks.fail(id, text, remedy, show);
    } else if (came_past(server, step)) {
      asked = true;
      if (step == Step::tls && !server.is_encrypted)
        checks.skip(id, server.server + " is reached without TLS, as the settings say");
      else if (step == Step::tls && !tls.verify)
        checks.skip(id, "the certificate of " + server.server + " is not verified, as tls.verify says");
      else
        checks.ok(id, good_words(step) + server.server, show);
    }
  }
  if (!asked) checks.skip(id, "no server could be asked so far");
}

/// What each server shows of itself, where it is accepted.
class Certificates {
 public:
  Certificates(Tls const& tls, bool starttls, Time now) : tls_(tls), starttls_(starttls), now_(now) {}

  void judge(std::string const& server, PeerCertificate const& certificate, CheckList& checks) {
    is_any_ = true;
    judge_certificate(certificate, now_, certificate_dates(server, tls_, starttls_), checks);
  }
  void end(CheckList& checks) const {
    if (!is_any_) checks.skip("certificate", "no server showed one that is accepted");
  }

 private:
  Tls const& tls_;
  bool starttls_;
  Time now_;
  bool is_any_ = false;
};

/// TLS libraries may refuse a certificate without a reason.
Told told_of(ldap::ServerFinding const& server, Tls const& tls, Time now) {
  if (!server.refused_certificate.empty())
    if (auto why = why_refused(server.refused_certificate, tls, host_and_port(server.uri).host, now))
      return std::move(*why);
  return told_by(*server.error);
}

void judge_discovery(ldap::Examination const& found, ldap::Settings const& settings, CheckList& checks) {
  checks.fail("names", *found.discovery, "let the DNS name the servers, or set uris instead of srv",
              "dig +short SRV " + quoted_word("_ldaps._tcp." + settings.srv) + " " +
                  quoted_word("_ldap._tcp." + settings.srv));
  checks.skip_after("names", {"connection", "tls", "log-on"});
}

/// A step of HTTP by the kind of error.
Step http_step_of(Error const& error) {
  if (error.code == http::HttpErrc::tls_failed) return Step::tls;
  if (error.code == http::HttpErrc::bad_setup)
    return error.context.find("tls.") == std::string::npos ? Step::address : Step::tls;
  // libcurl has one code for all of it and says "Could not resolve host", or "Resolving timed out".
  if (error.context.find("resolve") != std::string::npos ||
      error.context.find("Resolving") != std::string::npos)
    return Step::address;
  return Step::connection;
}

}  // namespace

std::vector<std::string> const& connection_steps() {
  static std::vector<std::string> const ids{"names", "connection", "tls", "log-on"};
  return ids;
}

void judge_certificate(PeerCertificate const& certificate, Time now, std::string const& show,
                       CheckList& checks) {
  using std::chrono::days;
  auto const left = std::chrono::floor<days>(certificate.not_after - now).count();
  auto const text = certificate.server + ": " + certificate.subject + ", issued by " + certificate.issuer +
                    ", ends " + rfc3339(certificate.not_after);
  if (certificate.not_after <= now)
    return checks.fail("certificate", text + ": it has expired", "renew it on the server", show);
  auto const in_days = text + ", in " + counted(static_cast<std::uint64_t>(left), "day", "days");
  if (left < 30)
    return checks.warn("certificate", in_days, "renew it on the server before nothing can be read any more",
                       show);
  checks.ok("certificate", in_days, show);
}

bool judge_servers(ldap::Examination const& found, ldap::Settings const& settings,
                   std::string const& password_file, Time now, CheckList& checks) {
  if (found.discovery) {
    judge_discovery(found, settings, checks);
    return false;
  }
  std::vector<Reached> servers;
  for (auto const& server : found.servers) {
    auto& reached = servers.emplace_back();
    reached.server = server.uri;
    reached.is_encrypted = server.is_encrypted;
    reached.failed_at = server.failed_at;
    if (server.failed_at) reached.told = told_of(server, settings.tls, now);
    reached.log_on =
        ldapsearch({settings, server.uri, password_file}, "", ldap::Scope::base, "(objectClass=*)", {"+"});
  }
  if (servers.empty()) {
    checks.fail("names", "no server is known", "set uris or srv");
    return false;
  }
  for (auto const step : {Step::address, Step::connection, Step::tls, Step::logon})
    judge_step(step, servers, settings.tls, settings.starttls, checks);
  Certificates certificates{settings.tls, settings.starttls, now};
  for (auto const& server : found.servers)
    if (server.certificate) certificates.judge(server.uri, *server.certificate, checks);
  if (std::ranges::any_of(servers, &Reached::is_encrypted)) certificates.end(checks);
  if (found.server_time)
    judge_clock(found.server, found.our_time - *found.server_time,
                settings.bind.method == ldap::Bind::Method::gssapi, checks);
  return !found.server.empty();
}

bool judge_urls(std::vector<UrlFinding> const& urls, Tls const& tls, Time now, CheckList& checks) {
  std::vector<Reached> servers;
  for (auto const& url : urls) {
    auto& server = servers.emplace_back();
    server.server = url.url;
    server.is_encrypted = !url.url.starts_with("http://");
    if (!url.error) continue;
    server.failed_at = http_step_of(*url.error);
    server.told = told_by(*url.error);
  }
  for (auto const step : {Step::address, Step::connection, Step::tls})
    judge_step(step, servers, tls, false, checks);
  Certificates certificates{tls, false, now};
  for (auto const& url : urls)
    if (url.certificate) certificates.judge(url.url, *url.certificate, checks);
  certificates.end(checks);
  for (auto const& url : urls)
    if (!url.error && url.ahead) judge_clock(url.url, *url.ahead, false, checks);
  return std::ranges::any_of(urls, [](UrlFinding const& url) { return !url.error; });
}

void judge_token_url(UrlFinding const& url, Tls const& tls, CheckList& checks) {
  auto const show = curl(url.url, tls);
  if (url.error)
    checks.fail("token-url", *url.error, "correct auth.token_url, and see the firewalls between", show);
  else
    checks.ok("token-url", "something answers there: " + url.url, show);
}

}  // namespace dirsync::doctor
