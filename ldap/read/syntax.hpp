#pragma once
#include <set>
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"
#include "sync/model/damage.hpp"

namespace dirsync::ldap {

/// A name that was damaged on its way, or is broken in the directory, would look like another name. So values
/// of `asked` attributes (lower case), and of uid, that are not UTF-8 (RFC 4517, 3.3.6), but for octet
/// strings, are left out, and noted as damages of the entry that gets this number. Of a group all values of
/// such an attribute are: what is left would be another name. A person who lacks what decides about them is
/// set aside.
void leave_out_bad_text(ReadContext const& context, Damage::Of kind, std::uint32_t number,
                        std::set<std::string> const& asked, Collected& collected,
                        std::vector<Damage>& damages);

}  // namespace dirsync::ldap
