#pragma once
#include <sys/types.h>

#include <string>

#include "sync/model/error.hpp"

namespace dirsync {

/// "uid:1000 (alice)": who started the process, also after it went on as another account. Thread: main.
std::string invoking_person();

/// Goes on as `owner` for good, with that account's groups (`group` alone when nobody knows the account),
/// when the process is root's and `owner` is another; else changes nothing. What only root may read must be
/// read before. Thread: main, while there is no other. Errors: of errno(3).
Result<void> give_up_root_for(uid_t owner, gid_t group);

}  // namespace dirsync
