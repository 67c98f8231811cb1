#pragma once
#include <string>
#include <vector>

#include "sync/model/schema.hpp"

namespace dirsync::ldap {

/// Those of an entry's classes that tell most: without `top` and without classes above one of the others;
/// ascending. Pure.
std::vector<std::string> most_special(Schema const& schema, std::vector<std::string> classes);

/// Names of the attribute types by which entries name members: member, uniqueMember, memberUid, memberURL,
/// roleOccupant and all types below them. Those of the first five that the schema lacks are left out. Pure.
std::vector<std::string> member_types(Schema const& schema);

}  // namespace dirsync::ldap
