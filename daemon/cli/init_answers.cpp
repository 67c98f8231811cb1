#include "daemon/cli/init_answers.hpp"

#include <filesystem>

#include "daemon/cli/dialogue.hpp"
#include "daemon/config/environment.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

constexpr char kCredentials[] = "/etc/dirsyncd/credentials";

Error input_ended() { return {InitErrc::input_ended, "nothing was written"}; }

/// "example.com" of "ou=x,dc=example,dc=com".
std::string domain_of(std::string const& base) {
  std::string domain;
  for (std::string_view left = base; !left.empty();) {
    auto const end = std::min(left.find(','), left.size());
    auto const part = trimmed(left.substr(0, end));
    if (ascii_iequal(part.substr(0, std::min<std::size_t>(part.size(), 3)), "dc="))
      domain += (domain.empty() ? "" : ".") + std::string{part.substr(3)};
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return domain;
}

/// Files of the service's own folder are its credentials.
init::SecretPlace secret_place(std::string const& file) {
  std::filesystem::path const path = std::filesystem::absolute(file).lexically_normal();
  if (path.parent_path() == kCredentials) return {true, path.filename()};
  return {false, path};
}

Result<Secret> secret_in(std::string const& file, char const* option) {
  config::ProcessEnvironment const environment;
  auto content = environment.file(file, config::Privacy::owner_only);
  if (!content) return within(option, content.error());
  if (content->ends_with('\n')) content->pop_back();
  return Secret{std::move(*content)};
}

/// Absolute; empty stays empty.
std::string whole_path(std::string const& file) {
  return file.empty() ? file : std::filesystem::absolute(file).lexically_normal().string();
}

Result<void> check_dn(std::string const& dn, char const* option) {
  auto const normalized = normalized_dn(dn);
  if (normalized && !normalized->empty()) return {};
  return Error{InitErrc::bad_option,
               std::string{option} + ": \"" + printable(dn) +
                   "\" is not a DN, such as \"cn=dirsyncd,ou=services,dc=example,dc=com\""};
}

/// What only the server can judge passes.
Result<void> check_filter(std::string const& text) {
  if (text.empty()) return {};
  auto const filter = Filter::parse(text);
  if (filter || filter.error().code == FilterErrc::unsupported) return {};
  return Error{InitErrc::bad_option, "--groups: " + filter.error().context};
}

/// The option, or the person's answer where it is left out.
Result<std::string> answer(std::string const& option, std::string const& why, std::string const& what,
                           std::string const& otherwise) {
  if (!option.empty()) return option;
  auto asked = ask(why, what, otherwise);
  if (!asked) return input_ended();
  return *std::move(asked);
}

Result<void> ask_for_password(InitState& state, std::string const& output) {
  auto typed =
      ask_secret("The password of that account; it is not shown, and never written into the configuration.",
                 "Bind password");
  if (!typed) return input_ended();
  state.bind_password = *std::move(typed);
  auto const name = state.answers.directory.name + "-bind";
  auto const file = std::filesystem::path{output}.parent_path() / (name + ".password");
  auto const keeps =
      ask_whether("A file of mode 0600 beside the configuration can hold it; else put it into " +
                      std::string{kCredentials} + "/" + name + " yourself.",
                  "Keep the password in " + file.string(), true);
  if (!keeps) return input_ended();
  state.has_all_secrets = *keeps;
  state.password_file = *keeps ? file.string() : "";
  state.answers.directory.bind_password =
      *keeps ? init::SecretPlace{false, file} : init::SecretPlace{true, name};
  return {};
}

Result<void> read_bind(InitArguments const& options, std::string const& output, bool asks, InitState& state) {
  auto& directory = state.answers.directory;
  directory.bind_dn = options.bind_dn;
  if (asks && directory.bind_dn.empty() && !options.anonymous) {
    auto const dn =
        ask("The account that reads people and groups; \"none\" reads as anybody may.", "Bind DN", "none");
    if (!dn) return input_ended();
    if (*dn != "none") directory.bind_dn = *dn;
  }
  directory.is_anonymous = directory.bind_dn.empty();
  if (directory.is_anonymous) return {};
  if (auto const fits = check_dn(directory.bind_dn, "--bind-dn"); !fits) return fits.error();
  if (options.bind_password_file.empty()) return ask_for_password(state, output);
  auto password = secret_in(options.bind_password_file, "--bind-password-file");
  if (!password) return password.error();
  state.bind_password = *std::move(password);
  directory.bind_password = secret_place(options.bind_password_file);
  return {};
}

Result<void> ask_for_vault(InitArguments const& options, std::string const& base, InitState& state) {
  auto const url = answer(options.vault_url,
                          "A Vault to write to, by the URL of its PVWA, such as "
                          "https://pvwa.example.com/PasswordVault; \"none\" for none.",
                          "Vault URL", "none");
  if (!url) return url.error();
  if (*url == "none") return {};
  auto user =
      answer(options.vault_user, "The Vault user that dirsyncd logs on as.", "Vault user", "svc-dirsyncd");
  if (!user) return user.error();
  auto const file = answer(options.vault_password_file, "The file that holds its password, of mode 0600.",
                           "Vault password file", std::string{kCredentials} + "/vault");
  if (!file) return file.error();
  auto const domain =
      answer(options.vault_domain,
             "The Vault's directory mapping that takes in people who are no Vault users; \"none\": "
             "they wait.",
             "Vault domain", domain_of(base).empty() ? "none" : domain_of(base));
  if (!domain) return domain.error();
  state.answers.vault = init::VaultAnswers{.url = *url,
                                           .user = *user,
                                           .password = secret_place(*file),
                                           .ca_file = whole_path(options.vault_ca_file),
                                           .domain = *domain == "none" ? "" : *domain};
  return {};
}

Result<void> ask_for_console(InitArguments const& options, InitState& state) {
  auto const url = answer(options.console_url, "A console to write to, by its URL; \"none\" for none.",
                          "Console URL", "none");
  if (!url) return url.error();
  if (*url == "none") return {};
  auto user = answer(options.console_user, "The console user that dirsyncd logs on as.", "Console user",
                     "svc-dirsyncd");
  if (!user) return user.error();
  auto const file = answer(options.console_password_file, "The file that holds its password, of mode 0600.",
                           "Console password file", std::string{kCredentials} + "/console");
  if (!file) return file.error();
  auto const role = answer(options.console_role, "The role of groups that are made; \"none\": none is made.",
                           "Console role", "none");
  if (!role) return role.error();
  state.answers.console = init::ConsoleAnswers{.url = *url,
                                               .user = *user,
                                               .password = secret_place(*file),
                                               .ca_file = whole_path(options.console_ca_file),
                                               .role = *role == "none" ? "" : *role};
  return {};
}

ldap::Flavour flavour_named(std::string const& name) {
  using enum ldap::Flavour;
  for (auto const flavour : {openldap, ds389, active_directory})
    if (name == ldap::to_text(flavour)) return flavour;
  return automatic;
}

Result<std::string> ask_for_base(std::string const& option, std::string const& why, std::string const& what,
                                 std::string const& seen, char const* name) {
  auto base = answer(option, why, what, seen);
  if (!base) return base;
  if (auto const fits = check_dn(*base, name); !fits) return fits.error();
  return base;
}

}  // namespace

boost::system::error_code make_error_code(InitErrc code) { return code_of(code); }
char const* category_name(InitErrc) { return "init"; }
char const* to_text(InitErrc code) {
  return code == InitErrc::input_ended ? "the input ended" : "an option cannot be used";
}
Failure failure_of(InitErrc) { return Failure::permanent; }

std::string missing_options(InitArguments const& options) {
  std::vector<std::string> missing;
  auto const need = [&missing](bool is_there, char const* name) {
    if (!is_there) missing.emplace_back(name);
  };
  need(!options.uris.empty(), "--uri");
  need(options.anonymous || !options.bind_dn.empty(), "--bind-dn (or --anonymous)");
  need(options.anonymous || !options.bind_password_file.empty(), "--bind-password-file");
  if (!options.vault_url.empty()) {
    need(!options.vault_user.empty(), "--vault-user");
    need(!options.vault_password_file.empty(), "--vault-password-file");
  }
  if (!options.console_url.empty()) {
    need(!options.console_user.empty(), "--console-user");
    need(!options.console_password_file.empty(), "--console-password-file");
  }
  return join(missing, ", ");
}

Result<InitState> answers_for_the_look(InitArguments const& options, std::string const& output, bool asks) {
  if (auto const fits = check_filter(options.groups); !fits) return fits.error();
  InitState state;
  auto& directory = state.answers.directory;
  directory.uris = options.uris;
  directory.starttls = options.starttls;
  directory.flavour = options.flavour;
  state.answers.state_dir = options.state_dir;
  state.base = options.base;
  state.users_base = options.users_base;
  state.groups_base = options.groups_base;
  if (asks && directory.uris.empty()) {
    auto const uri = ask_for("The directory's server, such as ldaps://ldap.example.com.", "Server");
    if (!uri) return input_ended();
    directory.uris = {*uri};
  }
  if (asks && !directory.starttls && directory.uris.front().starts_with("ldap://")) {
    auto const starts =
        ask_whether("This connection is not encrypted by itself, and a password must not go over it.",
                    "Encrypt it by StartTLS", true);
    if (!starts) return input_ended();
    directory.starttls = *starts;
  }
  directory.ca_file = whole_path(options.ca_file);
  if (asks && directory.ca_file.empty()) {
    auto const file =
        ask("The file of the CA that signed the server's certificate; \"system\" for the system's CAs.",
            "CA file", "system");
    if (!file) return input_ended();
    if (*file != "system") directory.ca_file = whole_path(*file);
  }
  if (auto const bound = read_bind(options, output, asks, state); !bound) return bound.error();
  return state;
}

Result<bool> ask_for_the_rest(InitArguments const& options, ldap::Survey const& seen, InitState& state) {
  auto const users = ask_for_base(options.users_base, "The entry below which people are read.",
                                  "People's base", seen.people.base, "--users-base");
  if (!users) return users.error();
  auto const groups = ask_for_base(options.groups_base, "The entry below which groups are read.",
                                   "Groups' base", seen.groups.base, "--groups-base");
  if (!groups) return groups.error();
  auto const filter =
      answer(options.groups, "A filter for the groups that are kept; \"proposed\": see the file.", "Groups",
             "proposed");
  if (!filter) return filter.error();
  state.answers.groups = *filter == "proposed" ? "" : *filter;
  if (auto const fits = check_filter(state.answers.groups); !fits) return fits.error();
  if (auto const asked = ask_for_vault(options, seen.base, state); !asked) return asked.error();
  if (auto const asked = ask_for_console(options, state); !asked) return asked.error();
  state.users_base = *users;
  state.groups_base = *groups;
  return *users != seen.people.base || *groups != seen.groups.base;
}

void take_the_rest(InitArguments const& options, InitState& state) {
  state.answers.groups = options.groups;
  if (!options.vault_url.empty())
    state.answers.vault = init::VaultAnswers{.url = options.vault_url,
                                             .user = options.vault_user,
                                             .password = secret_place(options.vault_password_file),
                                             .ca_file = whole_path(options.vault_ca_file),
                                             .domain = options.vault_domain};
  if (!options.console_url.empty())
    state.answers.console = init::ConsoleAnswers{.url = options.console_url,
                                                 .user = options.console_user,
                                                 .password = secret_place(options.console_password_file),
                                                 .ca_file = whole_path(options.console_ca_file),
                                                 .role = options.console_role};
}

ldap::Settings settings_of(InitState const& state) {
  auto const& directory = state.answers.directory;
  ldap::Settings settings;
  settings.name = directory.name;
  settings.uris = directory.uris;
  settings.flavour = flavour_named(directory.flavour);
  settings.starttls = directory.starttls;
  settings.tls.ca_file = directory.ca_file;
  settings.base = state.base;
  settings.users.base = state.users_base;
  settings.groups.base = state.groups_base;
  if (directory.is_anonymous) return settings;
  settings.bind.method = ldap::Bind::Method::simple;
  settings.bind.dn = directory.bind_dn;
  settings.bind.password = state.bind_password;
  return settings;
}

}  // namespace dirsync::cli
