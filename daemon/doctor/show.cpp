#include "daemon/doctor/show.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "ldap/scope_name.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::doctor {
namespace {

char const* usual_port(std::string_view scheme) {
  if (scheme == "ldaps") return "636";
  if (scheme == "ldap") return "389";
  return scheme == "http" ? "80" : "443";
}

std::string environment_of(Tls const& tls) {
  std::string words;
  if (!tls.ca_file.empty()) words += "LDAPTLS_CACERT=" + quoted_word(tls.ca_file) + " ";
  if (!tls.cert_file.empty())
    words += "LDAPTLS_CERT=" + quoted_word(tls.cert_file) + " LDAPTLS_KEY=" + quoted_word(tls.key_file) + " ";
  return words;
}

/// ldapsearch takes a line end of the file for a part of the password, dirsyncd does not.
std::string password_of(LdapAccess const& access) {
  if (access.settings.bind.method != ldap::Bind::Method::simple || access.password_file.empty()) return {};
  return "tr -d '\\n' < " + quoted_word(access.password_file) + " | ";
}

std::string logon_of(LdapAccess const& access) {
  using Method = ldap::Bind::Method;
  switch (access.settings.bind.method) {
    case Method::anonymous:
      return " -x";
    case Method::simple:
      return " -x -D " + quoted_word(access.settings.bind.dn) +
             (access.password_file.empty() ? " -W" : " -y /dev/stdin");
    case Method::external:
      return " -Y EXTERNAL";
    case Method::gssapi:
      return " -Y GSSAPI";
  }
  return {};
}

bool is_address(std::string const& host) {
  in6_addr place{};
  return ::inet_pton(AF_INET, host.c_str(), &place) == 1 || ::inet_pton(AF_INET6, host.c_str(), &place) == 1;
}

/// What we ask of a server's certificate, as options of `openssl s_client`.
std::string verification(std::string const& host, Tls const& tls) {
  if (!tls.verify) return {};
  return (tls.ca_file.empty() ? "" : " -CAfile " + quoted_word(tls.ca_file)) +
         (tls.ca_dir.empty() ? "" : " -CApath " + quoted_word(tls.ca_dir)) +
         (is_address(host) ? " -verify_ip " : " -verify_hostname ") + quoted_word(host) +
         " -partial_chain -verify_return_error";
}

std::string s_client(std::string const& url, Tls const& tls, bool starttls) {
  auto const [host, port] = host_and_port(url);
  auto const name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  // RFC 6066, 3: the name that is asked for is never an address.
  return "openssl s_client -connect " + quoted_word(name + ":" + port) +
         (is_address(host) ? "" : " -servername " + quoted_word(host)) + (starttls ? " -starttls ldap" : "") +
         (tls.cert_file.empty()
              ? ""
              : " -cert " + quoted_word(tls.cert_file) + " -key " + quoted_word(tls.key_file)) +
         verification(host, tls);
}

}  // namespace

std::string secret_file(config::Config const& config, std::string const& key) {
  auto const found = config.effective.find(key + ".file");
  if (found == config.effective.end()) return {};
  auto const& toml = found->second;
  // A path that TOML would write with escapes is not worth taking apart: ldapsearch asks instead.
  auto const is_plain = toml.size() > 2 && toml.front() == '"' && toml.find('\\') == std::string::npos;
  return is_plain ? toml.substr(1, toml.size() - 2) : std::string{};
}

std::string ldapsearch(LdapAccess const& access, std::string const& base, ldap::Scope scope,
                       std::string const& filter, std::vector<std::string> const& attributes) {
  auto line = password_of(access) + environment_of(access.settings.tls) + "ldapsearch -LLL" +
              (access.settings.starttls ? " -ZZ" : "") + " -H " + quoted_word(access.uri) + logon_of(access);
  if (scope == ldap::Scope::sub) line += " -E pr=" + std::to_string(access.settings.page_size) + "/noprompt";
  line += " -b " + quoted_word(base) + " -s " + ldap::scope_name(scope) + " " + quoted_word(filter);
  for (auto const& attribute : attributes) line += " " + quoted_word(attribute);
  return line;
}

HostAndPort host_and_port(std::string_view url) {
  auto const scheme_end = url.find("://");
  auto const scheme = scheme_end == std::string_view::npos ? std::string_view{} : url.substr(0, scheme_end);
  auto rest = scheme_end == std::string_view::npos ? url : url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  auto const bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  auto const colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  auto host = rest.substr(0, colon);
  if (bracket != std::string_view::npos) host = host.substr(1, bracket - 1);
  auto const port = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
  return {std::string{host}, port.empty() ? usual_port(scheme) : std::string{port}};
}

std::string handshake(std::string const& url, Tls const& tls, bool starttls) {
  return s_client(url, tls, starttls) + " -brief </dev/null";
}

std::string certificate_dates(std::string const& url, Tls const& tls, bool starttls) {
  return s_client(url, tls, starttls) + " </dev/null | openssl x509 -noout -subject -issuer -dates";
}

std::string name_look_up(std::string const& url) {
  return "getent ahosts " + quoted_word(host_and_port(url).host);
}

std::string port_look(std::string const& url) {
  auto const [host, port] = host_and_port(url);
  return "nc -vz " + quoted_word(host) + " " + quoted_word(port);
}

std::string curl(std::string const& url, Tls const& tls) {
  return "curl -sSI" + (tls.ca_file.empty() ? "" : " --cacert " + quoted_word(tls.ca_file)) +
         (tls.cert_file.empty()
              ? ""
              : " --cert " + quoted_word(tls.cert_file) + " --key " + quoted_word(tls.key_file)) +
         " " + quoted_word(url + "/");
}

}  // namespace dirsync::doctor
