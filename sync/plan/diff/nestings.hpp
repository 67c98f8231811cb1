#pragma once
#include <string>
#include <vector>

namespace dirsync::plan {

/// By which a Vault's directory mapping finds a group: the first of them that the entry has. In lower case.
inline std::vector<std::string> logon_attributes() { return {"samaccountname", "cn"}; }

}  // namespace dirsync::plan
