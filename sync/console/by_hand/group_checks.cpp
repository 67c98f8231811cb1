#include "sync/console/by_hand/group_checks.hpp"

#include <algorithm>

#include "sync/console/api/errors.hpp"
#include "sync/console/api/names.hpp"
#include "sync/console/by_hand/words.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

Error refused(std::string text) { return Error{ConsoleErrc::against_rule, std::move(text)}; }

/// By the mark a run knows the groups that it created, and may rename and delete.
std::string mark_because(std::string const& before, std::string const& after) {
  if (bears_mark(before) && !bears_mark(after))
    return "the description must keep the words '" + std::string{kMark} +
           "': by them dirsyncd knows a group that it created";
  if (!bears_mark(before) && bears_mark(after))
    return "the words '" + std::string{kMark} +
           "' in a description mark groups that a run created; choose other words";
  return {};
}

TargetGroup seen_as(GroupDetails const& details) {
  TargetGroup seen;
  seen.id = details.group.id;
  seen.name = details.group.name;
  seen.protected_because = details.protected_why;
  return seen;
}

std::string some_names(std::vector<Member> const& members) {
  constexpr std::size_t kShown = 5;
  std::string names;
  for (std::size_t at = 0; at < std::min(kShown, members.size()); ++at)
    names += (at == 0 ? "" : ", ") + printable(members[at].name.empty() ? members[at].id : members[at].name);
  return names + (members.size() > kShown ? ", ..." : "");
}
}  // namespace

std::string GroupChecks::managing_rule(std::string const& group_id) const {
  auto const group = std::ranges::find(managed_.groups, group_id, &ManagedGroup::group_id);
  if (group != managed_.groups.end()) return "rule " + group->rule;
  auto const grant = std::ranges::find(managed_.grants, group_id, &Grant::group_id);
  return grant == managed_.grants.end() ? std::string{} : "rule " + grant->rule;
}

awaitable<Result<GroupDetails>> GroupChecks::find_to_write(GroupKey key) {
  auto details = co_await lookup_.get(std::move(key));
  if (!details) co_return details;
  auto const& group = details->group;
  if (!group.organization.empty() && group.organization != context_.session.organization())
    co_return refused(label(group) +
                      " belongs to another organization; set organization of this target to it");
  if (!details->protected_why.empty())
    co_return refused(label(group) + " is protected: " + details->protected_why +
                      "; change it in the console itself if you must");
  auto const is_unclear = [](Member const& member) { return is_person(member) && member.name.empty(); };
  if (std::ranges::any_of(details->members, is_unclear))
    co_return refused(label(group) +
                      " has members whose names the console does not tell, "
                      "so that one may be the user that dirsyncd logs in as; "
                      "change it in the console itself");
  co_return details;
}

awaitable<Result<void>> GroupChecks::check_new_name(std::string name, std::string except) {
  if (auto const why = refused_new_name_because(name, context_.profile, context_.settings); !why.empty())
    co_return refused("no group can be named " + quoted(name) + ": " + why);
  auto const groups = co_await context_.reader.groups();
  if (!groups) co_return groups.error();
  if (auto const* taken = namesake(*groups, name, except))
    co_return refused(taken->name == name
                          ? "the console already has " + label(*taken) + "; choose another name"
                          : "the console has " + label(*taken) + ", which differs from " + quoted(name) +
                                " only by case; choose another name");
  co_return Result<void>{};
}

/// Ids of the roles of these names; without names, of those that the group has.
awaitable<Result<std::vector<std::string>>> GroupChecks::wanted_roles(std::vector<std::string> names,
                                                                      Ids told) {
  if (auto const read = co_await lookup_.read_roles(); !read) co_return read.error();
  Result<std::vector<std::string>> ids{std::vector<std::string>{}};
  if (names.empty())
    ids = co_await ids_of_roles(context_, std::move(told));
  else
    ids = co_await find_role_ids(context_, std::move(names));
  if (!ids) co_return ids;
  co_return in_order(std::move(*ids));
}

std::string GroupChecks::names_of_roles(std::vector<std::string> const& ids) const {
  auto const name_of = [&roles = context_.last_read.roles](std::string const& id) {
    auto const role = std::ranges::find(roles, id, &Role::id);
    return printable(role == roles.end() ? id : role->name);
  };
  return ids.empty() ? "none" : join(ids, ", ", name_of);
}

awaitable<Result<GroupWrite>> GroupChecks::prepare_create(NewGroup wanted) {
  if (auto why = mark_because({}, wanted.description); !why.empty()) co_return refused(std::move(why));
  if (wanted.roles.empty())
    co_return refused("the console creates no group without a role; name one with --role");
  auto const free = co_await check_new_name(wanted.name, {});
  if (!free) co_return free.error();
  auto roles = co_await wanted_roles(wanted.roles, {});
  if (!roles) co_return roles.error();
  GroupWrite write;
  write.in_words = "roles " + names_of_roles(*roles) + "; description " + quoted(wanted.description);
  write.change.verb = Verb::create_group;
  write.change.group = wanted.name;
  write.change.roles = std::move(wanted.roles);
  write.fields = {.name = std::move(wanted.name),
                  .description = std::move(wanted.description),
                  .roles = std::move(*roles),
                  .version = {}};
  co_return write;
}

awaitable<Result<GroupWrite>> GroupChecks::prepare_update(GroupKey key, GroupEdit edit) {
  auto const details = co_await find_to_write(std::move(key));
  if (!details) co_return details.error();
  auto const& group = details->group;
  auto const name = edit.name.value_or(group.name);
  auto const description = edit.description.value_or(group.description);
  auto const renames = name != group.name;
  if (auto const rule = managing_rule(group.id); renames && !rule.empty())
    co_return refused(
        label(group) + " is kept by " + rule +
        ", which would name it back or create another; rename it by the rule or its source group");
  if (rest::is_mended(description)) co_return refused(label(group) + ": " + std::string{kBrokenDescription});
  if (auto why = mark_because(group.description, description); !why.empty())
    co_return refused(label(group) + ": " + why);
  if (!group.version) {
    Error untold{ConsoleErrc::malformed, label(group) +
                                             ": the console did not tell its updateVersion; "
                                             "check that profile fits the console"};
    co_return untold;
  }
  if (edit.version && *edit.version != *group.version)
    co_return refused(label(group) + " is at updateVersion " + std::to_string(*group.version) + ", not " +
                      std::to_string(*edit.version) +
                      ": somebody changed it; look with `dirsyncd console get`, then decide again");
  if (renames) {
    auto const free = co_await check_new_name(name, group.id);
    if (!free) co_return free.error();
  }
  auto roles = co_await wanted_roles(edit.roles, group.roles);
  if (!roles) co_return within(label(group), roles.error());
  auto const before = co_await wanted_roles({}, group.roles);
  auto const same_roles = before && *before == *roles;

  GroupWrite write;
  auto const note = [&write](std::string const& what, std::string const& from, std::string const& to) {
    write.in_words += what + " " + from + " -> " + to + "; ";
  };
  if (renames) note("name", quoted(group.name), quoted(name));
  if (description != group.description) note("description", quoted(group.description), quoted(description));
  if (!same_roles) note("roles", before ? names_of_roles(*before) : "not told", names_of_roles(*roles));
  write.in_words += "updateVersion " + std::to_string(*group.version);
  write.change.verb = renames ? Verb::rename_group : Verb::update_group;
  write.change.group = group.name;
  write.change.group_id = group.id;
  write.seen = seen_as(*details);
  write.change.new_name = renames ? name : std::string{};
  if (!renames && description == group.description && same_roles) {
    write.nothing_to_do = "nothing to change: it is so already";
  }
  write.fields = {
      .name = name, .description = description, .roles = std::move(*roles), .version = group.version};
  co_return write;
}

awaitable<Result<GroupWrite>> GroupChecks::prepare_delete(GroupKey key) {
  GroupWrite write;
  write.change.verb = Verb::delete_group;
  auto const details = co_await find_to_write(key);
  if (!details) {
    if (key.id.empty() || details.error().code != ConsoleErrc::ambiguous) co_return details.error();
    write.change.group_id = key.id;
    write.nothing_to_do = "there is no group with this id";
    co_return write;
  }
  auto const& group = details->group;
  if (auto const rule = managing_rule(group.id); !rule.empty())
    co_return refused(label(group) + " is kept by " + rule +
                      "; take its source group out of the rule, "
                      "with delete_groups = \"when-empty\" the next run then deletes it");
  if (auto const& members = details->members; !members.empty())
    co_return refused(label(group) + " has " + std::to_string(members.size()) +
                      (members.size() == 1 ? " member: " : " members: ") + some_names(members) +
                      "; only empty groups are deleted: take them out in the console first");
  write.change.group = group.name;
  write.change.group_id = group.id;
  write.seen = seen_as(*details);
  write.in_words = "description " + quoted(group.description);
  if (details->roles)
    for (auto const& role : *details->roles)
      write.in_words += "; role " + printable(role.name.empty() ? role.id : role.name);
  co_return write;
}

}  // namespace dirsync::console
