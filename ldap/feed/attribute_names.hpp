#pragma once

namespace dirsync::ldap {

// Operational attributes that feeds ask for, lower case.
inline constexpr char kIsDeleted[] = "isdeleted";              // of a tombstone: [MS-ADTS] 3.1.1.5.5
inline constexpr char kModifyTimestamp[] = "modifytimestamp";  // RFC 4512, 3.4.2

}  // namespace dirsync::ldap
