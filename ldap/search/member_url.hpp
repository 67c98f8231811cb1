#pragma once
#include <compare>
#include <string>

#include "ldap/settings.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// A search whose entries are the members of a dynamic group.
struct MemberUrl {
  std::string base;
  Scope scope = Scope::base;
  std::string filter;
  friend auto operator<=>(MemberUrl const&, MemberUrl const&) = default;
};

/// "ldap:///BASE??SCOPE?(FILTER)" (RFC 4516): without a host, for the search is done where the group is.
/// Attributes are ignored. Errors: LdapErrc::bad_member_url; the context is the reason alone.
Result<MemberUrl> parse_member_url(std::string const& url);

}  // namespace dirsync::ldap
