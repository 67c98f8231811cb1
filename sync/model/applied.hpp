#pragma once
#include <optional>
#include <string>

#include "sync/model/change.hpp"
#include "sync/model/error.hpp"

namespace dirsync {

/// What became of one change.
struct Applied {
  /// done, already, failed, unknown or skipped. `unknown`: sent, and nothing told whether it was done; the
  /// engine looks before anything else.
  Outcome outcome = Outcome::failed;
  std::string detail;    // provisioned name, or the reason in words with what to do; never a secret
  std::string group_id;  // of a created group
  std::string principal, principal_id;  // of a provisioned user, as the target named it; empty otherwise
  /// Set when no further write makes sense on this target in this run (401 twice, Retry-After too long, ...).
  std::optional<Error> target_down;
};

}  // namespace dirsync
