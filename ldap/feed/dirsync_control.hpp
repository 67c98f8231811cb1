#pragma once
// LDAP_SERVER_DIRSYNC_OID ([MS-ADTS] 3.1.1.3.4.1.3) on the wire.
#include <optional>
#include <string>
#include <string_view>

#include "ldap/connect/handles.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

constexpr char kDirsyncOid[] = "1.2.840.113556.1.4.841";

/// Asks for what changed since `cookie`; empty: for everything. Only what the account may see
/// (LDAP_DIRSYNC_OBJECT_SECURITY: no right to replicate is needed), and of linked attributes only the values
/// that came or went (LDAP_DIRSYNC_INCREMENTAL_VALUES). Critical. Errors: LdapErrc.
Result<ControlPtr> dirsync_control(std::string_view cookie);

struct DirsyncAnswer {
  bool more = false;   // there is more at once, behind the cookie
  std::string cookie;  // never empty
};
/// `value`: of the control that came with the answer. Nothing when it is malformed.
std::optional<DirsyncAnswer> parse_dirsync(std::string_view value);

}  // namespace dirsync::ldap
