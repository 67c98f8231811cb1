#include <algorithm>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/calls.hpp"
#include "tests/simulators/vault/query.hpp"

namespace dirsync::sim::vault {
namespace {
using Memberships = std::map<Id, json::array>;  // groupsMembership by user

Memberships memberships_of(World const& world) {
  Memberships memberships;
  for (auto const& [id, group] : world.state.groups())
    for (auto const& member : members_of(world, group))
      memberships[member.id].push_back(
          {{"groupID", id_json(world, id)}, {"groupName", group.name}, {"groupType", group.type}});
  return memberships;
}

json::array memberships_of(World const& world, Id user) {
  json::array memberships;
  for (auto const& [id, group] : world.state.groups()) {
    auto const is_user = [user](auto const& member) { return member.id == user; };
    auto const is_in = group.type == "Directory" ? std::ranges::any_of(members_of(world, group), is_user)
                                                 : group.members.contains(user);
    if (is_in)
      memberships.push_back(
          {{"groupID", id_json(world, id)}, {"groupName", group.name}, {"groupType", group.type}});
  }
  return memberships;
}

json::object user_json(World const& world, User const& user) {
  return {{"id", id_json(world, user.id)},
          {"username", user.username},
          {"source", user.source},
          {"userType", user.user_type},
          {"componentUser", user.component},
          {"vaultAuthorization", to_array(user.authorizations)},
          {"location", user.location},
          {"personalDetails",
           {{"firstName", user.first_name}, {"middleName", ""}, {"lastName", user.last_name}}}};
}

void add_extended(User const& user, json::array memberships, json::object& object) {
  object["groupsMembership"] = std::move(memberships);
  if (user.source == "LDAP") object["userDN"] = user.user_dn;
  object["enableUser"] = user.enabled;
  object["suspended"] = user.suspended;
}

std::string_view status_of(User const& user) {
  if (user.suspended) return "Suspended";
  return user.enabled ? "Active" : "Disabled";
}

struct UserQuery {
  std::vector<Condition> conditions;
  std::vector<std::string> terms;
  std::vector<SortKey> order;
  bool extended = false;
  std::int64_t offset = 0, size = 0;  // size 0: all
};

Checked<UserQuery> parse_user_query(World const& world, Request const& request) {
  UserQuery query;
  auto const& knobs = world.knobs;
  auto filter = parse_filter(find_field(request.query, "filter").value_or(""),
                             {"usertype", "componentuser", "username"}, knobs.on("filter_quotes"));
  if (!filter) return filter.error();
  query.conditions = *std::move(filter);
  std::vector<std::string_view> direct = {"userType", "componentUser"};
  if (knobs.on("name_filter_and_sort")) direct.emplace_back("userName");
  if (knobs.on("user_filters")) direct.insert(direct.end(), {"source", "userStatus"});
  for (auto const name : direct)
    if (auto value = find_field(request.query, name))
      query.conditions.push_back({ascii_lower(name), *std::move(value)});
  auto search = parse_search(find_field(request.query, "search").value_or(""));
  if (!search) return search.error();
  query.terms = *std::move(search);
  if (knobs.on("name_filter_and_sort")) {
    auto order = parse_sort(find_fields(request.query, "sort"), {"username", "source", "usertype", "location",
                                                                 "lastname", "firstname", "middlename"});
    if (!order) return order.error();
    query.order = *std::move(order);
  }
  if (knobs.on("extended_details")) {
    auto const wanted = parse_flag(request.query, "ExtendedDetails");
    if (!wanted) return wanted.error();
    query.extended = *wanted;
  }
  if (knobs.on("user_paging")) {
    auto const offset = parse_number(request.query, "pageOffset", 0);
    auto const size = parse_number(request.query, "pageSize", 0);
    if (!offset) return offset.error();
    if (!size) return size.error();
    query.offset = *offset;
    query.size = *size;
  }
  return query;
}

std::string property_of(User const& user, std::string_view property) {
  if (property == "username") return user.username;
  if (property == "source") return user.source;
  if (property == "usertype") return user.user_type;
  if (property == "location") return user.location;
  if (property == "lastname") return user.last_name;
  if (property == "firstname") return user.first_name;
  if (property == "componentuser") return user.component ? "true" : "false";
  if (property == "userstatus") return std::string{status_of(user)};
  return {};
}

bool matches_all(User const& user, UserQuery const& query) {
  if (!matches(query.terms, {user.username, user.first_name, user.last_name})) return false;
  return std::ranges::all_of(query.conditions, [&user](Condition const& condition) {
    return fold_case(property_of(user, condition.property)) == fold_case(condition.value);
  });
}

std::vector<User const*> select(World const& world, User const& caller, UserQuery const& query) {
  std::vector<User const*> selected;
  for (auto const& [id, user] : world.state.users())
    if (!user.hidden && sees(world, caller, user.location) && matches_all(user, query))
      selected.push_back(&user);
  sort_by<User const*>(selected, query.order, [](User const* const& user, std::string_view property) {
    return fold_case(property_of(*user, property));
  });
  return selected;
}
}  // namespace

Reply list_users(World& world, Context const& call) {
  auto const query = parse_user_query(world, call.request);
  if (!query) return query.error();
  auto const selected = select(world, *call.caller, *query);
  auto const begin = std::min(static_cast<std::size_t>(query->offset), selected.size());
  auto const size = query->size == 0 ? selected.size() : static_cast<std::size_t>(query->size);
  auto const end = begin + std::min(size, selected.size() - begin);

  auto memberships = query->extended ? memberships_of(world) : Memberships{};
  json::array users;
  for (auto at = begin; at < end; ++at) {
    auto object = user_json(world, *selected[at]);
    if (query->extended) add_extended(*selected[at], std::move(memberships[selected[at]->id]), object);
    users.push_back(std::move(object));
  }
  auto const total = world.knobs.is("users_total", "page") ? users.size() : selected.size();
  break_list(world.knobs.text("users_fault"), users);
  if (world.knobs.is("users_envelope", "array")) return answer(200, users);
  return answer(200, json::object{{"Users", std::move(users)}, {"Total", total}});
}

Reply get_user(World& world, Context const& call) {
  auto const& text = call.parameters.at(0);
  auto const id = to_id(text);
  if (!id) return invalid("User ID must be numeric", "PASWS018E");
  auto const* const user = world.state.user(*id);
  if (user == nullptr || user->hidden || !sees(world, *call.caller, user->location)) return no_user(text);

  constexpr std::int64_t kNoDate = -62'135'578'800;  // what servers send for "no date"
  auto object = user_json(world, *user);
  add_extended(*user, memberships_of(world, user->id), object);
  object["changePassOnNextLogon"] = false;
  object["expiryDate"] = kNoDate;
  object["lastSuccessfulLoginDate"] = 0;
  object["unAuthorizedInterfaces"] = json::array{};
  object["authenticationMethod"] = to_array(user->methods);
  object["passwordNeverExpires"] = true;
  object["distinguishedName"] = "";
  object["description"] = "";
  object["internet"] = {
      {"homePage", ""}, {"homeEmail", ""}, {"businessEmail", user->mail}, {"otherEmail", ""}};
  return answer(200, object);
}

}  // namespace dirsync::sim::vault
