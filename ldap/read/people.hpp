#pragma once
#include <map>
#include <vector>

#include "ldap/read/reading.hpp"
#include "ldap/read/sid.hpp"
#include "sync/model/entries.hpp"
#include "sync/model/members.hpp"

namespace dirsync::ldap {

struct People {
  EntryList entries;
  /// Members by their own primaryGroupID; no group has a value for them.
  std::map<Sid, std::vector<PersonIndex>> primary_groups;
  ReadFigures figures;
};

/// One search for all people. Blocks. Errors: LdapErrc. Thread: that of `reading.connection`.
Result<People> read_people(Reading const& reading);

}  // namespace dirsync::ldap
