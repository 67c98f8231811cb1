#pragma once
// Which entries of a server are groups: what its schema says of their classes.
#include <string>
#include <vector>

#include "ldap/flavour.hpp"
#include "ldap/settings.hpp"
#include "sync/model/error.hpp"
#include "sync/model/schema.hpp"

namespace dirsync::ldap {

struct GroupClasses {
  std::string filter;  // that every group fits, before groups.filter
  /// Classes whose entries may have members and that groups.classes leaves out.
  std::vector<std::string> unread;
};

/// The classes of groups.classes; without them those of the flavour and all others whose entries may have
/// members by the schema, people left out. Of classes that allow roleOccupant alone those are left out that
/// have no occupant and are of class simpleSecurityObject: they are service accounts.
/// Errors: LdapErrc::bad_setup: groups.classes names a class that the server's own schema lacks.
Result<GroupClasses> group_classes(Schema const& schema, FlavourTraits const& flavour,
                                   GroupKinds const& kinds);

/// Whether an entry of these classes may have members by the schema. A class that it lacks allows none.
bool allow_members(Schema const& schema, FlavourTraits const& flavour,
                   std::vector<std::string> const& classes);

}  // namespace dirsync::ldap
