#pragma once
// From what was read to what may be written.
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/console/api/profile.hpp"
#include "sync/console/settings.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::console {

/// A complete read of one organization; members[i] are those of groups[i].
struct Lists {
  std::vector<Role> roles;
  std::vector<Group> groups;
  std::vector<std::vector<Member>> members;
  std::vector<User> users;
};

/// What writes must know of the last complete read, kept up with our own writes.
struct LastRead {
  std::vector<Role> roles;
  std::map<std::string, std::string> groups;  // id -> why it is protected; empty: it is not
  std::map<std::string, std::string> users;   // likewise
  /// Ids of users that some group's member list names and whose own answers have not told groups yet: groups
  /// missing there are unknown, not empty.
  std::unordered_set<std::string> untold;
  /// Whether the console's answers about single users leave empty lists out; nothing: not looked yet.
  std::optional<bool> leaves_out_empty_lists;
};

/// Users and groups in the order of their ids. A member that the user list lacks, but whose list item has a
/// name and no other organization, is a user too; any other such member is one of TargetGroup::others.
Observed observe(Lists const& lists, std::string const& organization, Profile const& profile,
                 Settings const& settings);

/// Why nothing may be written to this group; empty when something may.
std::string untouchable_because(LastRead const& known, std::string const& group_id);

LastRead last_read_of(Lists const& lists, Observed const& observed);

/// Why the group must not be changed; empty when it may. `others`, `users`: its members.
std::string protected_because(Group const& group, std::vector<Member> const& members,
                              std::string const& service_user, Profile const& profile,
                              Settings const& settings);

/// The id of dirsyncd's own user among `users`; empty when it lives in another organization.
std::string service_user_id(std::vector<TargetUser> const& users, Settings const& settings);

/// `group` as Observed has it, with members as indexes into `users`, which are ordered by id.
TargetGroup target_group(Group const& group, std::vector<Member> const& members,
                         std::vector<TargetUser> const& users);

}  // namespace dirsync::console
