#include "sync/console/api/answers.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "sync/console/api/errors.hpp"
#include "sync/rest/json.hpp"

namespace dirsync::console {
namespace {
namespace json = boost::json;
using rest::member;
using rest::number_at;
using rest::parse_object;
using rest::text_at;
using rest::text_or_empty;
using rest::true_at;

Error malformed(std::string_view what) {
  return Error{ConsoleErrc::malformed, "the console's answer " + std::string{what} +
                                           "; check that url leads to the console and that profile fits it"};
}

std::string organization_of(json::object const& object, Profile const& profile) {
  for (auto const& field : profile.organization_fields)
    if (auto text = text_at(object, field); text && !text->empty()) return *text;
  return {};
}

/// Any list, and the texts that a person fills in. Null counts as left out.
bool tells_an_empty_field(json::object const& object) {
  auto const is_empty_list = [](auto const& field) {
    return field.value().is_array() && field.value().get_array().empty();
  };
  if (std::ranges::any_of(object, is_empty_list)) return true;
  return std::ranges::any_of(std::initializer_list<char const*>{"userName", "displayName", "email"},
                             [&object](char const* key) { return text_at(object, key) == ""; });
}

/// False when nothing says which object it is.
bool read(json::object const& object, Profile const&, Organization& organization) {
  organization.id = text_or_empty(object, "id");
  organization.name = text_or_empty(object, "name");
  return !organization.id.empty() || !organization.name.empty();
}

bool read(json::object const& object, Profile const& profile, Role& role) {
  role.id = text_or_empty(object, "id");
  role.name = text_or_empty(object, "name");
  role.organization = organization_of(object, profile);
  return !role.id.empty() || !role.name.empty();
}

bool read(json::object const& object, Profile const& profile, Group& group) {
  group.id = text_or_empty(object, "id");
  group.name = text_or_empty(object, "name");
  group.organization = organization_of(object, profile);
  group.description = text_or_empty(object, "description");
  group.is_default = true_at(object, "isDefault");
  group.roles = ids_at(object, "roles");
  group.version = number_at(object, "updateVersion");
  group.created = number_at(object, "createdTime");
  group.updated = number_at(object, "lastUpdatedTime");
  return !group.id.empty() || !group.name.empty();
}

bool read(json::object const& object, Profile const& profile, User& user) {
  user.id = text_or_empty(object, "id");
  user.user_name = text_at(object, "userName");
  user.name = user.user_name.value_or("");
  user.organization = organization_of(object, profile);
  user.display_name = text_at(object, "displayName");
  user.email = text_at(object, "email");
  user.status = text_at(object, "status");
  user.groups = ids_at(object, "groups");
  user.roles = ids_at(object, "roles");
  user.version = number_at(object, "updateVersion");
  user.tells_an_empty_field = tells_an_empty_field(object);
  return !user.id.empty() || !user.name.empty();
}

bool read_group_user(json::object const& object, Profile const& profile, Member& member) {
  member.record = member.id = text_or_empty(object, "id");
  member.name = text_or_empty(object, "userName");
  member.organization = organization_of(object, profile);
  return !member.id.empty() || !member.name.empty();
}

bool read_membership(json::object const& object, Profile const& profile, Member& member) {
  member.id = text_or_empty(object, "assigneeId");
  member.record = text_at(object, "id").value_or(member.id);
  member.assignee_type = text_at(object, "assigneeType").value_or("USER");
  member.organization = organization_of(object, profile);
  return !member.record.empty();
}

std::optional<PageInfo> page_info(json::object const& body) {
  auto const* found = member(body, "pageInfo");
  auto const* object = found ? found->if_object() : nullptr;
  if (!object) return {};
  PageInfo info;
  info.page = number_at(*object, "page").value_or(0);
  info.total = number_at(*object, "totalElements");
  info.pages = number_at(*object, "totalPages");
  return info;
}

template <class T>
Result<Page<T>> parse_page(std::string_view body, std::string const& key, Profile const& profile,
                           bool (*read_item)(json::object const&, Profile const&, T&)) {
  auto const object = parse_object(body);
  if (!object) return malformed("to a list is no JSON object");
  Page<T> page;
  page.info = page_info(*object);
  auto const* list = member(*object, key);
  if (!list) return page;  // an empty list may be left out; the total decides
  auto const* array = list->if_array();
  if (!array) return malformed("has no array under '" + key + "'");
  for (auto const& entry : *array) {
    auto const* item = entry.if_object();
    if (!item || !read_item(*item, profile, page.items.emplace_back()))
      return malformed("has an entry without id and name under '" + key + "'");
  }
  return page;
}

template <class T>
Result<T> parse_one(std::string_view body, Profile const& profile, std::string_view what) {
  auto const object = parse_object(body);
  T item;
  if (!object || !read(*object, profile, item) || item.id.empty())
    return malformed("holds no " + std::string{what});
  return item;
}
}  // namespace

Result<Page<Organization>> parse_organizations(std::string_view body, Profile const& profile) {
  return parse_page<Organization>(body, profile.organizations_key, profile, read);
}
Result<Page<Role>> parse_roles(std::string_view body, Profile const& profile) {
  return parse_page<Role>(body, profile.roles_key, profile, read);
}
Result<Page<Group>> parse_groups(std::string_view body, Profile const& profile) {
  return parse_page<Group>(body, profile.groups_key, profile, read);
}
Result<Page<User>> parse_users(std::string_view body, Profile const& profile) {
  return parse_page<User>(body, profile.users_key, profile, read);
}
Result<Page<Member>> parse_group_users(std::string_view body, Profile const& profile) {
  return parse_page<Member>(body, profile.users_key, profile, read_group_user);
}
Result<Page<Member>> parse_group_members(std::string_view body, Profile const& profile) {
  return parse_page<Member>(body, profile.members_key, profile, read_membership);
}

Result<Group> parse_group(std::string_view body, Profile const& profile) {
  return parse_one<Group>(body, profile, "group");
}
Result<User> parse_user(std::string_view body, Profile const& profile) {
  return parse_one<User>(body, profile, "user");
}

Result<Versions> parse_versions(std::string_view body) {
  auto const object = parse_object(body);
  if (!object) return malformed("to the question for API versions is no JSON object");
  Versions versions;
  versions.current = text_or_empty(*object, "currentApiVersion");
  versions.supported = ids_at(*object, "supportedApiVersions").ids;
  return versions;
}

Result<std::string> parse_id(std::string_view body) {
  auto const object = parse_object(body);
  auto id = object ? text_at(*object, "id") : std::nullopt;
  if (!id || id->empty()) return malformed("to a creation holds no id");
  return std::move(*id);
}

}  // namespace dirsync::console
