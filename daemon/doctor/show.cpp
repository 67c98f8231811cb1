#include "daemon/doctor/show.hpp"

#include <algorithm>

#include "ldap/scope_name.hpp"

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

std::string logon_of(LdapAccess const& access) {
  using Method = ldap::Bind::Method;
  switch (access.settings.bind.method) {
    case Method::anonymous:
      return " -x";
    case Method::simple:
      return " -x -D " + quoted_word(access.settings.bind.dn) +
             (access.password_file.empty() ? " -W" : " -y " + quoted_word(access.password_file));
    case Method::external:
      return " -Y EXTERNAL";
    case Method::gssapi:
      return " -Y GSSAPI";
  }
  return {};
}

}  // namespace

std::string quoted_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@%+=,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string{text};
  std::string word = "'";
  for (auto const c : text) word += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return word + "'";
}

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
  auto line = environment_of(access.settings.tls) + "ldapsearch -LLL" +
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

std::string openssl(std::string const& url, std::string const& ca_file, bool starttls) {
  auto const [host, port] = host_and_port(url);
  auto const name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return "openssl s_client -connect " + quoted_word(name + ":" + port) + " -servername " + quoted_word(host) +
         (starttls ? " -starttls ldap" : "") + (ca_file.empty() ? "" : " -CAfile " + quoted_word(ca_file)) +
         " -verify_hostname " + quoted_word(host) +
         " </dev/null | openssl x509 -noout -subject -issuer -dates";
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
