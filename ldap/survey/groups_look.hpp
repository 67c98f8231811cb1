#pragma once
#include "ldap/survey/bounded_search.hpp"

namespace dirsync::ldap {

/// Groups below `area`, and other entries there that have members. `filter`: of what is read as groups.
/// Errors: as look_at(). Blocks; thread: that of the connection.
Result<GroupsLook> look_at_groups(SurveyContext const& context, Area const& area, std::string const& filter);

}  // namespace dirsync::ldap
