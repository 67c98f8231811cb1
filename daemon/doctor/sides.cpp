#include "daemon/doctor/sides.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "daemon/doctor/machine.hpp"
#include "sync/http/client.hpp"
#include "sync/model/join.hpp"

namespace dirsync::doctor {
namespace {

using Step = ldap::ServerFinding::Step;

/// What became of one server of a side.
struct Reached {
  std::string server;
  bool is_encrypted = true;
  std::optional<Step> failed_at;
  std::optional<Error> error;
};

bool came_past(Reached const& server, Step step) { return !server.failed_at || *server.failed_at > step; }
bool failed_at(Reached const& server, Step step) { return server.failed_at == step; }

std::string show_of(Step step, Reached const& server, Tls const& tls, std::string const& log_on,
                    bool starttls) {
  switch (step) {
    case Step::address:
      return name_look_up(server.server);
    case Step::connection:
      return port_look(server.server);
    case Step::tls:
      return openssl(server.server, tls.ca_file, starttls);
    case Step::logon:
      return log_on;
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
             "bears the host's name and has not expired";
    case Step::logon:
      return "check the account and its password";
  }
  return "";
}

/// One step for all servers of a side: fails when none came past it, warns when one of several did not.
void judge_step(Step step, std::vector<Reached> const& servers, Tls const& tls, std::string const& log_on,
                bool starttls, CheckList& checks) {
  auto const& id = connection_steps()[static_cast<std::size_t>(step)];
  std::vector<std::string> good;
  auto asked = false;
  for (auto const& server : servers) {
    asked = asked || came_past(server, step) || failed_at(server, step);
    if (came_past(server, step)) good.push_back(server.server);
  }
  if (!asked) return checks.skip(id, "no server could be asked so far");
  for (auto const& server : servers) {
    if (!failed_at(server, step)) continue;
    auto told = told_by(*server.error);
    auto remedy = told.remedy.empty() ? std::string{remedy_of(step)} : told.remedy;
    if (step == Step::tls) remedy += ". The command that is shown tells until when it is valid";
    auto const text = server.server + ": " + told.what;
    auto const show = show_of(step, server, tls, log_on, starttls);
    if (good.empty())
      checks.fail(id, text, remedy, show);
    else
      checks.warn(id, text + "; another server serves instead", remedy, show);
  }
  if (good.empty()) return;
  auto const encrypted = std::ranges::any_of(servers, &Reached::is_encrypted);
  if (step == Step::tls && !encrypted) return checks.skip(id, "these settings ask for no TLS");
  Reached const first{.server = good.front(), .failed_at = {}, .error = {}};
  checks.ok(id, good_words(step) + join(good, ", "), show_of(step, first, tls, log_on, starttls));
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
  auto const in_days = text + ", in " + std::to_string(left) + " days";
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
  ldap::ServerFinding const* ends_first = nullptr;
  for (auto const& server : found.servers) {
    servers.push_back({.server = server.uri,
                       .is_encrypted = server.is_encrypted,
                       .failed_at = server.failed_at,
                       .error = server.error});
    if (server.certificate &&
        (ends_first == nullptr || server.certificate->not_after < ends_first->certificate->not_after))
      ends_first = &server;
  }
  if (servers.empty()) {
    checks.fail("names", "no server is known", "set uris or srv");
    return false;
  }
  LdapAccess const access{settings, servers.front().server, password_file};
  auto const log_on = ldapsearch(access, "", ldap::Scope::base, "(objectClass=*)", {"+"});
  for (auto const step : {Step::address, Step::connection, Step::tls, Step::logon})
    judge_step(step, servers, settings.tls, log_on, settings.starttls, checks);
  if (ends_first != nullptr)
    judge_certificate(*ends_first->certificate, now,
                      openssl(ends_first->uri, settings.tls.ca_file, settings.starttls), checks);
  else if (std::ranges::any_of(servers, &Reached::is_encrypted))
    checks.skip("certificate", "no server showed one that is accepted");
  if (found.server_time)
    judge_clock(found.server, found.our_time - *found.server_time,
                settings.bind.method == ldap::Bind::Method::gssapi, checks);
  return !found.server.empty();
}

bool judge_urls(std::vector<UrlFinding> const& urls, Tls const& tls, Time now, CheckList& checks) {
  std::vector<Reached> servers;
  UrlFinding const* answered = nullptr;
  std::optional<PeerCertificate> ends_first;
  for (auto const& url : urls) {
    auto& server = servers.emplace_back();
    server.server = url.url;
    server.is_encrypted = !url.url.starts_with("http://");
    if (url.error) {
      server.failed_at = http_step_of(*url.error);
      server.error = url.error;
    } else if (answered == nullptr) {
      answered = &url;
    }
    if (url.certificate && (!ends_first || url.certificate->not_after < ends_first->not_after))
      ends_first = url.certificate;
  }
  for (auto const step : {Step::address, Step::connection, Step::tls})
    judge_step(step, servers, tls, {}, false, checks);
  if (ends_first)
    judge_certificate(*ends_first, now, openssl(urls.front().url, tls.ca_file, false), checks);
  else
    checks.skip("certificate", "no server showed one that is accepted");
  if (answered != nullptr && answered->ahead) judge_clock(answered->url, *answered->ahead, false, checks);
  return answered != nullptr;
}

void judge_token_url(UrlFinding const& url, Tls const& tls, CheckList& checks) {
  auto const show = curl(url.url, tls);
  if (url.error)
    checks.fail("token-url", *url.error, "correct auth.token_url, and see the firewalls between", show);
  else
    checks.ok("token-url", "something answers there: " + url.url, show);
}

}  // namespace dirsync::doctor
