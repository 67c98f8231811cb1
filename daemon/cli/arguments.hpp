#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dirsync::cli {

enum class Command {
  run,
  sync,
  plan,
  undo,
  approve,
  reject,
  freeze,
  thaw,
  retry,
  adopt,
  recover,
  log,
  log_verify,
  log_export,
  log_key,
  log_prune,
  log_acknowledge,
  runs,
  run_show,
  status,
  who,
  why,
  config_check,
  init,
  doctor,
  report,
  page,
  console,
};

/// What follows `dirsyncd console`.
struct ConsoleArguments {
  enum class Action { list, get, users, create, update, remove } action{};
  std::string target;
  std::string group, id;                             // which group: by exact name, or by id
  std::string query_type = "SHOW_CURRENT";           // list
  std::optional<std::string> name;                   // list: the console's own filter
  std::optional<std::string> new_name, description;  // update; create has the latter, too
  std::vector<std::string> roles;                    // names
  std::optional<std::int64_t> update_version;
};

/// What follows `dirsyncd log export`, `log verify`, `log prune` and `log acknowledge`.
struct ExtractArguments {
  std::string format = "jsonl", out;  // export
  std::string file, head, key;        // verify
  std::string before;                 // prune
  std::string reason;                 // acknowledge
};

/// What follows `dirsyncd report`.
struct ReportArguments {
  std::string format;  // html, csv, json; empty: html, or json with --json
  std::string out;     // a file; empty: standard output
};

/// What follows `dirsyncd init`. Empty: asked for, or proposed.
struct InitArguments {
  std::vector<std::string> uris;
  std::string flavour = "auto";
  bool starttls = false, anonymous = false;
  std::string bind_dn, bind_password_file, ca_file;
  std::string base, users_base, groups_base, groups;
  std::string vault_url, vault_user, vault_password_file, vault_ca_file, vault_domain;
  std::string console_url, console_user, console_password_file, console_ca_file, console_role;
  std::string state_dir = "/var/lib/dirsyncd";
  std::string output;  // empty: --config
  bool force = false;
};

/// The command line, checked for form.
struct Arguments {
  Command command{};
  std::string config = "/etc/dirsyncd/dirsyncd.toml";
  bool config_is_named = false;  // by --config, be it the same
  bool json = false;
  std::string log_level;  // empty: as configured

  // plan, sync, undo; some also adopt, recover
  bool dry_run = false, yes = false, accept_band = false, detailed_exitcode = false, verbose = false;
  bool offline = false;  // plan
  std::string rule, group, user;
  std::string approve;

  std::string members = "desired";  // adopt: "desired" or "all"
  std::string audit;                // recover: an export of the audit trail, or a copy of a store

  std::string digest;           // approve, reject
  std::string reason;           // the same, freeze, and beside --approve
  bool removals_alone = false;  // freeze
  std::int64_t run = 0;         // run show, log --run, undo

  // log, runs, who, why, report
  std::string since, until, at, target, action, outcome;
  std::string format = "table";  // table, json, csv
  std::optional<std::int64_t> limit;
  std::int64_t after = 0;  // log --after: a sequence
  bool follow = false;     // log
  bool trace = false;      // why

  ExtractArguments extract;
  ReportArguments report;

  bool online = false;  // config check
  std::string side;     // doctor: a directory or target; empty: all

  ConsoleArguments console;
  InitArguments init;
};

/// What the process ends with when there is nothing to do: help, version, or a mistake in the command line.
struct Finished {
  int exit_code = 0;
  std::string message;  // help goes to standard output, mistakes to standard error
};

std::variant<Arguments, Finished> parse_arguments(int argc, char const* const* argv);

}  // namespace dirsync::cli
