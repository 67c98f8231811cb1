// What directories and targets have in common: TLS, time, secrets.
#include <algorithm>
#include <array>

#include "daemon/config/sections.hpp"

namespace dirsync::config {
namespace {

using namespace std::chrono_literals;

std::string absolute_path(Section& section, std::string_view key) {
  auto const path = section.text(key);
  if (path && !path->starts_with('/')) {
    section.problem(ConfigErrc::malformed, key, section.key_path(key) + " must be an absolute path");
  }
  return path.value_or("");
}

constexpr std::string_view kThreeWays =
    "{ credential = \"NAME\" }, { file = \"/absolute/path\" } or { env = \"NAME\" }";

/// The file's content less one final newline. `or_else`: what else would do where it cannot be read.
std::optional<std::string> secret_file(Section& section, std::string_view key, std::string const& path,
                                       Privacy privacy, std::string const& or_else = "") {
  auto content = section.reading().environment().file(path, privacy);
  if (!content) {
    auto const insecure = content.error().code == ConfigErrc::insecure;
    section.problem(insecure ? ConfigErrc::insecure : ConfigErrc::unreadable, key,
                    content.error().context + (insecure ? "" : or_else));
    return std::nullopt;
  }
  if (content->ends_with('\n')) content->pop_back();
  return std::move(*content);
}

/// Root has no service manager that hands it the secrets, and may read them where that one has them from.
std::optional<std::string> credential_without_a_manager(Section& section, std::string const& name) {
  auto const file = std::string{kCredentialsFolder} + "/" + name;
  auto const under_systemd = "start under systemd with LoadCredential=" + name + ":" + file;
  if (section.reading().environment().is_root())
    return secret_file(section, "credential", file, Privacy::root_only,
                       "; or " + under_systemd + ", which sets $CREDENTIALS_DIRECTORY");
  section.problem(ConfigErrc::unreadable, "credential",
                  section.key_path("credential") + " cannot be read: $CREDENTIALS_DIRECTORY is not set; " +
                      under_systemd + ", run as root with the secret in that file, or use file or env");
  return std::nullopt;
}

std::optional<std::string> from_credential(Section& section, std::string const& name) {
  if (name.find('/') != name.npos || name == "." || name == "..") {
    section.problem(ConfigErrc::malformed, "credential",
                    section.key_path("credential") + " is the name of a credential, not a path");
    return std::nullopt;
  }
  if (section.reading().secrets() == Secrets::leave) return std::nullopt;
  auto const folder = section.reading().environment().variable("CREDENTIALS_DIRECTORY");
  if (!folder) return credential_without_a_manager(section, name);
  return secret_file(section, "credential", *folder + "/" + name, Privacy::any);
}

std::optional<std::string> from_file(Section& section, std::string const& path) {
  if (!path.starts_with('/')) {
    section.problem(ConfigErrc::malformed, "file", section.key_path("file") + " must be an absolute path");
    return std::nullopt;
  }
  if (section.reading().secrets() == Secrets::leave) return std::nullopt;
  return secret_file(section, "file", path, privacy_of(section, path));
}

std::optional<std::string> from_variable(Section& section, std::string const& name) {
  if (section.reading().secrets() == Secrets::leave) return std::nullopt;
  auto value = section.reading().environment().variable(name);
  if (!value) {
    section.problem(ConfigErrc::unreadable, "env",
                    section.key_path("env") + " cannot be read: the environment has no variable " + name +
                        "; set it for the service, or use credential or file");
  }
  return value;
}

}  // namespace

Tls read_tls(Section section, std::string const& owner) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kVersions{
      {{"1.2", "1.2"}, {"1.3", "1.3"}}};
  Tls tls;
  tls.ca_file = absolute_path(section, "ca_file");
  tls.ca_dir = absolute_path(section, "ca_dir");
  tls.min_version = section.choice<std::string_view>("min_version", "1.2", kVersions);
  tls.cert_file = absolute_path(section, "cert_file");
  tls.key_file = absolute_path(section, "key_file");
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    section.problem(ConfigErrc::missing, tls.cert_file.empty() ? "key_file" : "cert_file",
                    section.key_path("cert_file") + " and key_file belong together; give both or none");
  }
  tls.verify = section.flag("verify", true);
  auto const accepted = section.flag("i_accept_the_risk", false);
  if (!tls.verify && !accepted) {
    section.problem(ConfigErrc::insecure, "verify",
                    section.key_path("verify") +
                        " = false lets anybody on the way read passwords and forge answers; "
                        "set ca_file instead, or add i_accept_the_risk = true");
  }
  if (!tls.verify) {
    section.reading().warn(owner + ": TLS certificates are not verified (tls.verify = false)");
  }
  tls.plaintext = section.flag("plaintext", false);
  if (tls.plaintext)
    section.reading().warn(owner + ": connections without TLS are allowed (tls.plaintext = true)");
  return tls;
}

Timeouts read_timeouts(Section section, Timeouts const& defaults) {
  Timeouts timeouts;
  timeouts.connect = section.duration("connect", defaults.connect, 10ms, 1h);
  timeouts.idle = section.duration("idle", defaults.idle, 10ms, 1h);
  timeouts.total = section.duration("total", defaults.total, 10ms, 24h);
  return timeouts;
}

Retry read_retry(Section section, Retry const& defaults) {
  Retry retry;
  retry.attempts = static_cast<int>(section.whole("attempts", defaults.attempts, 1, 20));
  retry.longest = section.duration("longest", defaults.longest, 1ms, 1h);
  retry.first = section.duration("first", std::min(defaults.first, retry.longest), 1ms, 10min);
  if (retry.first > retry.longest) {
    section.problem(ConfigErrc::conflict, "first",
                    section.key_path("first") + " is longer than longest; make it shorter");
  }
  return retry;
}

http::Pace read_pace(Section section, http::Pace const& defaults) {
  http::Pace pace;
  pace.concurrency = static_cast<int>(section.whole("concurrency", defaults.concurrency, 1, 64));
  pace.requests_per_second = section.number("requests_per_second", defaults.requests_per_second, 0.1, 10'000);
  return pace;
}

Privacy privacy_of(Section const& section, std::string const& path) {
  // systemd keeps its credentials from others by the folder, whatever the file's mode.
  auto const folder = section.reading().environment().variable("CREDENTIALS_DIRECTORY");
  auto const is_credential = folder && path.starts_with(*folder + "/") && path.find("/../") == path.npos;
  return is_credential ? Privacy::any : Privacy::owner_only;
}

Secret read_secret(Section& parent, std::string_view key) {
  auto const* const node = parent.find(key);
  if (node == nullptr) {
    parent.missing(key, kThreeWays);
    return {};
  }
  if (!std::holds_alternative<Table>(node->value)) {
    parent.problem(ConfigErrc::literal_secret, key,
                   parent.key_path(key) + " must not stand in the configuration; write " +
                       std::string{kThreeWays} + ", and change the secret that was here");
    return {};
  }
  auto section = parent.section(key);
  auto const credential = section.text("credential");
  auto const path = section.text("file");
  auto const variable = section.text("env");
  if (int{section.has("credential")} + int{section.has("file")} + int{section.has("env")} != 1) {
    section.problem(ConfigErrc::conflict,
                    section.shown() + " needs exactly one of " + std::string{kThreeWays});
    return {};
  }
  if (!credential && !path && !variable) return {};  // reported
  auto value = credential ? from_credential(section, *credential)
               : path     ? from_file(section, *path)
                          : from_variable(section, *variable);
  if (value && value->empty())
    section.problem(ConfigErrc::malformed,
                    section.shown() + " is an empty secret; put the secret " +
                        (credential ? "into " + std::string{kCredentialsFolder} + "/" + *credential +
                                          ", or where LoadCredential=" + *credential + " says"
                                    : "there"));
  Secret secret{value.value_or("")};
  if (value) wipe(*value);
  return secret;
}

}  // namespace dirsync::config
