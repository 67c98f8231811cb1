#pragma once
#include "ldap/survey/bounded_search.hpp"

namespace dirsync::ldap {

enum class BaseFor { groups, people };

/// Where in `contexts` the entries of `filter` are, the context with most of them first; those with none are
/// left out, but for FreeIPA's. `freeipa`: the context whose cn=accounts has them; empty: none. Active
/// Directory's own groups and accounts do not count. Errors: as look_at(). Blocks; thread: that of the
/// connection.
Result<std::vector<LikelyBase>> likely_bases(SurveyContext const& context, BaseFor what,
                                             std::string const& filter,
                                             std::vector<std::string> const& contexts,
                                             std::string const& freeipa);

}  // namespace dirsync::ldap
