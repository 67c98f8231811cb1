#pragma once
#include <map>
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"
#include "ldap/read/sid.hpp"
#include "sync/model/damage.hpp"
#include "sync/model/entries.hpp"
#include "sync/model/members.hpp"
#include "sync/model/two_lists.hpp"

namespace dirsync::ldap {

struct Groups {
  EntryList entries;
  MemberValues members;              // by number in `entries`
  std::vector<ListsBeside> lists;    // of entries that have several
  std::map<Sid, GroupIndex> by_sid;  // where entries have a primary group
  std::vector<Damage> damages;
  ReadFigures figures;
};

/// All groups with all their members: one search, and more for members that come in parts or are dynamic.
/// Blocks. Errors: LdapErrc. Thread: that of `context.connection`.
Result<Groups> read_groups(ReadContext const& context);

/// A group that the filter of a rule fits.
struct SelectedGroup {
  std::string rule;
  EntryId group;
};

/// One search for each rule that has a filter; counted in `figures`. As read_groups().
Result<std::vector<SelectedGroup>> select_groups(ReadContext const& context, ReadFigures& figures);

}  // namespace dirsync::ldap
