#pragma once
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sync/model/error.hpp"

namespace dirsync {

/// What a process can tell of the person behind it.
struct ProcessOrigin {
  std::optional<uid_t> login;  // who logged in; nothing: nobody did, or the kernel does not tell
  uid_t user = 0;              // whose rights it was started with
  std::optional<uid_t> sudo;   // SUDO_UID of the environment: a claim, which only root's own can be relied on
};

/// The user of /proc/PID/loginuid; nothing when it is not set, or no number stands there.
std::optional<uid_t> login_user(std::filesystem::path const& file);

/// Empty: nobody knows one. It may come from a server, which may be slow. Thread: any.
std::string name_of_account(uid_t account);

/// "uid:1000 (jane)", or "uid:1000 (jane) via sudo" when sudo gave jane the rights of somebody else.
/// `name_of`: of an account, empty when nobody knows one.
std::string person_behind(ProcessOrigin const& origin, std::function<std::string(uid_t)> const& name_of);

/// person_behind() this process, also after it went on as another account. Thread: main.
std::string invoking_person();

/// Goes on as `owner` for good, with that account's groups (`group` alone when nobody knows the account),
/// when the process is root's and `owner` is another; else changes nothing. What only root may read must be
/// read before. Thread: main, while there is no other. Errors: of errno(3).
Result<void> give_up_root_for(uid_t owner, gid_t group);

}  // namespace dirsync
