#pragma once
// Stored objects as the API shows them. Which fields, and their types, depend on knobs.
#include <boost/json/object.hpp>

#include "tests/simulators/console/knobs.hpp"
#include "tests/simulators/console/state.hpp"

namespace dirsync::sim::console {

/// `item` of a list leaves out what only GET by id shows.
enum class Shown { item, whole };

boost::json::object show_organization(Knobs const& knobs, State const& state, Organization const& org);
boost::json::object show_permission(std::string_view name);
boost::json::object show_role(Knobs const& knobs, Role const& role, Shown shown);
boost::json::object show_group(Knobs const& knobs, State const& state, Group const& group, Shown shown);
boost::json::object show_user(Knobs const& knobs, State const& state, User const& user, Shown shown);
/// A user in the list of a group.
boost::json::object show_group_user(Knobs const& knobs, User const& user);
/// A membership record: one assignee's groups and roles. Its numbers are strings in every release.
boost::json::object show_membership(Knobs const& knobs, User const& user);
/// A record of a nested group, which clients must not take for a person.
boost::json::object show_foreign_membership(Knobs const& knobs, Group const& group);

}  // namespace dirsync::sim::console
