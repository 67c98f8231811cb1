#pragma once
#include "ldap/reading.hpp"
#include "sync/model/entries.hpp"
#include "sync/model/members.hpp"

namespace dirsync::ldap {

struct Groups {
  EntryList entries;
  MemberValues members;  // by number in `entries`
  ReadFigures figures;
};

/// One search for all groups and their members. Blocks. Errors: LdapErrc.
/// Thread: that of `reading.connection`.
Result<Groups> read_groups(Reading const& reading);

/// A group that the filter of a rule fits.
struct SelectedGroup {
  std::string rule;
  EntryId group;
};

/// One search for each rule that has a filter; counted in `figures`. As read_groups().
Result<std::vector<SelectedGroup>> select_groups(Reading const& reading, ReadFigures& figures);

}  // namespace dirsync::ldap
