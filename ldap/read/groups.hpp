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
/// With `narrowed`, a filter, those that fit it as well; a dynamic one among them is an error then,
/// errc::operation_not_supported, as its members need searches that nothing narrows. Blocks. Errors:
/// LdapErrc. Thread: that of `context.connection`.
Result<Groups> read_groups(ReadContext const& context, std::string const& narrowed = {});

/// A group that the filter of a rule fits.
struct SelectedGroup {
  std::string rule;
  EntryId group;
};

/// One search for each rule that has a filter; counted in `figures`. With `narrowed`, of the groups that fit
/// it as well. Errors and thread: as read_groups().
Result<std::vector<SelectedGroup>> select_groups(ReadContext const& context, ReadFigures& figures,
                                                 std::string const& narrowed = {});

struct GroupIds {
  std::vector<EntryId> ids;
  SearchFigures figures;
};

/// Of the groups of a whole read those that fit `filter`, by their ids alone: one search. `what`: for
/// messages. Errors and thread: as read_groups().
Result<GroupIds> find_groups(ReadContext const& context, std::string const& what, std::string const& filter);

}  // namespace dirsync::ldap
