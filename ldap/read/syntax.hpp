#pragma once
#include <set>
#include <span>
#include <string>

#include "ldap/read/read_context.hpp"

namespace dirsync::ldap {

// A name that was damaged on its way, or is broken in the directory, would look like another name, and who
// bears it like somebody who left. Both functions refuse that. Errors: LdapErrc::bad_answer.

/// Values of `asked` attributes (lower case), and of uid, are UTF-8 (RFC 4517, 3.3.6), but for octet strings.
Result<void> require_utf8(ReadContext const& context, EntryReader const& entry,
                          std::set<std::string> const& asked, std::span<EntryAttribute const> attributes);

/// Member values that name nothing that was read are DNs or user names all the same.
Result<void> require_member_names(Connection const& connection, Snapshot const& snapshot);

}  // namespace dirsync::ldap
