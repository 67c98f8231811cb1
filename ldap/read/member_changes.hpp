#pragma once
// Who came to a group and who left it, by the log that an OpenLDAP server keeps of its changes.
#include <optional>
#include <string>

#include "ldap/read/opened.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// A group as it was read last.
struct GroupOnceRead {
  EntryId id;
  std::string dn;
  ChangeStamp changed;
};

/// One attempt at Directory::member_changes(): of the log of slapo-accesslog(5), which the suffix of the
/// groups names as its auditContext, the changes of the group, and one search whether the group is as they
/// make it. The log is to have an index of reqDN. Blocks. Thread: the directory's own. Errors: LdapErrc, but
/// none of the log that the server does not give away.
Result<std::optional<MemberChanges>> read_member_changes(Settings const& settings, Opened& opened,
                                                         GroupOnceRead const& group);

}  // namespace dirsync::ldap
