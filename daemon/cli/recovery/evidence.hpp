#pragma once
// What `recover --audit` is given: an export of the audit trail, or a copy of a store.
#include <set>
#include <string>
#include <vector>

#include "store/state_folder.hpp"
#include "sync/model/plan.hpp"
#include "sync/plan/claims/confirm.hpp"

namespace dirsync::cli {

struct Evidence {
  plan::RememberedByTarget remembered;
  std::string source;          // "audit export /backup/trail.jsonl, rows 1 to 4711"
  std::int64_t last_row = 0;   // of the trail; how far it tells
  std::vector<Reason> doubts;  // what a person must know before they rely on it; each holds the plan
};

/// Reads the file, which is not changed, and checks what can be checked of it: an export by its hashes and by
/// FILE.proof where there is one, whose signature must be of the folder's key where that is there; a store
/// copy page by page and by its chain. A trail that does not hold is no error but a doubt. `folder`: a copy
/// is looked at in a folder of its own within it, which is gone afterwards. `targets`: those that are
/// configured. Errors: StoreErrc::unwritable (cannot be read), malformed (neither of the two), corrupt,
/// foreign, newer, full.
Result<Evidence> read_evidence(std::string const& file, store::StateFolder const& folder,
                               std::set<std::string> const& targets);

// One kind each.
Result<Evidence> read_export(std::string const& file, store::StateFolder const& folder,
                             std::set<std::string> const& targets);
Result<Evidence> read_store_copy(std::string const& file, store::StateFolder const& folder,
                                 std::set<std::string> const& targets);

/// A doubt.
Reason doubt_of(char const* code, std::string text);

}  // namespace dirsync::cli
