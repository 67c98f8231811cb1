#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <array>

#include "daemon/config/sections.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {
namespace {

using Method = ldap::Bind::Method;

/// "ldap://host:port", "ldaps://host" or "ldapi://%2Fpath"; anything after that would be ignored, so it is
/// refused.
bool is_server(std::string const& uri) {
  auto const parsed = boost::urls::parse_uri(uri);
  if (!parsed || parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment() ||
      !(parsed->encoded_path().empty() || parsed->encoded_path() == "/"))
    return false;
  if (parsed->scheme() == "ldapi") return parsed->host().starts_with('/') && !parsed->has_port();
  return (parsed->scheme() == "ldap" || parsed->scheme() == "ldaps") && !parsed->host().empty();
}

bool is_local(std::string const& uri) { return ascii_lower(uri).starts_with("ldapi://"); }

/// "ldap.example.com" or "ldap.example.com:636".
bool is_host(std::string const& host) {
  auto const parsed = boost::urls::parse_uri("ldap://" + host);
  return parsed && !parsed->host().empty() && !parsed->has_userinfo() && parsed->encoded_path().empty() &&
         !parsed->has_query() && !parsed->has_fragment() && !(parsed->has_port() && parsed->port().empty());
}

bool is_domain(std::string const& domain) {
  return !domain.empty() && domain.size() <= 240 && domain.front() != '.' && domain.back() != '.' &&
         domain.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
             domain.npos &&
         domain.find("..") == domain.npos;
}

void read_servers(Section& section, ldap::Settings& settings) {
  auto const uris = section.texts("uris");
  auto const srv = section.text("srv");
  settings.uris = uris.value_or(std::vector<std::string>{});
  settings.srv = srv.value_or("");
  if (section.has("uris") && section.has("srv")) {
    section.problem(ConfigErrc::conflict, "srv", section.shown() + " needs exactly one of uris and srv");
  } else if (srv && !is_domain(*srv)) {
    section.problem(ConfigErrc::malformed, "srv",
                    section.key_path("srv") + " is a DNS domain, such as \"example.com\"");
  } else if (!section.has("srv") && (!section.has("uris") || (uris && uris->empty()))) {
    section.missing("uris", "one or more servers, such as [\"ldaps://ldap.example.com\"]");
  }
  for (std::size_t i = 0; i < settings.uris.size(); ++i) {
    // Not shown: somebody may have put a password into it.
    if (is_server(settings.uris[i])) continue;
    section.problem(ConfigErrc::malformed, "uris",
                    "entry " + std::to_string(i + 1) + " of " + section.key_path("uris") +
                        " is not a server; write \"ldaps://HOST\", \"ldap://HOST:PORT\" or "
                        "\"ldapi://%2Fpath%2Fto%2Fsocket\"");
  }
}

ldap::ReferralSettings read_referrals(Section& section) {
  using Mode = ldap::ReferralSettings::Mode;
  constexpr std::array<std::pair<std::string_view, Mode>, 3> kModes{
      {{"error", Mode::error}, {"ignore", Mode::ignore}, {"follow", Mode::follow}}};
  ldap::ReferralSettings referrals;
  referrals.mode = section.choice<Mode>("referrals", Mode::error, kModes);
  referrals.hosts = section.texts("referral_hosts", {});
  for (auto const& host : referrals.hosts) {
    if (!is_host(host)) {
      section.problem(
          ConfigErrc::malformed, "referral_hosts",
          quoted(host) + " in " + section.key_path("referral_hosts") + " is not \"HOST\" or \"HOST:PORT\"");
    }
  }
  if ((referrals.mode == Mode::follow) != !referrals.hosts.empty()) {
    section.problem(ConfigErrc::conflict, "referral_hosts",
                    section.key_path("referral_hosts") +
                        " and referrals = \"follow\" belong together: referrals lead to no other hosts");
  }
  return referrals;
}

ldap::Flavour read_flavour(Section& section) {
  constexpr std::array<std::pair<std::string_view, ldap::Flavour>, 4> kFlavours{
      {{"auto", ldap::Flavour::automatic},
       {"openldap", ldap::Flavour::openldap},
       {"389ds", ldap::Flavour::ds389},
       {"ad", ldap::Flavour::active_directory}}};
  return section.choice<ldap::Flavour>("flavour", ldap::Flavour::automatic, kFlavours);
}

/// What the way of logging on needs of the server.
void check_bind(Section& section, ldap::Settings const& settings, std::string const& uri) {
  auto const method = settings.bind.method;
  if (method == Method::external && !is_local(uri)) {
    if (settings.tls.cert_file.empty()) {
      section.problem(ConfigErrc::missing, "tls",
                      section.key_path("bind.method") +
                          " = \"external\" needs tls.cert_file and tls.key_file, or ldapi:// in uris");
    } else if (ascii_lower(uri).starts_with("ldap://") && !settings.starttls) {
      section.problem(ConfigErrc::conflict, "uris",
                      "the client certificate is shown within TLS; write ldaps:// for " + quoted(uri) +
                          ", or set tls.starttls = true");
    }
  }
  if (method == Method::gssapi && is_local(uri)) {
    section.problem(ConfigErrc::conflict, "uris",
                    "a Kerberos ticket is for a host, which " + quoted(uri) +
                        " does not name; use bind.method = \"external\" there");
  }
}

/// A password must not travel in the clear unless somebody says so in so many words.
void check_protection(Section& section, ldap::Settings const& settings, std::string const& owner) {
  for (auto const& uri : settings.uris) {
    if (!is_server(uri)) continue;  // reported
    auto const clear = ascii_lower(uri).starts_with("ldap://");
    if (!clear && settings.starttls) {
      section.problem(ConfigErrc::conflict, "uris",
                      section.key_path("tls.starttls") + " is for ldap://; " + quoted(uri) +
                          (is_local(uri) ? " needs no TLS" : " has TLS from the start"));
    }
    check_bind(section, settings, uri);
    // GSSAPI brings its own encryption.
    if (!clear || settings.starttls || settings.tls.plaintext || settings.bind.method == Method::gssapi ||
        settings.bind.method == Method::external)
      continue;
    if (settings.bind.method == Method::simple) {
      section.problem(ConfigErrc::insecure, "uris",
                      quoted(uri) +
                          " would send the password in the clear; write ldaps://, set tls.starttls = true, "
                          "or allow it with tls = { plaintext = true }");
    } else {
      auto warning = owner + ": ";
      warning += uri;
      warning += " is read without TLS; anybody on the way can change what is read";
      section.reading().warn(warning);
    }
  }
  if (!settings.srv.empty()) check_bind(section, settings, settings.tls.plaintext ? "ldap://" : "ldaps://");
}

/// A filter of one's own replaces what the directory says, so the two exclude each other.
AccountStates read_account_states(Section& users) {
  constexpr std::array<std::string_view, 3> kStates{"disabled", "expired", "locked"};
  if (users.has("disabled")) {
    users.find("account_states");
    if (users.has("account_states"))
      users.problem(ConfigErrc::conflict, "account_states",
                    users.key_path("account_states") +
                        " says which of the directory's own signs count, and " + users.key_path("disabled") +
                        " replaces those signs; leave one of the two out");
    return kNoAccountStates;
  }
  auto const chosen = users.choices("account_states", kStates, std::span{kStates}.first(2));
  auto const counts = [&chosen](auto const state) {
    return std::ranges::find(chosen, state) != chosen.end();
  };
  return {counts(kStates[0]), counts(kStates[1]), counts(kStates[2])};
}

/// Whether a DN is one of the directory's own is told by `base`.
void warn_of_base_elsewhere(Section& section, std::string const& dn, std::string const& base) {
  auto const inner = normalized_dn(dn), outer = normalized_dn(base);
  if (!inner || !outer || is_below(*inner, *outer)) return;
  section.reading().warn(section.key_path("base") + " " + quoted(dn) + " is not below " + quoted(base) +
                         ", the base of the directory, so that its entries are taken for somebody else's "
                         "where a DN alone is known; let the directory's base be a DN above both");
}

ldap::Area read_area(Section& section, std::string const& base) {
  constexpr std::array<std::pair<std::string_view, ldap::Scope>, 3> kScopes{
      {{"base", ldap::Scope::base}, {"one", ldap::Scope::one}, {"sub", ldap::Scope::sub}}};
  ldap::Area area;
  area.base = read_dn_or(section, "base", base);
  warn_of_base_elsewhere(section, area.base, base);
  area.filter = section.text("filter").value_or("");
  if (!area.filter.empty()) check_search_filter(section, "filter", area.filter);
  area.scope = section.choice<ldap::Scope>("scope", ldap::Scope::sub, kScopes);
  return area;
}

ldap::GroupKinds read_group_kinds(Section& groups) {
  constexpr std::array<std::string_view, 5> kAttributes{"member", "uniqueMember", "memberUid", "memberURL",
                                                        "roleOccupant"};
  ldap::GroupKinds kinds;
  kinds.classes = groups.texts("classes", {});
  for (auto const& name : kinds.classes)
    if (!is_schema_name(name))
      groups.problem(ConfigErrc::malformed, "classes",
                     quoted(printable(name)) + " in " + groups.key_path("classes") +
                         " is not the name of an object class, such as \"groupOfNames\"");
  for (auto const& name : groups.choices("member_attributes", kAttributes, {}))
    kinds.member_attributes.emplace_back(name);
  return kinds;
}

/// A canary elsewhere would be seen whatever is hidden here.
std::vector<std::string> read_canaries(Section& section, ldap::Settings const& settings) {
  auto canaries = section.texts("canaries", {});
  for (auto const& dn : canaries) {
    if (!check_dn(section, "canaries", dn)) continue;
    auto const below = [key = normalized_dn(dn)](std::string const& base) {
      auto const normalized = normalized_dn(base);
      return normalized && is_below(*key, *normalized);
    };
    if (below(settings.base) || below(settings.users.base) || below(settings.groups.base)) continue;
    section.problem(ConfigErrc::conflict, "canaries",
                    quoted(dn) + " in " + section.key_path("canaries") + " is not below " +
                        quoted(settings.base) + ", where the directory is read; name an entry there");
  }
  return canaries;
}

}  // namespace

Directory read_directory(Section section, std::string const& name) {
  Directory directory;
  auto& settings = directory.ldap;
  auto const owner = "directory " + quoted(name);
  settings.name = name;
  read_servers(section, settings);
  settings.referrals = read_referrals(section);
  settings.flavour = read_flavour(section);
  settings.base =
      read_dn(section, "base", "the DN under which everything lies, such as \"dc=example,dc=com\"");
  if (!section.has("bind")) {
    section.missing("bind",
                    "{ dn = \"DN\", password = { credential = \"NAME\" } }, or { method = \"anonymous\" }");
  }
  if (auto bind = section.section("bind"); bind.written()) settings.bind = read_bind(bind);
  auto tls = section.section("tls");
  settings.tls = read_tls(tls, owner);
  settings.starttls = tls.flag("starttls", false);
  check_protection(section, settings, owner);

  auto users = section.section("users");
  settings.users = read_area(users, settings.base);
  constexpr char kNameOnAd[] = "{sAMAccountName}";
  auto const is_ad = settings.flavour == ldap::Flavour::active_directory;
  directory.user_name = read_person_name(users, "name", is_ad ? kNameOnAd : "{uid}");
  if (settings.flavour == ldap::Flavour::automatic && !users.has("name"))
    directory.user_name_on_ad = NameTemplate::parse(kNameOnAd).value();
  auto& policy = directory.policy;
  policy.disabled = read_filter(users, "disabled");
  policy.account_states = read_account_states(users);
  policy.join = read_attribute(users, "join");
  auto groups = section.section("groups");
  settings.groups = read_area(groups, settings.base);
  settings.group_kinds = read_group_kinds(groups);
  settings.canaries = read_canaries(section, settings);

  settings.connections = static_cast<int>(section.whole("connections", settings.connections, 1, 2));

  auto band = section.section("band");
  policy.band.groups = band.number("groups", policy.band.groups, 0, 1000);
  policy.band.users = band.number("users", policy.band.users, 0, 1000);
  policy.band.values = band.number("values", policy.band.values, 0, 1000);
  policy.band.at_least = band.whole("at_least", policy.band.at_least, 0, 1'000'000);

  settings.timeouts = read_timeouts(section.section("timeouts"), {});
  settings.retry = read_retry(section.section("retry"), {});
  return directory;
}

}  // namespace dirsync::config
