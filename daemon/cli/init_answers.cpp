#include "daemon/cli/init_answers.hpp"

#include <filesystem>

#include "daemon/cli/dialogue.hpp"
#include "daemon/cli/init_targets.hpp"
#include "daemon/config/environment.hpp"
#include "ldap/connect/server.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

Result<Secret> secret_in(std::string const& file, char const* option) {
  config::ProcessEnvironment const environment;
  auto content = environment.file(file, config::Privacy::owner_only);
  if (!content) return within(option, content.error());
  if (content->ends_with('\n')) content->pop_back();
  return Secret{std::move(*content)};
}

Result<void> check_dn(std::string const& dn, char const* option) {
  auto const normalized = normalized_dn(dn);
  if (normalized && !normalized->empty()) return {};
  return Error{InitErrc::bad_option,
               std::string{option} + ": \"" + printable(dn) +
                   "\" is not a DN, such as \"cn=dirsyncd,ou=services,dc=example,dc=com\""};
}

Result<void> check_bind_dn(std::string const& answer, init::DirectoryAnswers const& directory) {
  if (answer == "none") return {};
  if (!directory.starttls && directory.uris.front().starts_with("ldap://"))
    return Error{InitErrc::bad_option,
                 "its password would be readable on the wire; answer \"none\", or begin again (Ctrl-C) with "
                 "ldaps:// or StartTLS"};
  return check_dn(answer, "the bind DN");
}

Result<void> check_uri(std::string const& answer) {
  if (ldap::parse_server(answer)) return {};
  return Error{InitErrc::bad_option, "\"" + printable(answer) + "\" is no server; write it as " +
                                         "ldaps://ldap.example.com or ldap://ldap.example.com:389"};
}

/// What only the server can judge passes.
Result<void> check_filter(std::string const& text) {
  if (text.empty()) return {};
  auto const filter = Filter::parse(text);
  if (filter || filter.error().code == FilterErrc::unsupported) return {};
  return Error{InitErrc::bad_option, "--groups: " + filter.error().context};
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
                      std::string{config::kCredentialsFolder} + "/" + name + " yourself.",
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
    auto const dn = ask_until(
        [&directory](std::string const& answer) { return check_bind_dn(answer, directory); },
        "The account that reads people and groups; \"none\" reads as anybody may.", "Bind DN", "none");
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

ldap::Flavour flavour_named(std::string const& name) {
  using enum ldap::Flavour;
  for (auto const flavour : {openldap, ds389, active_directory})
    if (name == ldap::to_text(flavour)) return flavour;
  return automatic;
}

Result<std::string> ask_for_base(std::string const& option, std::string const& why, std::string const& what,
                                 std::string const& seen, char const* name) {
  auto const check = [name](std::string const& answer) { return check_dn(answer, name); };
  if (option.empty()) return answer_until(check, why, what, seen);
  if (auto const fits = check(option); !fits) return fits.error();
  return option;
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
    auto const uri =
        ask_until(check_uri, "The directory's server, such as ldaps://ldap.example.com.", "Server", "");
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
    auto const file = ask_for_ca("The file of the CA that signed the server's certificate", "CA file", "");
    if (!file) return file.error();
    directory.ca_file = *file;
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
  auto const check = [](std::string const& answer) {
    return answer == "proposed" ? Result<void>{} : check_filter(answer);
  };
  auto const filter =
      options.groups.empty()
          ? answer_until(check, "A filter for the groups that are kept; \"proposed\": see the file.",
                         "Groups", "proposed")
          : Result<std::string>{options.groups};
  if (!filter) return filter.error();
  state.answers.groups = *filter == "proposed" ? "" : *filter;
  if (auto const asked = ask_for_vault(options, seen.base, state); !asked) return asked.error();
  if (auto const asked = ask_for_console(options, state); !asked) return asked.error();
  state.users_base = *users;
  state.groups_base = *groups;
  return *users != seen.people.base || *groups != seen.groups.base;
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
