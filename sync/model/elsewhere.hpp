#pragma once
// Member values that name entries of another directory.
#include <map>
#include <string>
#include <string_view>

#include "sync/model/snapshot.hpp"

namespace dirsync {

/// Where a directory begins. Normalized, as normalized_dn() gives it; empty: it holds no DNs of others.
using BaseDns = std::map<std::string, std::string>;  // by directory

/// Finds what the values of each directory's groups mean that name nothing of that directory itself: the
/// entry that has the DN in a directory below whose base it lies (of several, the one with the longest base),
/// and for a foreign security principal the entry that has its SID. What is found is MemberElsewhere from
/// then on, and no longer unresolved. `snapshots`: by directory, all that were read.
void resolve_elsewhere(std::map<std::string, Snapshot>& snapshots, BaseDns const& bases);

/// Whether a value that names nothing that was read may name an entry of that directory, which was not read.
/// `base`: of it, as in BaseDns. No other of the directories that were read has the entry.
bool may_be_in(std::string_view value, std::string const& base);

}  // namespace dirsync
