#pragma once
#include "ldap/survey/bounded_search.hpp"

namespace dirsync::ldap {

/// People below `area`. Errors: as look_at(). Blocks; thread: that of the connection.
Result<PeopleLook> look_at_people(SurveyContext const& context, Area const& area, std::string const& filter);

}  // namespace dirsync::ldap
