#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/error.hpp"

namespace dirsync {

/// Somebody, or a Directory group, that the target may have let in instead of whom an addition meant.
struct Stranger {
  std::string id;    // as Change::principal_id
  std::string name;  // the target's spelling
  std::string dn;    // empty: the target does not tell
};

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
  std::optional<UserSource> source{};  // of a provisioned user, where the target told it
  std::vector<Stranger> strangers{};
  bool made_user = false;  // the member is a user that this call made, with nothing but what it was given
  /// There is one stranger, and certainly this call let it in: it is to be taken out again.
  bool take_back = false;
};

}  // namespace dirsync
