#pragma once
// What somebody else does in a target, in the words of its simulator.
#include <boost/json.hpp>
#include <functional>
#include <string>

#include "tests/faults/stage.hpp"

namespace dirsync::test {

/// Edits for POST /_sim/do. `what`: "add" or "remove"; of the group that Stage::group_of() names.
std::string edit_of_member(Side side, std::string const& what, std::string const& name);
/// `op`: as that side's simulator calls it; `name`: a new one.
std::string edit_of_group(std::string const& op, std::string const& group, std::string const& name = {});
/// A group without members and without our mark.
std::string creation(Side side, std::string const& group);
std::string deletion(Side side, std::string const& group);

/// The key of a name in the state of that side.
char const* key_of_user_name(Side side);
char const* key_of_group_name(Side side);
/// Changes one user or group in the state of that side, what no edit can. Throws std::runtime_error when
/// there is none of that name.
void edit_user(Stage& stage, Side side, std::string const& name,
               std::function<void(boost::json::object&)> const& edit);
void edit_group(Stage& stage, Side side, std::string const& name,
                std::function<void(boost::json::object&)> const& edit);

/// A group of ours that the service user does not see any more, with everybody in it.
Fault hidden(Side side);
/// The list of that group lacks some who stay and a leaver.
Fault shortened(Side side);

}  // namespace dirsync::test
