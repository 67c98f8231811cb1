#include "sync/console/read/last_read.hpp"

#include <algorithm>
#include <set>

#include "sync/console/api/names.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/rest/mark.hpp"
#include "sync/rest/mended_text.hpp"
#include "sync/rest/path.hpp"

namespace dirsync::console {
namespace {
bool is_of(std::string const& organization, std::string const& told) {
  return told.empty() || organization.empty() || told == organization;
}

bool is_user(Member const& member) { return ascii_iequal(member.assignee_type, "USER"); }

/// Ordered by id; one that several names bear is there with each of them.
std::vector<TargetUser> all_users(Lists const& lists, std::string const& organization) {
  std::map<std::string, std::set<std::string>> names;
  for (auto const& user : lists.users) names[user.id].insert(user.name);
  for (auto const& members : lists.members)
    for (auto const& member : members)
      if (is_user(member) && !member.id.empty() && !member.name.empty() &&
          is_of(organization, member.organization))
        names.try_emplace(member.id, std::set{member.name});
  std::vector<TargetUser> users;
  for (auto const& [id, bearers] : names)
    for (auto const& name : bearers)
      users.push_back({.id = id, .name = name, .dn = {}, .protected_because = {}});
  return users;
}

/// `one`: a user or a group, which `kind` says.
void leave_alone_when_unaddressable(auto& one, std::string_view kind) {
  auto const why = rest::why_no_segment(one.id, rest::PathServer::any);
  if (why.empty()) return;
  one.left_alone = LeftAlone::unaddressable;
  one.protected_because = "no request can name the " + std::string{kind} + " by its id '" +
                          printable(one.id) + "': " + why +
                          "; change its groups in the console itself, or make it anew there";
}

void set_aside(auto& one, std::string why) {
  one.left_alone = LeftAlone::damaged;
  one.protected_because = std::move(why);
}

/// `all`: users or groups, which `kind` says.
void set_aside_damaged(auto& all, std::string const& kind) {
  std::map<std::string, std::set<std::string>> names;  // by id
  for (auto const& one : all) names[one.id].insert(printable(one.name));
  for (auto& one : all) {
    if (one.id.empty())
      set_aside(one, "the console tells no id of the " + kind + "; report it to the vendor");
    else if (names[one.id].size() > 1)
      set_aside(one, "the console gives one id to " + join(names[one.id], " and ") +
                         "; report it to the vendor, and change them in the console itself");
    else if (rest::is_mended(one.name))
      set_aside(one, "the name of the " + kind + " is no Unicode text; give it another one in the console");
  }
}

/// Who bears the id; of several users, or of those without one, who bears the name as well. Nothing: nobody
/// who is known.
std::optional<std::uint32_t> user_of(Member const& member, std::vector<TargetUser> const& users) {
  auto const bearers = std::ranges::equal_range(users, member.id, {}, &TargetUser::id);
  auto const at = [&users](auto place) { return static_cast<std::uint32_t>(place - users.begin()); };
  if (bearers.size() == 1 && !member.id.empty()) return at(bearers.begin());
  auto const named = [&member](auto const& some) {
    return std::ranges::find_if(some, [folded = fold_case(member.name)](TargetUser const& user) {
      return fold_case(user.name) == folded;
    });
  };
  if (auto const found = named(bearers); found != bearers.end()) return at(found);
  if (member.name.empty()) return std::nullopt;
  auto const without_id = std::ranges::equal_range(users, std::string{}, {}, &TargetUser::id);
  auto const found = named(without_id);
  return found == without_id.end() ? std::nullopt : std::optional{at(found)};
}

void protect(std::vector<TargetUser>& users, Settings const& settings) {
  for (auto& user : users)
    if (user.name.empty())
      user.protected_because = "has no user name";
    else if (fold_case(user.name) == fold_case(settings.user))
      user.protected_because = "is the user that dirsyncd logs in as";
  for (auto& user : users) leave_alone_when_unaddressable(user, "user");
  set_aside_damaged(users, "user");
}
}  // namespace

std::string service_user_id(std::vector<TargetUser> const& users, Settings const& settings) {
  auto const found = std::ranges::find_if(users, [name = fold_case(settings.user)](TargetUser const& user) {
    return fold_case(user.name) == name;
  });
  return found == users.end() ? std::string{} : found->id;
}

std::string protected_because(Group const& group, std::vector<Member> const& members,
                              std::string const& service_user, Profile const& profile,
                              Settings const& settings) {
  if (group.is_default) return "default group of the console";
  if (auto why = protected_name_because(group.name, profile, settings); !why.empty()) return why;
  // By name too: the service user may live in an organization above, whose users are not listed here.
  auto const is_ours = [&service_user, name = fold_case(settings.user)](Member const& member) {
    return (!service_user.empty() && member.id == service_user) || fold_case(member.name) == name;
  };
  if (std::ranges::any_of(members, is_ours)) return "holds the user that dirsyncd logs in as";
  return {};
}

TargetGroup target_group(Group const& group, std::vector<Member> const& members,
                         std::vector<TargetUser> const& users) {
  TargetGroup result;
  result.id = group.id;
  result.name = group.name;
  result.marked = rest::bears_mark(group.description);
  for (auto const& member : members) {
    auto const user = is_user(member) ? user_of(member, users) : std::nullopt;
    if (user) {
      result.users.push_back(*user);
      continue;
    }
    result.members_unread = result.members_unread || member.id.empty();
    auto const kind =
        ascii_iequal(member.assignee_type, "GROUP") ? OtherMember::Kind::group : OtherMember::Kind::unknown;
    result.others.push_back({member.id, member.name, kind});
  }
  std::ranges::sort(result.users);
  result.users.erase(std::ranges::unique(result.users).begin(), result.users.end());
  return result;
}

Observed observe(Lists const& lists, std::string const& organization, Profile const& profile,
                 Settings const& settings) {
  Observed observed;
  observed.users = all_users(lists, organization);
  protect(observed.users, settings);
  auto const service_user = service_user_id(observed.users, settings);
  for (std::size_t i = 0; i < lists.groups.size(); ++i) {
    auto const& group = lists.groups[i];
    auto& target = observed.groups.emplace_back(target_group(group, lists.members[i], observed.users));
    target.protected_because = protected_because(group, lists.members[i], service_user, profile, settings);
    if (target.members_unread)
      set_aside(target, "the console tells no id of one of its members; look at the group in the console");
    leave_alone_when_unaddressable(target, "group");
  }
  set_aside_damaged(observed.groups, "group");
  std::ranges::sort(observed.groups, {}, &TargetGroup::id);
  return observed;
}

std::string untouchable_because(LastRead const& known, std::string const& group_id) {
  auto const group = known.groups.find(group_id);
  if (group == known.groups.end()) return "the group was not in the console when it was last read";
  return group->second.empty() ? std::string{} : "the group is protected: " + group->second;
}

LastRead last_read_of(Lists const& lists, Observed const& observed) {
  LastRead known;
  known.roles = lists.roles;
  for (auto const& group : observed.groups) known.groups.emplace(group.id, group.protected_because);
  for (auto const& user : observed.users) known.users.emplace(user.id, user.protected_because);
  for (auto const& members : lists.members)
    for (auto const& member : members) known.untold.insert(member.id);
  return known;
}

}  // namespace dirsync::console
