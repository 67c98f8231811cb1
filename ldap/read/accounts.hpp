#pragma once
#include "ldap/connect/connection.hpp"
#include "sync/model/account.hpp"

namespace dirsync::ldap {

/// How servers of that flavour tell that an account must not be used.
AccountScheme scheme_of(Flavour flavour);

/// The scheme, and with Active Directory the domain's lockoutDuration. A domain that does not show it is no
/// error: locks then count until they are lifted. Errors: as search_few(). Blocks; thread: that of
/// `connection`.
Result<AccountRules> read_account_rules(Connection& connection, Flavour flavour);

}  // namespace dirsync::ldap
