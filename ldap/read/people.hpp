#pragma once
#include <map>
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"
#include "ldap/read/sid.hpp"
#include "sync/model/damage.hpp"
#include "sync/model/entries.hpp"
#include "sync/model/members.hpp"

namespace dirsync::ldap {

struct People {
  EntryList entries;
  /// Members by their own primaryGroupID; no group has a value for them.
  std::map<Sid, std::vector<PersonIndex>> primary_groups;
  std::vector<Damage> damages;
  ReadFigures figures;
};

/// One search for all people; with `narrowed`, a filter, for those that fit it as well. Blocks. Errors:
/// LdapErrc. Thread: that of `context.connection`.
Result<People> read_people(ReadContext const& context, std::string const& narrowed = {});

}  // namespace dirsync::ldap
