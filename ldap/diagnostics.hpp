#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace dirsync::ldap {

/// What the words of an Active Directory server (Samba included) beside a result code mean, and what to do:
/// "the password is wrong; ...". Nothing when they are not of that kind or say nothing more.
/// `words`: such as "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e,
/// v4563". Source: Microsoft, "System Error Codes" (1300 and up), winerror.h (SEC_E_*, ERROR_DS_*).
std::optional<std::string> explain_active_directory(int result, std::string_view words);

}  // namespace dirsync::ldap
