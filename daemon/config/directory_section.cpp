#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>

#include "daemon/config/sections.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {
namespace {

using Method = ldap::Bind::Method;

/// "ldap://host:port" or "ldaps://host"; anything after the port would be ignored, so it is refused.
bool is_server(std::string const& uri) {
  auto const parsed = boost::urls::parse_uri(uri);
  return parsed && (parsed->scheme() == "ldap" || parsed->scheme() == "ldaps") && !parsed->host().empty() &&
         !parsed->has_userinfo() && (parsed->encoded_path().empty() || parsed->encoded_path() == "/") &&
         !parsed->has_query() && !parsed->has_fragment();
}

std::vector<std::string> read_uris(Section& section) {
  auto const uris = section.texts("uris");
  if (section.text("srv")) {
    section.problem(ConfigErrc::unsupported, "srv",
                    section.key_path("srv") + " is not supported by this version; list the servers in uris");
  } else if (!section.has("uris") || (uris && uris->empty())) {
    section.missing("uris", "one or more servers, such as [\"ldaps://ldap.example.com\"]");
  }
  auto const listed = uris.value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < listed.size(); ++i) {
    // Not shown: somebody may have put a password into it.
    if (is_server(listed[i])) continue;
    section.problem(ConfigErrc::malformed, "uris",
                    "entry " + std::to_string(i + 1) + " of " + section.key_path("uris") +
                        " is not a server; write \"ldaps://HOST\" or \"ldap://HOST:PORT\"");
  }
  return listed;
}

ldap::Flavour read_flavour(Section& section) {
  constexpr std::array<std::pair<std::string_view, ldap::Flavour>, 4> kFlavours{
      {{"auto", ldap::Flavour::automatic},
       {"openldap", ldap::Flavour::openldap},
       {"389ds", ldap::Flavour::ds389},
       {"ad", ldap::Flavour::active_directory}}};
  auto const flavour = section.choice<ldap::Flavour>("flavour", ldap::Flavour::automatic, kFlavours);
  if (flavour == ldap::Flavour::ds389 || flavour == ldap::Flavour::active_directory) {
    section.problem(ConfigErrc::unsupported, "flavour",
                    section.key_path("flavour") + " = " +
                        (flavour == ldap::Flavour::ds389 ? "\"389ds\"" : "\"ad\"") +
                        " is not supported by this version, which reads \"openldap\" only");
  }
  return flavour;
}

ldap::Bind read_bind(Section section) {
  constexpr std::array<std::pair<std::string_view, Method>, 4> kMethods{{{"simple", Method::simple},
                                                                         {"external", Method::external},
                                                                         {"gssapi", Method::gssapi},
                                                                         {"anonymous", Method::anonymous}}};
  ldap::Bind bind;
  bind.method = section.choice<Method>("method", Method::simple, kMethods);
  if (bind.method == Method::external || bind.method == Method::gssapi) {
    section.problem(
        ConfigErrc::unsupported, "method",
        section.key_path("method") + " is not supported by this version; use \"simple\" or \"anonymous\"");
  }
  if (bind.method == Method::simple) {
    bind.dn = read_dn(section, "dn",
                      "who dirsyncd logs on as, such as \"cn=dirsyncd,ou=services,dc=example,dc=com\"");
    bind.password = read_secret(section, "password");
    return bind;
  }
  for (auto const* const key : {"dn", "password"}) {
    section.find(key);
    if (section.has(key)) {
      section.problem(ConfigErrc::conflict, key,
                      section.key_path(key) + " has a meaning with method = \"simple\" only");
    }
  }
  return bind;
}

ldap::TlsSettings read_directory_tls(Section section, std::string const& owner) {
  ldap::TlsSettings tls;
  auto const common = read_tls(section, owner);
  tls.ca_file = common.ca_file;
  tls.ca_dir = common.ca_dir;
  tls.min_version = common.min_version;
  tls.cert_file = common.cert_file;
  tls.key_file = common.key_file;
  tls.verify = common.verify;
  tls.plaintext = common.plaintext;
  tls.starttls = section.flag("starttls", false);
  return tls;
}

/// A password must not travel in the clear unless somebody says so in so many words.
void check_protection(Section& section, ldap::Settings const& settings, std::string const& owner) {
  for (auto const& uri : settings.uris) {
    if (!is_server(uri)) continue;  // reported
    auto const clear = ascii_lower(uri).starts_with("ldap://");
    if (!clear && settings.tls.starttls) {
      section.problem(
          ConfigErrc::conflict, "uris",
          section.key_path("tls.starttls") + " is for ldap://; " + quoted(uri) + " has TLS from the start");
    }
    if (!clear || settings.tls.starttls || settings.tls.plaintext) continue;
    if (settings.bind.method == Method::simple) {
      section.problem(ConfigErrc::insecure, "uris",
                      quoted(uri) +
                          " would send the password in the clear; write ldaps://, set tls.starttls = true, "
                          "or allow it with tls = { plaintext = true }");
    } else {
      section.reading().warn(owner + ": " + uri +
                             " is read without TLS; anybody on the way can change what is read");
    }
  }
}

ldap::Area read_area(Section& section, std::string const& base, std::string const& filter) {
  constexpr std::array<std::pair<std::string_view, ldap::Scope>, 3> kScopes{
      {{"base", ldap::Scope::base}, {"one", ldap::Scope::one}, {"sub", ldap::Scope::sub}}};
  ldap::Area area;
  area.base = read_dn_or(section, "base", base);
  area.filter = filter.empty() ? section.text("filter").value_or("") : section.text("filter", filter);
  if (!area.filter.empty()) check_search_filter(section, "filter", area.filter);
  area.scope = section.choice<ldap::Scope>("scope", ldap::Scope::sub, kScopes);
  return area;
}

}  // namespace

Directory read_directory(Section section, std::string const& name) {
  Directory directory;
  auto& settings = directory.ldap;
  auto const owner = "directory " + quoted(name);
  settings.name = name;
  settings.uris = read_uris(section);
  settings.flavour = read_flavour(section);
  settings.base =
      read_dn(section, "base", "the DN under which everything lies, such as \"dc=example,dc=com\"");
  if (!section.has("bind")) {
    section.missing("bind",
                    "{ dn = \"DN\", password = { credential = \"NAME\" } }, or { method = \"anonymous\" }");
  }
  if (auto bind = section.section("bind"); bind.written()) settings.bind = read_bind(bind);
  settings.tls = read_directory_tls(section.section("tls"), owner);
  check_protection(section, settings, owner);

  auto users = section.section("users");
  settings.users = read_area(users, settings.base, "(objectClass=person)");
  directory.user_name = read_template(users, "name", "{uid}");
  directory.disabled = read_filter(users, "disabled");
  directory.join = read_attribute(users, "join");
  auto groups = section.section("groups");
  settings.groups = read_area(groups, settings.base, {});

  auto band = section.section("band");
  directory.band.groups = band.number("groups", directory.band.groups, 0, 1000);
  directory.band.users = band.number("users", directory.band.users, 0, 1000);
  directory.band.values = band.number("values", directory.band.values, 0, 1000);

  http::Timeouts const timeouts = read_timeouts(section.section("timeouts"), {});
  settings.timeouts = {timeouts.connect, timeouts.idle, timeouts.total};
  http::Retry const retry = read_retry(section.section("retry"), {});
  settings.retry = {retry.attempts, retry.first, retry.longest};
  return directory;
}

}  // namespace dirsync::config
