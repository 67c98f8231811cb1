#include "daemon/cli/init_targets.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "daemon/config/environment.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

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

/// The option, or the person's answer where it is left out.
Result<std::string> answer(std::string const& option, std::string const& why, std::string const& what,
                           std::string const& otherwise) {
  if (!option.empty()) return option;
  return answer_until([](std::string const&) { return Result<void>{}; }, why, what, otherwise);
}

Result<void> check_url(std::string const& answer) {
  constexpr std::string_view kSecure = "https://";
  if (answer == "none" || (answer.starts_with(kSecure) && answer.size() > kSecure.size() &&
                           answer.find_first_of(" ?#@\\") == std::string::npos))
    return {};
  return Error{InitErrc::bad_option, "\"" + printable(answer) + "\" is no URL of a target; write it as " +
                                         "https://pvwa.example.com/PasswordVault"};
}

Result<std::string> ask_for_url(std::string const& option, std::string const& why, std::string const& what) {
  if (!option.empty()) return option;
  return answer_until(check_url, why, what, "none");
}

/// The directory's own is the likeliest.
Result<std::string> ca_of_target(std::string const& option, std::string const& what, InitState const& state) {
  if (!option.empty()) return whole_path(option);
  return ask_for_ca("The file of the CA that signed its certificate", what, state.answers.directory.ca_file);
}

}  // namespace

Error input_ended() { return {InitErrc::input_ended, "nothing was written"}; }

Result<std::string> answer_until(AnswerCheck const& check, std::string const& why, std::string const& what,
                                 std::string const& otherwise) {
  auto asked = ask_until(check, why, what, otherwise);
  if (!asked) return input_ended();
  return *std::move(asked);
}

Result<std::string> ask_for_ca(std::string const& why, std::string const& what,
                               std::string const& otherwise) {
  static constexpr char kSystem[] = "system";
  auto const check = [](std::string const& answer) -> Result<void> {
    if (answer == kSystem || ::access(answer.c_str(), R_OK) == 0) return {};
    boost::system::error_code const reason{errno, boost::system::generic_category()};
    return Error{reason, "cannot read " + printable(answer) + ": " + reason.message() +
                             "; name another, or \"system\""};
  };
  auto file = answer_until(check, why + "; \"system\" for the system's CAs.", what,
                           otherwise.empty() ? kSystem : otherwise);
  if (!file) return file;
  return *file == kSystem ? std::string{} : whole_path(*file);
}

/// Files of the service's own folder are its credentials.
init::SecretPlace secret_place(std::string const& file) {
  std::filesystem::path const path = std::filesystem::absolute(file).lexically_normal();
  if (path.parent_path() == config::kCredentialsFolder) return {true, path.filename()};
  return {false, path};
}

/// Absolute; empty stays empty.
std::string whole_path(std::string const& file) {
  return file.empty() ? file : std::filesystem::absolute(file).lexically_normal().string();
}

Result<void> ask_for_vault(InitArguments const& options, std::string const& base, InitState& state) {
  auto const url = ask_for_url(options.vault_url,
                               "A Vault to write to, by the URL of its PVWA, such as "
                               "https://pvwa.example.com/PasswordVault; \"none\" for none.",
                               "Vault URL");
  if (!url) return url.error();
  if (*url == "none") return {};
  auto const ca = ca_of_target(options.vault_ca_file, "Vault CA file", state);
  if (!ca) return ca.error();
  auto user =
      answer(options.vault_user, "The Vault user that dirsyncd logs on as.", "Vault user", "svc-dirsyncd");
  if (!user) return user.error();
  auto const file = answer(options.vault_password_file, "The file that holds its password, of mode 0600.",
                           "Vault password file", std::string{config::kCredentialsFolder} + "/vault");
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
                                           .ca_file = *ca,
                                           .domain = *domain == "none" ? "" : *domain};
  return {};
}

Result<void> ask_for_console(InitArguments const& options, InitState& state) {
  auto const url = ask_for_url(options.console_url, "A console to write to, by its URL; \"none\" for none.",
                               "Console URL");
  if (!url) return url.error();
  if (*url == "none") return {};
  auto const ca = ca_of_target(options.console_ca_file, "Console CA file", state);
  if (!ca) return ca.error();
  auto user = answer(options.console_user, "The console user that dirsyncd logs on as.", "Console user",
                     "svc-dirsyncd");
  if (!user) return user.error();
  auto const file = answer(options.console_password_file, "The file that holds its password, of mode 0600.",
                           "Console password file", std::string{config::kCredentialsFolder} + "/console");
  if (!file) return file.error();
  auto const role = answer(options.console_role, "The role of groups that are made; \"none\": none is made.",
                           "Console role", "none");
  if (!role) return role.error();
  state.answers.console = init::ConsoleAnswers{.url = *url,
                                               .user = *user,
                                               .password = secret_place(*file),
                                               .ca_file = *ca,
                                               .role = *role == "none" ? "" : *role};
  return {};
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

}  // namespace dirsync::cli
