#pragma once
// Attributes that a plan reads beside those that the rules name. In lower case.
#include <string>
#include <vector>

namespace dirsync::plan {

/// What a user is made from, where a target makes users.
inline std::vector<std::string> new_user_attributes() { return {"displayname", "cn", "mail"}; }

/// By which a Vault's directory mapping finds a group: the first of them that the entry has.
inline std::vector<std::string> logon_attributes() { return {"samaccountname", "cn"}; }

}  // namespace dirsync::plan
