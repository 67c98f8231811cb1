#pragma once
// Who had a DN that no entry has any more.
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sync/plan/facts.hpp"

namespace dirsync::plan {

/// What the last accepted read and earlier runs know. A DN is kept in mind as long as an object of the target
/// has it (former_dn_key()), so that it still names its entry many runs after a move. `facts` must outlive
/// it.
class FormerDns {
 public:
  FormerDns(Facts const& facts, std::string_view target);
  /// `normalized`: from normalized_dn(). Null: nobody who is known.
  EntryId const* bearer_of(std::string const& directory, std::string const& normalized) const;
  /// Whether that entry had it, in whichever directory.
  bool was_of(EntryId const& id, std::string const& normalized) const;

 private:
  Facts const& facts_;
  std::map<std::string, std::unordered_map<std::string, EntryId>> kept_;  // by directory, then DN
};

}  // namespace dirsync::plan
