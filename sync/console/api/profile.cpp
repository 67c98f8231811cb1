#include "sync/console/api/profile.hpp"

namespace dirsync::console {

std::optional<Profile> profile_named(std::string_view name) {
  using enum MembersWay;
  Profile profile;
  profile.name = name;
  if (name == "pulse-2.0") {
    profile.product = "Pulse IoT Center 2.0";
    profile.members = {group_members, each_user};
  } else if (name == "pulse-2.0.2") {
    profile.product = "Pulse IoT Center 2.0.2";
    profile.members = {console_groups, group_members, each_user};
  } else if (name == "infer-3") {
    profile.product = "INFER IoT Center 3";
    profile.members = {console_groups, group_members, each_user};
  } else if (name == "auto") {
    // The releases differ in what they offer, not in what a path means: try the newest form first.
    profile.product = "Pulse IoT Center";
    profile.members = {console_groups, group_members, each_user};
  } else {
    return {};
  }
  return profile;
}

}  // namespace dirsync::console
