#pragma once
#include "ldap/reading.hpp"
#include "sync/model/entries.hpp"

namespace dirsync::ldap {

struct People {
  EntryList entries;
  ReadFigures figures;
};

/// One search for all people. Blocks. Errors: LdapErrc. Thread: that of `reading.connection`.
Result<People> read_people(Reading const& reading);

}  // namespace dirsync::ldap
