#include <algorithm>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/calls.hpp"
#include "tests/simulators/vault/query.hpp"

namespace dirsync::sim::vault {
namespace {
constexpr std::size_t kLongestName = 128;  // characters

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

json::object group_json(World const& world, Group const& group) {
  json::object object = {{"id", id_json(world, group.id)}, {"groupType", group.type}};
  if (group.type == "Directory") {
    object["directory"] = group.directory;
    object["dn"] = group.dn;
  }
  object["groupName"] = group.name;
  object["description"] = group.description;
  object["location"] = group.location;
  return object;
}

void add_members(World const& world, Group const& group, std::string_view key, json::object& object) {
  if (world.knobs.is("members", "missing")) return;
  json::array members;
  for (auto const& member : members_of(world, group))
    members.push_back({{key, member.name}, {"id", id_json(world, member.id)}});
  auto const& empty = world.knobs.text("empty_members");
  auto const tells = empty == "array" || (empty == "mixed" && group.id % 2 == 0);
  if (!members.empty() || tells)
    object["members"] = std::move(members);
  else if (empty == "null")
    object["members"] = nullptr;
}

struct GroupQuery {
  std::vector<Condition> conditions;
  std::vector<std::string> terms;
  std::vector<SortKey> order;
  bool include_members = false;
  bool predefined = true;
};

Checked<GroupQuery> parse_group_query(World const& world, Request const& request) {
  GroupQuery query;
  auto const& knobs = world.knobs;
  auto filter = parse_filter(find_field(request.query, "filter").value_or(""), {"grouptype", "groupname"},
                             knobs.on("filter_quotes"));
  if (!filter) return filter.error();
  query.conditions = *std::move(filter);
  auto search = parse_search(find_field(request.query, "search").value_or(""));
  if (!search) return search.error();
  query.terms = *std::move(search);
  if (knobs.on("name_filter_and_sort")) {
    auto order = parse_sort(find_fields(request.query, "sort"), {"groupname", "directory", "location"});
    if (!order) return order.error();
    query.order = *std::move(order);
  } else {
    std::erase_if(query.conditions,
                  [](Condition const& condition) { return condition.property == "groupname"; });
  }
  if (knobs.on("include_members")) {
    auto const wanted = parse_flag(request.query, "includeMembers");
    if (!wanted) return wanted.error();
    query.include_members = *wanted;
  }
  if (knobs.is("predefined_groups", "asked")) {
    auto const wanted = parse_flag(request.query, "includePredefinedUsers");
    if (!wanted) return wanted.error();
    query.predefined = *wanted;
  }
  return query;
}

bool matches_all(Group const& group, GroupQuery const& query) {
  if (!query.predefined && is_predefined_group(group.name)) return false;
  if (!matches(query.terms, {group.name})) return false;
  return std::ranges::all_of(query.conditions, [&group](Condition const& condition) {
    auto const& actual = condition.property == "grouptype" ? group.type : group.name;
    return fold_case(actual) == fold_case(condition.value);
  });
}

std::string sort_text(Group const* group, std::string_view property) {
  if (property == "directory") return fold_case(group->directory);
  return fold_case(property == "location" ? group->location : group->name);
}

std::vector<Group const*> select(World const& world, User const& caller, GroupQuery const& query) {
  std::vector<Group const*> selected;
  for (auto const& [id, group] : world.state.groups())
    if (sees(world, caller, group.location) && matches_all(group, query)) selected.push_back(&group);
  sort_by<Group const*>(selected, query.order, [](Group const* const& group, std::string_view property) {
    return sort_text(group, property);
  });
  return selected;
}

std::string next_link(World const& world, Request const& request, std::size_t offset, std::size_t limit) {
  auto link = "api/UserGroups?offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit);
  for (auto const& [name, value] : request.query)
    if (!ascii_iequal(name, "offset") && !ascii_iequal(name, "limit"))
      link += "&" + percent_encode(name) + "=" + percent_encode(value);
  if (world.knobs.is("next_link", "absolute"))
    return "https://" + std::string{request.header("Host")} + "/PasswordVault/" + link;
  if (world.knobs.is("next_link", "other_host")) return "https://elsewhere.invalid/PasswordVault/" + link;
  return link;
}

Checked<Id> group_id(World const& world, Context const& call) {
  auto const& text = call.parameters.at(0);
  auto const id = to_id(text);
  if (!id) return invalid("Group ID must be numeric", "PASWS018E");
  auto const* const group = world.state.group(*id);
  if (group == nullptr || !sees(world, *call.caller, group->location)) return no_group(text);
  return *id;
}

/// The group to change; Directory groups belong to LDAP.
Checked<Group*> vault_group(World& world, Context const& call) {
  auto const id = group_id(world, call);
  if (!id) return id.error();
  auto* const group = world.state.group(*id);
  if (group->type == "Vault") return group;
  if (world.knobs.is("directory_group_status", "400")) return invalid("The group is an LDAP group");
  return refuse(403, "PASWS041E", "You are not authorized to perform this action.");
}

std::optional<Reply> bad_name(World const& world, std::optional<std::string> const& name) {
  if (!name || name->empty()) return invalid("groupName is missing");
  if (characters(*name) > kLongestName) return invalid("groupName is longer than 128 characters");
  if (has_control_character(*name)) return invalid("groupName has a control character");
  if (name->find_first_of(world.knobs.text("forbidden_in_names")) != std::string::npos)
    return invalid("groupName has a forbidden character");
  return std::nullopt;
}

std::optional<Reply> bad_description(World const& world, std::string const& description) {
  if (has_control_character(description)) return invalid("description has a control character");
  auto const longest = static_cast<std::size_t>(world.knobs.number("longest_description"));
  if (longest > 0 && characters(description) > longest) return invalid("description is too long");
  return std::nullopt;
}

std::optional<Reply> bad_location(World const& world, std::string const& location) {
  if (!location.starts_with('\\')) return invalid("location does not start with a backslash");
  if (characters(location) > kLongestName) return invalid("location is longer than 128 characters");
  auto const known = std::ranges::any_of(world.state.locations, [&location](std::string const& one) {
    return fold_case(one) == fold_case(location);
  });
  if (!known) return refuse(404, "CAWS00001E", "Location " + location + " was not found.");
  return std::nullopt;
}

Reply duplicate(World const& world, std::string const& name) {
  return refuse(static_cast<int>(world.knobs.number("duplicate_group_status")), "CAWS00001E",
                "User or group " + name + " already exists.");
}

struct GroupBody {
  std::optional<std::string> name, description, location;
};

Checked<GroupBody> group_body(World const& world, Request const& request) {
  auto const body = body_of(request);
  if (!body) return body.error();
  auto name = text_property(*body, "groupName");
  auto description = text_property(*body, "description");
  auto location = text_property(*body, "location");
  for (auto const* property : {&name, &description, &location})
    if (!*property) return property->error();
  if (auto refused = bad_name(world, *name)) return *refused;
  if (auto refused = bad_description(world, description->value_or(""))) return *refused;
  return GroupBody{*std::move(name), *std::move(description), *std::move(location)};
}
}  // namespace

Reply list_groups(World& world, Context const& call) {
  auto const query = parse_group_query(world, call.request);
  if (!query) return query.error();
  auto const selected = select(world, *call.caller, *query);

  // Without paging the parameters of the links are unknown, and unknown parameters are ignored.
  std::size_t offset = 0;
  auto limit = selected.size();
  if (auto const page = world.knobs.number("page_size"); page > 0) {
    auto const asked_offset = parse_number(call.request.query, "offset", 0);
    auto const asked_limit = parse_number(call.request.query, "limit", page);
    if (!asked_offset) return asked_offset.error();
    if (!asked_limit) return asked_limit.error();
    offset = std::min(static_cast<std::size_t>(*asked_offset), selected.size());
    limit = static_cast<std::size_t>(std::clamp(*asked_limit, std::int64_t{1}, page));
  }
  auto const end = std::min(offset + limit, selected.size());

  json::array entries;
  for (auto at = offset; at < end; ++at) {
    auto object = group_json(world, *selected[at]);
    if (query->include_members)
      add_members(world, *selected[at], world.knobs.text("list_member_key"), object);
    entries.push_back(std::move(object));
  }
  auto count = world.knobs.is("count_as", "all") ? selected.size() : entries.size();
  break_list(world.knobs.text("list_fault"), entries);
  if (world.knobs.is("count_as", "sent")) count = entries.size();
  json::object body;
  body[world.knobs.text("groups_envelope")] = std::move(entries);
  body["count"] = count;
  if (end < selected.size())
    body["nextLink"] =
        next_link(world, call.request, world.knobs.is("next_link", "loop") ? offset : end, limit);
  return answer(200, body);
}

Reply get_group(World& world, Context const& call) {
  auto const id = group_id(world, call);
  if (!id) return id.error();
  auto const wanted = parse_flag(call.request.query, "includeMembers");
  if (!wanted) return wanted.error();
  auto const& group = *world.state.group(*id);
  auto object = group_json(world, group);
  if (*wanted || world.knobs.is("details_members", "always"))
    add_members(world, group, world.knobs.text("details_member_key"), object);
  return answer(200, object);
}

Reply create_group(World& world, Context const& call) {
  auto const body = group_body(world, call.request);
  if (!body) return body.error();
  auto const location = body->location.value_or("\\");
  if (auto refused = bad_location(world, location)) return *refused;
  if (group_name_taken(world, *body->name, location)) return duplicate(world, *body->name);
  Group group;
  group.name = *body->name;
  group.description = body->description.value_or("");
  group.location = location;
  auto object = group_json(world, world.state.add(std::move(group)));
  if (!world.knobs.on("created_group_id")) object.erase("id");
  return answer(static_cast<int>(world.knobs.number("create_group_status")), object, true);
}

Reply update_group(World& world, Context const& call) {
  auto const body = group_body(world, call.request);
  if (!body) return body.error();
  auto const group = vault_group(world, call);
  if (!group) return group.error();
  auto const same_name = fold_case((*group)->name) == fold_case(*body->name);
  if (!same_name && group_name_taken(world, *body->name, (*group)->location))
    return duplicate(world, *body->name);
  if (world.knobs.on("update_group_merges")) {
    if (body->location) {
      if (auto refused = bad_location(world, *body->location)) return *refused;
      (*group)->location = *body->location;
    }
    if (body->description) (*group)->description = *body->description;
  }
  world.state.rename_group(**group, *body->name);
  return answer(200, group_json(world, **group), true);
}

Reply delete_group(World& world, Context const& call) {
  auto const group = vault_group(world, call);
  if (!group) return group.error();
  world.state.remove_group((*group)->id);
  if (world.knobs.is("delete_group_status", "204")) return no_content(true);
  return answer(200, json::object{}, true);
}

Reply add_member(World& world, Context const& call) {
  auto const body = body_of(call.request);
  if (!body) return body.error();
  auto const group = vault_group(world, call);
  if (!group) return group.error();
  auto const name = text_property(*body, "memberId");
  auto const type = text_property(*body, "memberType");
  auto const domain = text_property(*body, "domainName");
  for (auto const* property : {&name, &type, &domain})
    if (!*property) return property->error();
  if (name->value_or("").empty()) return invalid("memberId is missing");
  auto const kind = ascii_lower(type->value_or("Vault"));
  if (kind != "vault" && kind != "domain") return invalid("memberType is Vault or Domain");
  if (kind == "domain" && !world.knobs.on("domain_members"))
    return invalid("memberType Domain is not supported");
  if (kind == "domain" && domain->value_or("").empty()) return invalid("domainName is missing");
  if (!*domain && world.knobs.on("strict_domain_name")) return invalid("domainName is missing");

  Provisioned member;
  if (kind == "domain") {
    auto const provisioned = provision(world, **name, **domain);
    if (!provisioned) return provisioned.error();
    member = *provisioned;
  } else if (auto const* const user = world.state.user_named(**name)) {
    member.id = user->id;
  } else if (auto const* const nested = world.state.group_named(**name)) {
    if (nested == *group) return invalid("A group cannot be a member of itself");
    member.id = nested->id;
  } else {
    return no_user(**name);
  }
  if (!(*group)->members.emplace(member.id, "").second) {
    auto reply =
        world.knobs.is("already_member", "PASWS213E")
            ? refuse(409, "PASWS213E", "User " + **name + " is already a member of the group.")
            : refuse(409, "CAWS00001E", "ITATS262E User " + **name + " is already a member of the group.");
    reply.changed = member.created;
    return reply;
  }
  auto const& shape = world.knobs.text("add_member_body");
  if (shape == "id")
    return answer(201, {{"id", member.id}, {"memberType", kind == "vault" ? "Vault" : "Domain"}}, true);
  auto reply = answer(201,
                      {{"memberId", **name},
                       {"memberType", kind == "vault" ? "Vault" : "Domain"},
                       {"domainName", domain->value_or("")}},
                      true);
  if (shape == "empty") reply.response.body.clear();
  return reply;
}

Reply remove_member(World& world, Context const& call) {
  auto const group = vault_group(world, call);
  if (!group) return group.error();
  auto const& name = call.parameters.at(1);
  auto const* const user = world.state.user_named(name);
  auto const* const nested = world.state.group_named(name);
  if (user == nullptr && nested == nullptr) return no_user(name);
  auto const removed = (user != nullptr && (*group)->members.erase(user->id) > 0) ||
                       (nested != nullptr && (*group)->members.erase(nested->id) > 0);
  auto const status = static_cast<int>(world.knobs.number("not_member_status"));
  if (removed || status == 204) return no_content(removed);
  return refuse(status, "CAWS00001E", "User " + name + " is not a member of the group.");
}

}  // namespace dirsync::sim::vault
