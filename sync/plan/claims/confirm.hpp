#pragma once
// What was ours by an audit trail or an older store, compared with what the targets show now.
#include "sync/plan/claims/claiming.hpp"
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// A group that was ours. Without ids where the trail alone tells of it: it names groups and users by name.
struct RememberedGroup {
  ManagedGroup group;
  bool is_renamed = false;     // by us, afterwards; the trail does not tell the new name
  std::vector<Grant> grants;   // their group's name and id do not count
  std::vector<Grant> ended{};  // the same, of memberships that were ours and had ended by then
};

/// Of one target.
struct Remembered {
  std::vector<RememberedGroup> groups;
  std::vector<MadeUser> made_users{};
};

using RememberedByTarget = std::map<std::string, Remembered>;

/// Claims what is there now and is surely what it was: the group by its id, or by a name that no other bears;
/// the membership; and the user by id together with name or DN, or by name together with DN or person. What
/// is ours already is left out, and what cannot be claimed is told. Grants of ours that are remembered as
/// ended are forgotten: whoever is in the group now was let in by somebody else.
Claiming confirm(Input const& input, Desired const& desired, RememberedByTarget const& remembered);

}  // namespace dirsync::plan
