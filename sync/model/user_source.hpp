#pragma once

namespace dirsync {

/// What a target says of the kind of one of its users.
enum class UserSource {
  directory,  // stands for an LDAP entry; Vault: source LDAP, with userDN
  local,      // lives in the target alone
  unknown,    // the target does not tell (console)
};

}  // namespace dirsync
