#pragma once
// The configuration as the rest of the daemon sees it: complete, checked, with defaults filled in.
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ldap/settings.hpp"
#include "sync/console/settings.hpp"
#include "sync/model/directory_policy.hpp"
#include "sync/model/log_level.hpp"
#include "sync/model/name_template.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/secret.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::config {

enum class LogFormat { logfmt, json };

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::logfmt;
};

/// Each is told of some events, each until it changes once. Exactly one of the two ways.
struct Webhook {
  std::string url;      // http or https; may hold a path or query that nobody else should know
  Secret secret;        // signs what is sent
  std::string ca_file;  // absolute path; empty: the system's CAs
};
struct Mail {
  std::string sendmail;         // absolute path of the program
  std::vector<std::string> to;  // addresses without spaces, commas and line breaks; not empty
};
struct Notify {
  std::variant<Webhook, Mail> way;
  std::vector<std::string> events;  // some of kNotifyEvents
};
inline constexpr std::array<std::string_view, 7> kNotifyEvents{
    "held", "blocked", "read_incomplete", "failing", "store_behind", "chain_broken", "frozen"};
/// "https://hooks.example.com:8443" of a webhook: without path and query, which may be secret.
std::string host_of(Webhook const& webhook);

struct Service {
  std::string state_dir;
  std::string control_socket;         // empty: none
  bool control_socket_given = false;  // by the file, so that it must be possible
  std::string http_listen;            // "127.0.0.1:9464"; empty: off
  bool http_page = false;             // the page is there as well, to look at
  Log log;
  std::vector<Notify> notify;
};

struct Schedule {
  std::chrono::milliseconds interval, jitter, full_read_interval;
  bool watch = true;  // the directories' change feeds are followed
  /// A run that news cause begins once there was none for `quiet`, at the latest `longest_quiet` after the
  /// first.
  std::chrono::milliseconds quiet, longest_quiet;
  /// By when a removal is to be made, counted from the directory's change; none: nobody asks for that.
  std::optional<std::chrono::milliseconds> revocation_target{};
};

struct Directory {
  ldap::Settings ldap;
  NameTemplate user_name;  // of a person in messages, and as `member_name` of Vault rules
  /// Instead of it, should the directory turn out to be Active Directory; see Rule::member_name_on_ad.
  std::optional<NameTemplate> user_name_on_ad;
  DirectoryPolicy policy;
};

struct Target {
  std::variant<vault::Settings, console::Settings> settings;
  Limits limits;  // [limits] narrowed by [target.NAME.limits]
};

struct Config {
  std::string file;
  Service service;
  Schedule schedule;
  std::map<std::string, Directory> directories;
  std::map<std::string, Target> targets;
  std::vector<Rule> rules;  // in file order
  Limits limits;
  std::vector<std::string> warnings;  // every run logs them
  std::map<std::string, std::string>
      effective;       // every key that holds and its TOML value; of secrets, the source
  std::string digest;  // SHA-256 of `effective`
};

}  // namespace dirsync::config
