#include "sync/console/by_hand/group_admin.hpp"

#include <algorithm>

#include "sync/console/api/error.hpp"
#include "sync/console/api/names.hpp"
#include "sync/model/nearest.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

Error refused(std::string text) { return Error{ConsoleErrc::against_rule, std::move(text)}; }

std::string quoted(std::string const& text) { return "'" + printable(text) + "'"; }

std::string label(Group const& group) { return "group " + quoted(group.name) + " (" + group.id + ")"; }

bool is_person(Member const& member) { return ascii_iequal(member.assignee_type, "USER"); }

std::vector<std::string> ordered(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

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

/// What there is instead of a group of that name.
Error no_such_group(std::vector<Group> const& groups, std::string const& name) {
  std::string alike;
  std::vector<std::string_view> names;
  for (auto const& group : groups) {
    names.push_back(group.name);
    if (fold_case(group.name) == fold_case(name)) alike += (alike.empty() ? "" : ", ") + label(group);
  }
  auto text = "the console has no group " + quoted(name) + " in this organization";
  if (!alike.empty()) return {ConsoleErrc::ambiguous, text + "; differing only by case there is " + alike};
  if (auto const near = nearest(name, names))
    return {ConsoleErrc::ambiguous, text + "; did you mean " + quoted(std::string{*near}) + "?"};
  return {ConsoleErrc::ambiguous, text + "; `dirsyncd console list` shows all"};
}

std::string some_names(std::vector<Member> const& members) {
  constexpr std::size_t kShown = 5;
  std::string names;
  for (std::size_t at = 0; at < std::min(kShown, members.size()); ++at)
    names += (at == 0 ? "" : ", ") + printable(members[at].name.empty() ? members[at].id : members[at].name);
  return names + (members.size() > kShown ? ", ..." : "");
}
}  // namespace

// --- looking ---------------------------------------------------------------------------------------

awaitable<Result<OrganizationNames>> GroupAdmin::organization_names() {
  auto const organizations = co_await context_.reader.organizations();
  if (!organizations) co_return organizations.error();
  OrganizationNames names;
  for (auto const& organization : *organizations) names.emplace(organization.id, organization.name);
  co_return names;
}

awaitable<Result<GroupList>> GroupAdmin::list(std::string query_type, std::string name) {
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

awaitable<Result<GroupDetails>> GroupAdmin::get(GroupKey key) {
  auto group = co_await find(std::move(key));
  if (!group) co_return group.error();
  co_return co_await details_of(std::move(*group));
}

awaitable<Result<Group>> GroupAdmin::find(GroupKey key) {
  if (key.id.empty()) co_return co_await find_by_name(std::move(key.name));
  auto group = co_await context_.reader.group(key.id);
  if (!group) co_return group.error();
  if (*group) co_return std::move(**group);
  Error none{ConsoleErrc::ambiguous, "the console has no group with the id " + printable(key.id) +
                                         "; `dirsyncd console list` shows all"};
  co_return none;
}

/// Exactly one group of the complete list bears the name, and it is read by itself: lists leave roles out.
awaitable<Result<Group>> GroupAdmin::find_by_name(std::string name) {
  auto const groups = co_await context_.reader.groups();
  if (!groups) co_return groups.error();
  std::string same;
  std::string id;
  auto const count = std::ranges::count(*groups, name, &Group::name);
  for (auto const& group : *groups) {
    if (group.name != name) continue;
    id = group.id;
    same += (same.empty() ? "" : ", ") + group.id;
  }
  if (count == 0) co_return no_such_group(*groups, name);
  if (count > 1) {
    Error several{ConsoleErrc::ambiguous, "the console has " + std::to_string(count) + " groups " +
                                              quoted(name) + ", with the ids " + same +
                                              "; choose one with --id"};
    co_return several;
  }
  GroupKey key{{}, std::move(id)};
  co_return co_await find(std::move(key));
}

awaitable<Result<GroupDetails>> GroupAdmin::details_of(Group group) {
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
awaitable<Result<std::vector<Member>>> GroupAdmin::members_of(std::string group_id) {
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

awaitable<Result<void>> GroupAdmin::read_roles() {
  if (!context_.known.roles.empty()) co_return Result<void>{};
  auto roles = co_await context_.reader.roles();
  if (!roles) co_return roles.error();
  context_.known.roles = std::move(*roles);
  co_return Result<void>{};
}

/// Names beside ids and ids beside names. What no list tells stays empty: it is looked at, not written.
awaitable<Result<std::optional<std::vector<Role>>>> GroupAdmin::roles_of(Ids told) {
  using Roles = std::optional<std::vector<Role>>;
  if (told.told == Ids::Told::no) co_return Roles{};
  if (auto const read = co_await read_roles(); !read) co_return read.error();
  auto known = context_.known.roles;
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

// --- what is checked before a write ----------------------------------------------------------------

std::string GroupAdmin::managing_rule(std::string const& group_id) const {
  auto const group = std::ranges::find(managed_.groups, group_id, &ManagedGroup::group_id);
  if (group != managed_.groups.end()) return "rule " + group->rule;
  auto const grant = std::ranges::find(managed_.grants, group_id, &Grant::group_id);
  return grant == managed_.grants.end() ? std::string{} : "rule " + grant->rule;
}

awaitable<Result<GroupDetails>> GroupAdmin::find_to_write(GroupKey key) {
  auto details = co_await get(std::move(key));
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

awaitable<Result<void>> GroupAdmin::check_new_name(std::string name, std::string except) {
  auto why = bad_group_name_because(name, context_.settings.group_name_characters);
  if (why.empty())
    if (auto const guard = protected_name_because(name, context_.profile, context_.settings); !guard.empty())
      why = "the name is protected: " + guard;
  if (!why.empty()) co_return refused("no group can be named " + quoted(name) + ": " + why);
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
awaitable<Result<std::vector<std::string>>> GroupAdmin::wanted_roles(std::vector<std::string> names,
                                                                     Ids told) {
  if (auto const read = co_await read_roles(); !read) co_return read.error();
  Result<std::vector<std::string>> ids{std::vector<std::string>{}};
  if (names.empty())
    ids = co_await ids_of_roles(context_, std::move(told));
  else
    ids = co_await find_role_ids(context_, std::move(names));
  if (!ids) co_return ids;
  co_return ordered(std::move(*ids));
}

std::string GroupAdmin::names_of_roles(std::vector<std::string> const& ids) const {
  std::string names;
  for (auto const& id : ids) {
    auto const role = std::ranges::find(context_.known.roles, id, &Role::id);
    names += (names.empty() ? "" : ", ") + printable(role == context_.known.roles.end() ? id : role->name);
  }
  return names.empty() ? "none" : names;
}

awaitable<Result<GroupWrite>> GroupAdmin::prepare_create(NewGroup wanted) {
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
  write.fields = {std::move(wanted.name), std::move(wanted.description), std::move(*roles), {}};
  co_return write;
}

awaitable<Result<GroupWrite>> GroupAdmin::prepare_update(GroupKey key, GroupEdit edit) {
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
  write.change.detail = renames ? name : std::string{};
  if (!renames && description == group.description && same_roles) {
    write.change.outcome = Outcome::already;
    write.change.detail = "nothing to change: it is so already";
  }
  write.fields = {name, description, std::move(*roles), group.version};
  co_return write;
}

awaitable<Result<GroupWrite>> GroupAdmin::prepare_delete(GroupKey key) {
  GroupWrite write;
  write.change.verb = Verb::delete_group;
  auto const details = co_await find_to_write(key);
  if (!details) {
    if (key.id.empty() || details.error().code != ConsoleErrc::ambiguous) co_return details.error();
    write.change.group_id = key.id;
    write.change.outcome = Outcome::already;
    write.change.detail = "there is no group with this id";
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
  write.in_words = "description " + quoted(group.description);
  if (details->roles)
    for (auto const& role : *details->roles)
      write.in_words += "; role " + printable(role.name.empty() ? role.id : role.name);
  co_return write;
}

// --- writes ----------------------------------------------------------------------------------------

awaitable<Applied> GroupAdmin::send(GroupWrite write) {
  auto const words = write.in_words;
  std::function<awaitable<std::vector<Applied>>(rest::Sending&)> const work =
      [this, &write](rest::Sending& sending) { return send_within(sending, write); };
  auto results = co_await rest::send_and_settle(1, work);
  auto& result = results.front();
  result.detail += (result.detail.empty() ? "" : "; asked for: ") + words;
  co_return std::move(result);
}

awaitable<std::vector<Applied>> GroupAdmin::send_within(rest::Sending& sending, GroupWrite write) {
  std::vector<Applied> results(1);
  switch (write.change.verb) {
    case Verb::create_group:
      results.front() = co_await create(sending, std::move(write));
      break;
    case Verb::delete_group:
      results.front() = co_await remove(sending, std::move(write));
      break;
    default:
      results.front() = co_await update(sending, std::move(write));
  }
  co_return results;
}

awaitable<Applied> GroupAdmin::create(rest::Sending& sending, GroupWrite write) {
  auto const doing = "creating group " + printable(write.change.group);
  auto request = create_request(context_.profile, write.fields);
  auto const answer = co_await sending.send(context_.session, std::move(request));
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) co_return *failed;
  if (!failed) {
    auto id = parse_id(answer->body);
    if (id) {
      write.change.group_id = std::move(*id);
      auto otherwise = applied(Outcome::failed,
                               "not applied: the console accepted the creation and shows something else; "
                               "look at it with `dirsyncd console get`");
      co_return co_await verify(std::move(write), std::move(otherwise));
    }
    failed = applied(Outcome::unknown, within(doing, id.error()));
  }
  co_return co_await look_for_created(std::move(write), std::move(*failed));
}

/// A creation is never sent again: only a list tells whether it happened.
awaitable<Applied> GroupAdmin::look_for_created(GroupWrite write, Applied otherwise) {
  rest::Look<Applied> const look = [this, &write] { return created_by_now(write); };
  auto const seen = co_await rest::look_until<Applied>(looks_of(context_.settings), look);
  if (seen && *seen) co_return **seen;
  otherwise.detail += "; the group is not in the list so far, and the next run looks for it again";
  co_return otherwise;
}

awaitable<Result<std::optional<Applied>>> GroupAdmin::created_by_now(GroupWrite write) {
  auto const groups = co_await context_.reader.groups();
  if (!groups) co_return groups.error();
  auto const count = std::ranges::count(*groups, write.change.group, &Group::name);
  if (count > 1)
    co_return applied(Outcome::failed,
                      "several groups bear this name by now; delete all but one in the console");
  if (count == 0) co_return std::optional<Applied>{};
  write.change.group_id = std::ranges::find(*groups, write.change.group, &Group::name)->id;
  auto stranger = applied(Outcome::failed,
                          "a group of this name has appeared that is not as asked for: somebody else's; "
                          "look at it with `dirsyncd console get`");
  auto verified = co_await verify(std::move(write), std::move(stranger));
  co_return std::optional{std::move(verified)};
}

awaitable<Applied> GroupAdmin::update(rest::Sending& sending, GroupWrite write) {
  auto const doing = "changing group " + printable(write.change.group);
  auto request = update_request(context_.profile, write.change.group_id, write.fields);
  if (!request) co_return applied(Outcome::failed, request.error());
  auto const answer = co_await sending.send(context_.session, *std::move(request));
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) {
    if (!answer || !is_conflict(*answer)) co_return *failed;
    auto const group = co_await context_.reader.group(write.change.group_id);
    if (group && *group && (*group)->version)
      failed->detail += "; it is at updateVersion " + std::to_string(*(*group)->version) + " now";
    co_return *failed;
  }
  if (!failed)
    failed = applied(Outcome::failed,
                     "not applied: the console accepted the write and shows something else; "
                     "look at it with `dirsyncd console get`");
  co_return co_await verify(std::move(write), std::move(*failed));
}

awaitable<Applied> GroupAdmin::verify(GroupWrite write, Applied otherwise) {
  auto const id = write.change.group_id;
  Wanted const wanted = [this, &write](Group const* group) {
    return group && is_as_wanted(write.fields, *group);
  };
  auto result = co_await settle_by_look(id, wanted, std::move(otherwise));
  result.group_id = id;
  co_return result;
}

awaitable<Applied> GroupAdmin::remove(rest::Sending& sending, GroupWrite write) {
  auto const doing = "deleting group " + printable(write.change.group);
  auto request = delete_request(context_.profile, write.change.group_id);
  if (!request) co_return applied(Outcome::failed, request.error());
  auto const answer = co_await sending.send(context_.session, *std::move(request));
  if (answer && says_not_found(*answer)) co_return applied(Outcome::done, std::string{});
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) co_return *failed;
  if (!failed)
    failed =
        applied(Outcome::failed, "not applied: the console accepted the deletion and still has the group");
  Wanted const is_gone = [](Group const* group) { return group == nullptr; };
  co_return co_await settle_by_look(write.change.group_id, is_gone, std::move(*failed));
}

/// Done when a look shows it. A lost answer of a write that no look shows is a write that was not done.
awaitable<Applied> GroupAdmin::settle_by_look(std::string id, Wanted wanted, Applied otherwise) {
  auto const seen = co_await look_at_group_until(context_, std::move(id), std::move(wanted));
  if (seen && *seen) co_return applied(Outcome::done, std::string{});
  if (!seen) {
    otherwise.outcome = Outcome::unknown;
    otherwise.detail += "; and no look at the group succeeded since: " + text(seen.error());
  } else if (otherwise.outcome == Outcome::unknown) {
    otherwise.outcome = Outcome::failed;
    otherwise.detail += "; a look showed that it was not done";
  }
  co_return otherwise;
}

/// Roles that a console does not tell at all cannot be compared.
bool GroupAdmin::is_as_wanted(GroupFields const& wanted, Group const& group) const {
  if (group.name != wanted.name || group.description != wanted.description) return false;
  if (group.roles.told == Ids::Told::no) return true;
  auto ids = role_ids(group.roles.names, context_.known.roles);
  if (!ids) return false;
  ids->insert(ids->end(), group.roles.ids.begin(), group.roles.ids.end());
  return ordered(std::move(*ids)) == ordered(wanted.roles);
}

}  // namespace dirsync::console
