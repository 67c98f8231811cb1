#include "sync/console/write/group_calls.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sync/console/api/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

std::string body_of(GroupFields const& fields) {
  boost::json::object body;
  body["name"] = fields.name;
  body["description"] = fields.description;
  body["roles"] = boost::json::array(fields.roles.begin(), fields.roles.end());
  if (fields.version) body["updateVersion"] = *fields.version;
  return boost::json::serialize(body);
}

Result<rest::Write> write_to(Profile const& profile, std::string const& id, http::Method method,
                             std::string body) {
  auto const path = rest::Path::of(rest::PathServer::any, {profile.groups_path, "/", rest::Segment{id}});
  if (!path) return path.error();
  return rest::Write{method, *path, std::move(body)};
}

std::string names_of(std::vector<Role> const& roles) {
  if (roles.empty()) return "no role at all";
  return join(roles, ", ", [](Role const& role) { return printable(role.name); });
}
}  // namespace

rest::Write create_request(Profile const& profile, GroupFields const& fields) {
  return {http::Method::post, rest::Path::fixed(profile.groups_path), body_of(fields)};
}
Result<rest::Write> update_request(Profile const& profile, std::string const& id, GroupFields const& fields) {
  return write_to(profile, id, http::Method::put, body_of(fields));
}
Result<rest::Write> delete_request(Profile const& profile, std::string const& id) {
  return write_to(profile, id, http::Method::del, {});
}

Group const* namesake(std::vector<Group> const& groups, std::string const& name, std::string const& except) {
  auto const folded = fold_case(name);
  Group const* alike = nullptr;
  for (auto const& group : groups) {
    if (group.id == except || fold_case(group.name) != folded) continue;
    if (group.name == name) return &group;
    if (!alike) alike = &group;
  }
  return alike;
}

Result<std::vector<std::string>> role_ids(std::vector<std::string> const& names,
                                          std::vector<Role> const& roles) {
  std::vector<std::string> ids;
  for (auto const& name : names) {
    auto const found = std::ranges::find(roles, name, &Role::name);
    if (found == roles.end() || std::ranges::count(roles, name, &Role::name) > 1)
      return Error{ConsoleErrc::ambiguous,
                   "the console has " + std::string{found == roles.end() ? "no" : "more than one"} +
                       " role '" + printable(name) +
                       "'; correct the name of the role. There are: " + names_of(roles)};
    ids.push_back(found->id);
  }
  return ids;
}

awaitable<Result<std::vector<std::string>>> find_role_ids(WriteContext context,
                                                          std::vector<std::string> names) {
  auto& known = context.last_read.roles;
  auto ids = role_ids(names, known);
  if (ids) co_return ids;
  auto const above = co_await context.reader.inherited_roles();
  if (!above) co_return above.error();
  auto const own = known;  // the nearest one of a name counts
  for (auto const& role : *above)
    if (std::ranges::find(own, role.name, &Role::name) == own.end()) known.push_back(role);
  co_return role_ids(names, known);
}

awaitable<Result<std::vector<std::string>>> ids_of_roles(WriteContext context, Ids told) {
  auto const nothing_readable = told.ids.empty() && told.names.empty();
  if (told.told == Ids::Told::no || (told.told == Ids::Told::unreadable && nothing_readable)) {
    Error error{ConsoleErrc::malformed,
                "the console did not tell the group's roles, which a write would replace; "
                "check that profile fits the console"};
    co_return error;
  }
  if (told.names.empty()) co_return told.ids;
  auto const above = co_await context.reader.inherited_roles();
  if (!above) co_return above.error();
  auto roles = context.last_read.roles;
  for (auto const& role : *above)
    if (std::ranges::find(roles, role.id, &Role::id) == roles.end()) roles.push_back(role);
  auto ids = role_ids(told.names, roles);
  if (ids) ids->insert(ids->end(), told.ids.begin(), told.ids.end());
  co_return ids;
}

Deletion deletion_after(std::string const& doing, Result<http::Response> const& answer) {
  Deletion deletion;
  if (answer && says_not_found(*answer)) {
    deletion.settled = applied(Outcome::done);
    return deletion;
  }
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) deletion.settled = failed;
  deletion.unless_gone =
      failed ? std::move(*failed)
             : applied(Outcome::failed,
                       "not applied: the console accepted the deletion and still has the group");
  return deletion;
}

Applied without_a_look(Applied if_not_done, Error const& unseen) {
  auto const was_accepted = if_not_done.outcome == Outcome::failed;
  if_not_done.detail = (was_accepted ? "the console accepted the write" : if_not_done.detail) +
                       ", and no look at the group succeeded since: " + text(unseen);
  if_not_done.outcome = Outcome::unknown;
  return if_not_done;
}

std::vector<std::string> in_order(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

namespace {
awaitable<Result<std::optional<bool>>> is_as_wanted(WriteContext& context, std::string const& id,
                                                    Wanted const& wanted) {
  auto const group = co_await context.reader.group(id);
  if (!group) co_return group.error();
  co_return wanted(*group ? &**group : nullptr) ? std::optional{true} : std::nullopt;
}
}  // namespace

awaitable<Result<bool>> look_at_group_until(WriteContext context, std::string id, Wanted wanted) {
  rest::Look<bool> const look = [&context, &id, &wanted] { return is_as_wanted(context, id, wanted); };
  auto const seen = co_await rest::look_until<bool>(looks_of(context.settings), look);
  if (!seen) co_return seen.error();
  co_return seen->has_value();
}

}  // namespace dirsync::console
