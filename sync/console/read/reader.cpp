#include "sync/console/read/reader.hpp"

#include <algorithm>
#include <iterator>

#include "sync/console/api/errors.hpp"
#include "sync/model/text.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;
using rest::Path;
using rest::PathServer;
using rest::Segment;

bool is_addressable(std::string_view id) { return rest::why_no_segment(id, PathServer::any).empty(); }

/// Absent groups are none where the console tells those of others and no list that is empty. Null: all are
/// known.
User const* whose_groups_are_unknown(std::vector<User> const& users) {
  auto const is_untold = [](User const& user) { return user.groups.told == Ids::Told::no; };
  auto const tells_groups = [](User const& user) { return !user.groups.ids.empty(); };
  auto const tells_none = [](User const& user) {
    return user.groups.told == Ids::Told::yes && user.groups.ids.empty();
  };
  auto const untold = std::ranges::find_if(users, is_untold);
  if (untold == users.end()) return nullptr;
  auto const left_out = std::ranges::any_of(users, tells_groups) && std::ranges::none_of(users, tells_none);
  return left_out ? nullptr : &*untold;
}

Error not_told(User const& user) {
  return Error{
      ConsoleErrc::incomplete,
      "reading user " + printable(user.name) +
          ": the console did not tell the user's groups, and it offers no list of a group's members"};
}
}  // namespace

Reader::Reader(Session& session, Profile const& profile, int page_size, int at_once)
    : session_(session),
      profile_(profile),
      at_once_(std::max(1, at_once)),
      lists_(session, profile, page_size, at_once_) {}

template <class T>
awaitable<Result<std::vector<T>>> Reader::list_ours(rest::Path path, std::string query,
                                                    ListReader::Parser<T> parse) {
  auto items = co_await lists_.list<T>(std::move(path), std::move(query), parse);
  if (items && !session_.organization().empty())
    std::erase_if(*items, [&ours = session_.organization()](T const& item) {
      return !item.organization.empty() && item.organization != ours;
    });
  co_return items;
}

template <class T>
awaitable<Result<std::vector<T>>> Reader::list_with_ids(rest::Path path, std::string query,
                                                        ListReader::Parser<T> parse) {
  auto items = co_await lists_.list<T>(std::move(path), std::move(query), parse);
  if (items) std::erase_if(*items, [](T const& item) { return item.id.empty(); });
  co_return items;
}

Reader::Organizations Reader::organizations() {
  return list_with_ids<Organization>(Path::fixed(profile_.organizations_path), {}, parse_organizations);
}
Reader::Roles Reader::roles() {
  return list_with_ids<Role>(Path::fixed(profile_.roles_path), profile_.scope_query, parse_roles);
}
Reader::Roles Reader::inherited_roles() {
  return list_with_ids<Role>(Path::fixed(profile_.roles_path), profile_.ancestors_query, parse_roles);
}
Reader::Groups Reader::groups() {
  return list_ours<Group>(Path::fixed(profile_.groups_path), profile_.scope_query, parse_groups);
}
Reader::Groups Reader::find_groups(std::string query_type, std::string name) {
  auto query = profile_.query_type_parameter + "=" + query_type;
  if (!name.empty()) query += "&" + profile_.name_parameter + "=" + http::percent_encode(name);
  if (query_type == "SHOW_CURRENT")
    return list_ours<Group>(Path::fixed(profile_.groups_path), std::move(query), parse_groups);
  return lists_.list<Group>(Path::fixed(profile_.groups_path), std::move(query), parse_groups);
}
Reader::Users Reader::users() { return list_ours<User>(Path::fixed(profile_.users_path), {}, parse_users); }

awaitable<Result<std::optional<Group>>> Reader::group(std::string id) {
  auto path = Path::of(PathServer::any, {profile_.groups_path, "/", Segment{id}});
  if (!path) co_return path.error();
  auto answer = co_await get(session_, *std::move(path));
  if (!answer) co_return within("reading group " + id, answer.error());
  if (says_not_found(*answer)) co_return std::optional<Group>{};
  if (answer->status / 100 != 2) co_return refusal("reading group " + id, *answer);
  auto group = parse_group(answer->body, profile_);
  if (!group) co_return within("reading group " + id, group.error());
  if (group->id != id) co_return incomplete("group " + id, "another group came");
  co_return std::optional<Group>{std::move(*group)};
}

awaitable<Result<std::optional<User>>> Reader::user(std::string id) {
  auto path = Path::of(PathServer::any, {profile_.users_path, "/", Segment{id}});
  if (!path) co_return path.error();
  auto answer = co_await get(session_, *std::move(path));
  if (!answer) co_return within("reading user " + id, answer.error());
  if (says_not_found(*answer)) co_return std::optional<User>{};
  if (answer->status / 100 != 2) co_return refusal("reading user " + id, *answer);
  auto user = parse_user(answer->body, profile_);
  if (!user) co_return within("reading user " + id, user.error());
  if (user->id != id) co_return incomplete("user " + id, "another user came");
  co_return std::optional<User>{std::move(*user)};
}

Reader::Members Reader::members(std::string group_id, UsersByGroup& by_group) {
  for (;;) {
    auto const tried = way_;
    auto found = co_await members_by(way(), group_id, by_group);
    // Only the console itself can say that it has no such call: not a proxy, nor an object that is missing.
    if (found || found.error().code != ConsoleErrc::not_offered) co_return found;
    auto const still = co_await group(group_id);
    if (!still) co_return still.error();
    if (!*still || tried + 1 == profile_.members.size()) co_return found;
    // Unless it was found out for another group meanwhile.
    if (way_ == tried) ++way_;
  }
}

Reader::Members Reader::members_of(Group const& group, UsersByGroup& by_group) {
  // Nobody can ask for them. Whoever makes something of the list leaves such a group alone.
  if (!is_addressable(group.id)) co_return std::vector<Member>{};
  auto found = co_await members(group.id, by_group);
  if (!found) co_return within("group " + printable(group.name), found.error());
  co_return found;
}

Reader::MembersOfEach Reader::members_of_each(std::vector<Group> const& groups) {
  std::vector<std::vector<Member>> all;
  if (groups.empty()) co_return all;
  UsersByGroup by_group;
  // Alone, as it may show that this console lacks a way.
  auto first = co_await members_of(groups.front(), by_group);
  if (!first) co_return first.error();
  all.push_back(std::move(*first));
  std::function<Members(std::size_t)> const other = [this, &groups, &by_group](std::size_t at) {
    return members_of(groups[at + 1], by_group);
  };
  auto others =
      co_await collect<std::vector<Member>>(groups.size() - 1, static_cast<std::size_t>(at_once_), other);
  if (!others) co_return others.error();
  std::ranges::move(*others, std::back_inserter(all));
  co_return all;
}

Reader::Members Reader::members_by(MembersWay way, std::string group_id, UsersByGroup& by_group) {
  if (way == MembersWay::each_user) return members_of_users(std::move(group_id), by_group);
  return list_members(way, group_id, Reach::organization);
}

Reader::Members Reader::list_members(MembersWay way, std::string group_id, Reach reach) {
  auto const everywhere = reach == Reach::everywhere;
  auto const of_console_groups = way == MembersWay::console_groups;
  auto const& below = of_console_groups ? profile_.console_groups_path : profile_.groups_path;
  auto path =
      Path::of(PathServer::any, {below, "/", Segment{group_id}, of_console_groups ? "/users" : "/members"});
  if (!path) co_return path.error();
  auto query = everywhere          ? profile_.everywhere_query
               : of_console_groups ? profile_.scope_query
                                   : "assigneeType=USER";
  co_return co_await lists_.list<Member>(*std::move(path), std::move(query),
                                         of_console_groups ? parse_group_users : parse_group_members);
}

Reader::Members Reader::members_everywhere(std::string group_id, UsersByGroup& by_group) {
  auto found = co_await members(group_id, by_group);
  if (!found || way() == MembersWay::each_user) co_return found;
  auto const more = co_await list_members(way(), group_id, Reach::everywhere);
  if (!more) co_return more.error();
  for (auto const& member : *more)
    if (std::ranges::find(*found, member.record, &Member::record) == found->end()) found->push_back(member);
  co_return found;
}

Reader::Members Reader::members_of_users(std::string group_id, UsersByGroup& by_group) {
  auto const pass = co_await by_group.one.enter();
  if (!by_group.read) {
    auto read = co_await read_each_user();
    by_group.read.emplace(std::move(read));
  }
  auto const& read = *by_group.read;
  if (!read) co_return read.error();
  auto const found = read->find(group_id);
  co_return found == read->end() ? std::vector<Member>{} : found->second;
}

awaitable<Result<User>> Reader::user_with_groups(std::string id) {
  auto found = co_await user(id);
  if (!found) co_return found.error();
  if (!*found) co_return incomplete("user " + id, "the user went away meanwhile");
  if ((*found)->groups.told == Ids::Told::unreadable) co_return not_told(**found);
  co_return std::move(**found);
}

awaitable<Result<std::map<std::string, std::vector<Member>>>> Reader::read_each_user() {
  auto listed = co_await users();
  if (!listed) co_return listed.error();
  // Of the others nobody can ask for their groups, and nothing is written to them.
  std::erase_if(*listed, [](User const& user) { return !is_addressable(user.id); });
  std::function<awaitable<Result<User>>(std::size_t)> const one = [this, &listed](std::size_t at) {
    return user_with_groups((*listed)[at].id);
  };
  auto const read = co_await collect<User>(listed->size(), static_cast<std::size_t>(at_once_), one);
  if (!read) co_return read.error();
  if (auto const* const untold = whose_groups_are_unknown(*read)) co_return not_told(*untold);
  std::map<std::string, std::vector<Member>> by_group;
  for (auto const& user : *read)
    for (auto const& group_id : user.groups.ids) {
      Member member;
      member.record = member.id = user.id;
      member.name = user.name;
      member.organization = user.organization;
      by_group[group_id].push_back(std::move(member));
    }
  co_return by_group;
}

}  // namespace dirsync::console
