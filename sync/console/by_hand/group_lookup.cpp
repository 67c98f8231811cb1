#include "sync/console/by_hand/group_lookup.hpp"

#include <algorithm>
#include <tuple>

#include "sync/console/api/errors.hpp"
#include "sync/console/by_hand/words.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/model/join.hpp"
#include "sync/model/nearest.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// What there is instead of a group of that name.
Error no_such_group(std::vector<Group> const& groups, std::string const& name) {
  std::vector<std::string> alike;
  std::vector<std::string_view> names;
  for (auto const& group : groups) {
    names.push_back(group.name);
    if (fold_case(group.name) == fold_case(name)) alike.push_back(label(group));
  }
  auto text = "the console has no group " + quoted(name) + " in this organization";
  if (!alike.empty())
    return {ConsoleErrc::ambiguous, text + "; differing only by case there is " + join(alike, ", ")};
  if (auto const near = nearest(name, names))
    return {ConsoleErrc::ambiguous, text + "; did you mean " + quoted(std::string{*near}) + "?"};
  return {ConsoleErrc::ambiguous, text + "; `dirsyncd console list` shows all"};
}
}  // namespace

awaitable<Result<OrganizationNames>> GroupLookup::organization_names() {
  auto const organizations = co_await context_.reader.organizations();
  if (!organizations) co_return organizations.error();
  OrganizationNames names;
  for (auto const& organization : *organizations) names.emplace(organization.id, organization.name);
  co_return names;
}

awaitable<Result<GroupList>> GroupLookup::list(std::string query_type, std::string name) {
  auto groups = co_await context_.reader.find_groups(std::move(query_type), std::move(name));
  if (!groups) co_return groups.error();
  auto organizations = co_await organization_names();
  if (!organizations) co_return organizations.error();
  GroupList list;
  list.groups = std::move(*groups);
  list.organizations = std::move(*organizations);
  std::ranges::sort(list.groups, {}, [](Group const& group) { return std::tie(group.name, group.id); });
  for (auto const& group : list.groups)
    list.protected_why.push_back(protected_because(group, {}, {}, context_.profile, context_.settings));
  co_return list;
}

awaitable<Result<GroupDetails>> GroupLookup::get(GroupKey key) {
  auto group = co_await find(std::move(key));
  if (!group) co_return group.error();
  co_return co_await details_of(std::move(*group));
}

awaitable<Result<Group>> GroupLookup::find(GroupKey key) {
  if (key.id.empty()) co_return co_await find_by_name(std::move(key.name));
  auto group = co_await context_.reader.group(key.id);
  if (!group) co_return group.error();
  if (*group) co_return std::move(**group);
  Error none{ConsoleErrc::ambiguous, "the console has no group with the id " + printable(key.id) +
                                         "; `dirsyncd console list` shows all"};
  co_return none;
}

/// Exactly one group of the complete list bears the name, and it is read by itself: lists leave roles out.
awaitable<Result<Group>> GroupLookup::find_by_name(std::string name) {
  auto const groups = co_await context_.reader.groups();
  if (!groups) co_return groups.error();
  std::vector<std::string> ids;
  for (auto const& group : *groups)
    if (group.name == name) ids.push_back(group.id);
  if (ids.empty()) co_return no_such_group(*groups, name);
  if (ids.size() > 1) {
    Error several{ConsoleErrc::ambiguous, "the console has " + std::to_string(ids.size()) + " groups " +
                                              quoted(name) + ", with the ids " + join(ids, ", ") +
                                              "; choose one with --id"};
    co_return several;
  }
  GroupKey key{{}, std::move(ids.front())};
  co_return co_await find(std::move(key));
}

awaitable<Result<GroupDetails>> GroupLookup::details_of(Group group) {
  auto organizations = co_await organization_names();
  if (!organizations) co_return organizations.error();
  auto roles = co_await roles_of(group.roles);
  if (!roles) co_return roles.error();
  auto members = co_await members_of(group.id);
  if (!members) co_return within(label(group), members.error());
  auto const is_us = [name = fold_case(context_.settings.user)](Member const& member) {
    return fold_case(member.name) == name;
  };
  auto const us = std::ranges::find_if(*members, is_us);
  GroupDetails details;
  details.protected_why = protected_because(group, *members, us == members->end() ? "" : us->id,
                                            context_.profile, context_.settings);
  details.group = std::move(group);
  details.roles = std::move(*roles);
  details.members = std::move(*members);
  details.organizations = std::move(*organizations);
  co_return details;
}

/// With the names that membership records leave out.
awaitable<Result<std::vector<Member>>> GroupLookup::members_of(std::string group_id) {
  UsersByGroup by_group;
  auto members = co_await context_.reader.members_everywhere(std::move(group_id), by_group);
  if (!members) co_return members;
  auto const is_nameless = [](Member const& member) { return is_person(member) && member.name.empty(); };
  if (std::ranges::none_of(*members, is_nameless)) co_return members;
  auto const users = co_await context_.reader.users();
  if (!users) co_return users.error();
  for (auto& member : *members) {
    auto const user = std::ranges::find(*users, member.id, &User::id);
    if (is_nameless(member) && user != users->end()) member.name = user->name;
  }
  co_return members;
}

awaitable<Result<void>> GroupLookup::read_roles() {
  if (!context_.last_read.roles.empty()) co_return Result<void>{};
  auto roles = co_await context_.reader.roles();
  if (!roles) co_return roles.error();
  context_.last_read.roles = std::move(*roles);
  co_return Result<void>{};
}

/// Names beside ids and ids beside names. What no list tells stays empty: it is looked at, not written.
awaitable<Result<std::optional<std::vector<Role>>>> GroupLookup::roles_of(Ids told) {
  using Roles = std::optional<std::vector<Role>>;
  if (told.told == Ids::Told::no) co_return Roles{};
  if (auto const read = co_await read_roles(); !read) co_return read.error();
  auto known = context_.last_read.roles;
  auto const is_known_id = [&known](std::string const& id) {
    return std::ranges::find(known, id, &Role::id) != known.end();
  };
  if (!std::ranges::all_of(told.ids, is_known_id) || !role_ids(told.names, known)) {
    auto const above = co_await context_.reader.inherited_roles();
    if (!above) co_return above.error();
    known.insert(known.end(), above->begin(), above->end());
  }
  std::vector<Role> roles;
  for (auto const& id : told.ids) {
    auto const role = std::ranges::find(known, id, &Role::id);
    roles.push_back(role == known.end() ? Role{id, {}, {}} : *role);
  }
  for (auto const& name : told.names) {
    auto const role = std::ranges::find(known, name, &Role::name);
    roles.push_back(role == known.end() ? Role{{}, name, {}} : *role);
  }
  co_return Roles{std::move(roles)};
}

}  // namespace dirsync::console
