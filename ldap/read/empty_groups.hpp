#pragma once
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"

namespace dirsync::ldap {

/// `dns`: groups that show no member, on a server that keeps memberOf together with member. Whoever says to
/// be in one of them proves that its members are hidden, or were added meanwhile.
/// Counts its searches in `figures`. Errors: LdapErrc::not_readable; as search_few(). Blocks.
Result<void> require_nobody_in(ReadContext const& context, std::vector<std::string> const& dns,
                               ReadFigures& figures);

}  // namespace dirsync::ldap
