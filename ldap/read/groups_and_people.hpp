#pragma once
#include <string>

#include "ldap/connect/stop.hpp"
#include "ldap/read/groups.hpp"
#include "ldap/read/people.hpp"
#include "sync/model/certificate.hpp"

namespace dirsync::ldap {

struct GroupsAndPeople {
  Groups groups;
  People people;
  std::string how;  // "at the same time, over two connections"
};

/// Reads groups and people, at the same time where Settings::connections allows it: people over a second
/// connection to the same server, on a thread of its own. One after the other where there is no second
/// connection, or where change numbers (`before`: on the first connection) do not show that both lead to one
/// server. Blocks. Errors: as read_groups() and read_people(); whichever fails stops the other.
Result<GroupsAndPeople> read_groups_and_people(ReadContext const& context, ChangeNumbers const& before,
                                               Stops& stops);

}  // namespace dirsync::ldap
