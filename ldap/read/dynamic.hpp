#pragma once
#include <set>
#include <string>
#include <vector>

#include "ldap/read/groups.hpp"

namespace dirsync::ldap {

/// A group with memberURL values: whoever their searches find is a member.
struct DynamicGroup {
  GroupIndex group = 0;
  std::string dn;
  std::vector<std::string> urls{};
  /// Values that stand in the entry, in its server's spelling; slapd's dynlist overlay may have put them
  /// there.
  std::set<std::string, std::less<>> own{};
};

/// One search for each distinct URL; adds to `groups` and its figures. A URL that cannot be searched, or
/// whose base is not there, is a damage of its group, and stands among its members as a value that names
/// nobody. Blocks. Errors: as search_all(): the group's members are unknown then, not none.
Result<void> add_dynamic_members(ReadContext const& context, std::vector<DynamicGroup> const& dynamic,
                                 Groups& groups);

}  // namespace dirsync::ldap
