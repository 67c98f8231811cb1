#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>

#include "daemon/config/sections.hpp"
#include "sync/model/text.hpp"
#include "sync/model/unseen_character.hpp"

namespace dirsync::config {
namespace {

enum class Kind { unknown, vault, console };

/// Without its final slashes; reported when it is no base URL, or clear text that nobody allowed.
std::string checked_url(Section& section, std::string_view key, std::string url, bool plaintext) {
  auto const parsed = boost::urls::parse_uri(url);
  auto const fits = parsed && (parsed->scheme() == "https" || parsed->scheme() == "http") &&
                    !parsed->host().empty() && !parsed->has_userinfo() && !parsed->has_query() &&
                    !parsed->has_fragment();
  if (!fits) {
    // Not shown: somebody may have put a password into it.
    section.problem(ConfigErrc::malformed, key,
                    section.key_path(key) +
                        " is not a URL, such as \"https://pvwa.example.com/PasswordVault\", "
                        "without user, query and fragment");
    return url;
  }
  if (parsed->scheme() == "http" && !plaintext) {
    section.problem(ConfigErrc::insecure, key,
                    quoted(url) +
                        " would send the password in the clear; "
                        "write https://, or allow it with tls = { plaintext = true }");
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::vector<std::string> read_urls(Section& section, bool plaintext) {
  auto const url = section.text("url");
  auto const urls = section.texts("urls");
  if (section.has("url") == section.has("urls")) {
    if (section.has("url"))
      section.problem(ConfigErrc::conflict, "urls", section.shown() + " has url and urls; keep one");
    else
      section.missing("url",
                      "its base URL, such as \"https://pvwa.example.com/PasswordVault\" (or urls = [...])");
    return {};
  }
  if (urls && urls->empty())
    section.problem(ConfigErrc::malformed, "urls", section.key_path("urls") + " is empty; name at least one");
  std::vector<std::string> checked;
  if (url) checked.push_back(checked_url(section, "url", *url, plaintext));
  for (auto const& one : urls.value_or(std::vector<std::string>{})) {
    checked.push_back(checked_url(section, "urls", one, plaintext));
  }
  return checked;
}

/// What every target has; `defaults` are those of its kind.
http::ClientSettings read_client(Section& section, std::string const& name,
                                 http::ClientSettings const& defaults) {
  http::ClientSettings client = defaults;
  client.target = name;
  client.tls = read_tls(section.section("tls"), "target " + quoted(name));
  client.urls = read_urls(section, client.tls.plaintext);
  client.timeouts = read_timeouts(section.section("timeouts"), defaults.timeouts);
  client.retry = read_retry(section.section("retry"), defaults.retry);
  client.pace = read_pace(section.section("pace"), defaults.pace);
  return client;
}

std::string read_user(Section& auth) {
  auto const user = auth.text("user");
  if (!user && !auth.has("user")) auth.missing("user", "the service user that dirsyncd logs on as");
  return user.value_or("");
}

void read_vault_auth(Section auth, vault::Settings& settings) {
  using vault::AuthMethod;
  constexpr std::array<std::pair<std::string_view, AuthMethod>, 5> kMethods{
      {{"cyberark", AuthMethod::cyberark},
       {"ldap", AuthMethod::ldap},
       {"radius", AuthMethod::radius},
       {"windows", AuthMethod::windows},
       {"ispss", AuthMethod::ispss}}};
  settings.method = auth.choice<AuthMethod>("method", AuthMethod::cyberark, kMethods);
  settings.user = read_user(auth);
  settings.password = read_secret(auth, "password");
  auto const token_url = auth.text("token_url");
  if (settings.method != AuthMethod::ispss) {
    if (auth.has("token_url")) {
      auth.problem(ConfigErrc::conflict, "token_url",
                   auth.key_path("token_url") +
                       " has a meaning with method = \"ispss\" only; remove it or change method");
    }
  } else if (token_url) {
    settings.token_url = checked_url(auth, "token_url", *token_url, settings.http.tls.plaintext);
  } else if (!auth.has("token_url")) {
    auth.missing(
        "token_url",
        "where tokens are issued, such as \"https://TENANT.id.cyberark.cloud/oauth2/platformtoken\"");
  }
}

/// "12.6" or "12.6.0.1"
bool is_version(std::string_view text) {
  return text.find_first_not_of("0123456789.") == text.npos && text.find("..") == text.npos &&
         text.find('.') != text.npos && !text.starts_with('.') && !text.ends_with('.');
}

/// `domain` for every directory, or `domains` for each.
std::map<std::string, std::string> read_domains(Section& section,
                                                std::map<std::string, Directory> const& directories) {
  std::map<std::string, std::string> domains;
  auto const domain = section.text("domain");
  if (section.has("domain") && section.has("domains")) {
    section.problem(ConfigErrc::conflict, "domains", section.shown() + " has domain and domains; keep one");
  }
  if (domain) {
    for (auto const& [name, directory] : directories) domains[name] = *domain;
  }
  for (auto const& [name, value] : section.named_texts("domains")) {
    if (directories.contains(name)) {
      domains[name] = value;
    } else {
      section.problem(ConfigErrc::unknown_name, "domains",
                      section.key_path("domains") + " names directory " + quoted(printable(name)) +
                          ", which is not defined; correct it or add [directory." + printable(name) + "]");
    }
  }
  return domains;
}

/// A version, or "auto".
std::string read_api_version(Section& section) {
  auto version = section.text("api_version", "auto");
  if (version != "auto" && !is_version(version))
    section.problem(ConfigErrc::malformed, "api_version",
                    section.key_path("api_version") +
                        " is not a version, such as \"0.17\"; \"auto\" takes the console's own");
  return version;
}

/// Those that a group name may hold beside letters and digits.
std::string read_group_name_characters(Section& section, std::string const& otherwise) {
  auto characters = section.text("group_name_characters", otherwise);
  if (auto const unseen = unseen_character_in(characters); !unseen.empty())
    section.problem(ConfigErrc::malformed, "group_name_characters",
                    section.key_path("group_name_characters") + " holds " + unseen +
                        ", which cannot be seen and no group name may have; remove it");
  return characters;
}

vault::Settings read_vault(Section& section, std::string const& name, Config const& config) {
  vault::Settings settings;
  settings.http = read_client(section, name, settings.http);
  read_vault_auth(section.section("auth"), settings);
  settings.assume_version = section.text("assume_version").value_or("");
  if (!settings.assume_version.empty() && !is_version(settings.assume_version)) {
    section.problem(ConfigErrc::malformed, "assume_version",
                    section.key_path("assume_version") + " is not a version, such as \"12.6\"");
  }
  settings.domains = read_domains(section, config.directories);
  if (settings.method == vault::AuthMethod::ispss && !settings.domains.empty())
    section.reading().warn(
        "target " + quoted(name) +
        ": domain has no effect with auth.method = \"ispss\", because Privilege Cloud takes "
        "nobody in through a directory mapping; remove it");
  settings.protected_groups = section.texts("protected_groups", {});

  enum class Stale { report, replace };
  constexpr std::array<std::pair<std::string_view, Stale>, 2> kStale{
      {{"report", Stale::report}, {"replace", Stale::replace}}};
  settings.replace_stale_groups =
      section.choice<Stale>("stale_directory_groups", Stale::report, kStale) == Stale::replace;
  return settings;
}

/// Warned of at every run: who reads `create` in a file may not know what it makes.
bool read_create_users(Section& section, std::string const& name) {
  enum class Users { existing_only, create };
  constexpr std::array<std::pair<std::string_view, Users>, 2> kUsers{
      {{"existing-only", Users::existing_only}, {"create", Users::create}}};
  auto const creates = section.choice<Users>("users", Users::existing_only, kUsers) == Users::create;
  if (creates)
    section.reading().warn(
        "target " + quoted(name) +
        ": users are created in the console (users = \"create\"): local logins, each with a "
        "password of its own that no directory can lock; they may clash with the users that "
        "the console makes at the first LDAP login, and may be sent mail");
  return creates;
}

console::Settings read_console(Section& section, std::string const& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kProfiles{
      {{"auto", "auto"}, {"pulse-2.0", "pulse-2.0"}, {"pulse-2.0.2", "pulse-2.0.2"}, {"infer-3", "infer-3"}}};
  console::Settings settings;
  settings.http = read_client(section, name, settings.http);
  auto auth = section.section("auth");
  settings.user = read_user(auth);
  settings.password = read_secret(auth, "password");
  settings.profile = section.choice<std::string_view>("profile", "auto", kProfiles);
  settings.organization = section.text("organization").value_or("");
  settings.org_domain = section.text("org_domain").value_or("");
  settings.protected_groups = section.texts("protected_groups", {});
  settings.api_version = read_api_version(section);
  settings.create_users = read_create_users(section, name);
  settings.page_size = static_cast<int>(section.whole("page_size", settings.page_size, 1, 1000));
  settings.group_name_characters = read_group_name_characters(section, settings.group_name_characters);
  return settings;
}

}  // namespace

Target read_target(Section section, std::string const& name, Config const& config) {
  constexpr std::array<std::pair<std::string_view, Kind>, 2> kKinds{
      {{"cyberark-vault", Kind::vault}, {"pulse-console", Kind::console}}};
  Target target;
  target.limits = narrowed_limits(section.section("limits"), config.limits, "[limits]");
  if (section.find("kind") == nullptr) {
    section.missing("kind", "\"cyberark-vault\" or \"pulse-console\"");
    section.give_up();
    return target;
  }
  switch (section.choice<Kind>("kind", Kind::unknown, kKinds)) {
    case Kind::unknown:
      section.give_up();
      break;
    case Kind::vault:
      target.settings = read_vault(section, name, config);
      break;
    case Kind::console:
      target.settings = read_console(section, name);
      break;
  }
  return target;
}

}  // namespace dirsync::config
