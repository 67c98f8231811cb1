#pragma once
// Checks of the machine and of the configuration itself: judgements of facts, without a look at anything.
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/config/load.hpp"
#include "daemon/doctor/check.hpp"
#include "sync/model/error.hpp"

namespace dirsync::doctor {

/// What stat(2) and access(2) say of a file or folder.
struct FileFacts {
  std::string path;
  std::string use;  // "tls.ca_file of directory corp"
  bool is_there = false;
  bool is_readable = false;  // by the account that dirsyncd goes on as
  uid_t owner = 0;
  mode_t mode = 0;                  // permissions alone
  std::optional<Error> unusable{};  // what is wrong with its content; none: nothing, or nobody looked into it
};

/// `service_owner`: the account that dirsyncd goes on as. `folder`: where the file stands.
void judge_config_file(FileFacts const& file, FileFacts const& folder, uid_t service_owner,
                       CheckList& checks);

/// The configuration as it was read, without its secrets; its warnings too.
void judge_configuration(config::Config const& config, CheckList& checks);
/// Why it could not be read; `id` is "configuration" or "secrets".
void judge_problems(std::string const& id, config::Problems const& problems, CheckList& checks);

/// CA files, certificates and keys that the configuration names. `holds_key`: nobody else may read it.
void judge_named_file(FileFacts const& file, bool holds_key, CheckList& checks);

void judge_state_folder(FileFacts const& folder, uid_t service_owner, CheckList& checks);

/// Of the state folder's file system, in bytes for whoever is not root.
void judge_disk(std::string const& folder, std::uint64_t available, std::uint64_t whole, CheckList& checks);

/// How far our clock is ahead of `who`'s; below zero: behind. `needs_tickets`: Kerberos refuses five minutes.
void judge_clock(std::string const& who, std::chrono::milliseconds ahead, bool needs_tickets,
                 CheckList& checks);

/// Properties of the unit as `systemctl show` prints them.
void judge_unit(std::map<std::string, std::string> const& properties, CheckList& checks);

/// Mode as chmod takes it: "0640".
std::string octal(mode_t mode);

}  // namespace dirsync::doctor
