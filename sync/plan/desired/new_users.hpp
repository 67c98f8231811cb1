#pragma once
#include <string>
#include <vector>

namespace dirsync::plan {

/// What a user is made from, where a target makes users. In lower case.
inline std::vector<std::string> new_user_attributes() { return {"displayname", "cn", "mail"}; }

}  // namespace dirsync::plan
