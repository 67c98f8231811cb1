#pragma once
// The configuration as the rest of the daemon sees it: complete, checked, with defaults filled in.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ldap/settings.hpp"
#include "sync/console/settings.hpp"
#include "sync/model/directory_policy.hpp"
#include "sync/model/log_level.hpp"
#include "sync/model/name_template.hpp"
#include "sync/model/policy.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::config {

enum class LogFormat { logfmt, json };

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::logfmt;
};

struct Service {
  std::string state_dir;
  std::string control_socket;         // empty: none
  bool control_socket_given = false;  // by the file, so that it must be possible
  std::string http_listen;            // "127.0.0.1:9464"; empty: off
  Log log;
};

struct Schedule {
  std::chrono::milliseconds interval, jitter, full_read_interval;
  bool watch = true;
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
