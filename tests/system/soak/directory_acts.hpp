#pragma once
// What people do to a directory, as change records (RFC 2849). In none of them anybody is out of a group for
// a moment only: whoever gets another DN is named by both while it changes. Pure functions.
#include <string>

#include "tests/sequences/dice.hpp"
#include "tests/system/soak/directory_content.hpp"

namespace dirsync::test {

constexpr char kPeopleBase[] = "ou=people,dc=example,dc=com";
constexpr char kBranchBase[] = "ou=branch,ou=people,dc=example,dc=com";

struct DirectoryAct {
  std::string told, records;   // in words, and to ldapmodify; both empty: nothing fits
  bool leaves_values = false;  // a group goes on naming somebody who is not there any more
};

/// One that is picked by the dice. `fresh`: a number that no act had before.
DirectoryAct random_directory_act(DirectoryContent const& content, sequences::Dice& dice, int fresh);

/// Somebody new, in no group yet.
std::string record_of_new_person(std::string const& uid);

/// Of `uid` where they were hired.
std::string dn_of_new_person(std::string const& uid);

/// One more member of a group.
std::string record_of_joining(std::string const& group_dn, std::string const& member_dn);

}  // namespace dirsync::test
