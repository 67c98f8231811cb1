#pragma once
#include "ldap/connect/connection.hpp"
#include "sync/model/certificate.hpp"

namespace dirsync::ldap {

/// How far the server has come, by what it offers itself: contextCSN of the suffixes that are read (OpenLDAP,
/// by server id), the database's replica update vector or the retro changelog's last number (389-ds),
/// highestCommittedUSN (Active Directory, by invocation id). Without a source when it offers nothing or hides
/// it. Errors: as search_few(). Blocks; thread: that of `connection`.
Result<ChangeNumbers> read_change_numbers(Connection& connection, Settings const& settings);

}  // namespace dirsync::ldap
