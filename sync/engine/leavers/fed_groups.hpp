#pragma once
// What a whole run knew of its targets, kept for those who join ahead of the next one. Inside this folder and
// for record().
#include <map>
#include <span>
#include <string>

#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

/// Groups of ours that their target lists under the name that their only source gives them, and those that
/// the run made. Not of rules with `exclude`, `members_of`, `people` of another directory, or as = "group".
/// `drafted`: by a whole run.
FedGroups fed_groups(Drafted const& drafted, std::span<Settled const> outcomes);

/// Of the targets that were read and whose users are told by DNs.
std::map<std::string, UserBook> user_books(plan::Input const& input);

}  // namespace dirsync::engine
