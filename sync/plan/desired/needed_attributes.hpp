#pragma once
// Attributes that a plan reads. In lower case.
#include <set>
#include <string>
#include <vector>

#include "sync/model/policy.hpp"

namespace dirsync::plan {

/// What a user is made from, where a target makes users.
inline std::vector<std::string> new_user_attributes() { return {"displayname", "cn", "mail"}; }

/// By which a Vault's directory mapping finds a group: the first of them that the entry has.
inline std::vector<std::string> logon_attributes() { return {"samaccountname", "cn"}; }

struct NeededAttributes {
  std::set<std::string> of_groups;
  std::set<std::string> of_people;  // that decide about them
};
/// What the rule looks at in entries of that directory. Without Rule::people any directory may have people
/// whom its groups name.
NeededAttributes needed_attributes(Rule const& rule, std::string const& directory);

}  // namespace dirsync::plan
