#include <algorithm>
#include <utility>

#include "sync/model/text.hpp"
#include "tests/simulators/common.hpp"
#include "tests/simulators/console/body.hpp"
#include "tests/simulators/console/handlers.hpp"
#include "tests/simulators/console/lists.hpp"
#include "tests/simulators/console/render.hpp"

namespace dirsync::sim::console {
namespace {

// The group of the path, when the current organization owns it or lies above its owner.
Group const* group_of(State const& state, Context const& context) {
  auto const* group = find(state.groups, context.id);
  return group && state.within(group->org, context.org) ? group : nullptr;
}

// True when `name` has all letters of `search`, in any order.
bool has_letters(std::string const& name, std::string const& search) {
  auto left = ascii_lower(name);
  return std::ranges::all_of(ascii_lower(search), [&left](char letter) {
    auto const at = left.find(letter);
    if (at == std::string::npos) return false;
    left.erase(at, 1);
    return true;
  });
}

struct Wanted {
  std::string name, description;
  std::vector<std::string> roles;
};

// What a body asks for, checked. `self` is the group that may have the name already.
Checked<Wanted> wanted_group(Model const& model, Context& context, std::string const& org,
                             std::string_view self) {
  mark_unknown_fields(context, {"id", "name", "description", "roles", "updateVersion"});
  auto name = body_text(context.body, "name");
  if (!name) return name.error();
  auto description = body_text(context.body, "description");
  if (!description) return description.error();
  auto roles = body_ids(context.body, "roles");
  if (!roles) return roles.error();

  auto const& state = model.state();
  if (name->empty() || name->find_first_of(model.knobs.text("refused_in_group_names")) != std::string::npos)
    return Refusal{400, "Invalid Group Name"};
  if (!*roles || (*roles)->empty() || !all_usable(state, state.roles, **roles, org))
    return Refusal{400, "Invalid Roles"};
  auto const taken = [&name, &org, self](Group const& group) {
    return group.org == org && group.name == *name && group.id != self;
  };
  if (!enabled(model.knobs, "allow_duplicate_names") && std::ranges::any_of(state.groups, taken))
    return Refusal{409, "Group already exists"};
  return Wanted{std::move(*name), std::move(*description), std::move(**roles)};
}

}  // namespace

Reply list_groups(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const page = page_of(context, model.knobs, "groups");
  if (!page) return page.error();
  auto const reach = reach_of(context, state, model.knobs.text("default_query_type"));
  if (!reach) return reach.error();
  auto const name = find_field(context.request.query, "name");
  auto const search = name.value_or("");
  auto const is_short = name && search.size() < 3;
  if (is_short && model.knobs.is("short_search", "400")) return Refusal{400, "Invalid Group Name"};

  std::vector<Group const*> shown;
  for (auto const& group : state.groups) {
    if (!contains(*reach, group.org)) continue;
    if (is_short ? model.knobs.is("short_search", "all") : has_letters(group.name, search))
      shown.push_back(&group);
  }
  auto const render = [&model, &state](Group const& group) {
    return show_group(model.knobs, state, group, Shown::item);
  };
  return page_body(model.knobs, "groups", *page, shown, render);
}

Reply get_group(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* group = group_of(state, context);
  if (!group) return not_found();
  return show_group(model.knobs, state, *group, Shown::whole);
}

Reply create_group(Model& model, Context& context) {
  auto wanted = wanted_group(model, context, context.org, {});
  if (!wanted) return wanted.error();
  auto& state = model.edit(context.now);
  Group group;
  group.id = state.new_id();
  group.name = std::move(wanted->name);
  group.description = std::move(wanted->description);
  group.roles = std::move(wanted->roles);
  group.org = context.org;
  group.stamps.created = group.stamps.updated = context.now;
  group.stamps.created_by = group.stamps.updated_by = context.caller;
  state.groups.push_back(std::move(group));
  context.changed = true;
  return json::object{{"id", state.groups.back().id}};
}

Reply update_group(Model& model, Context& context) {
  auto const* const before = group_of(model.state(), context);
  if (!before) return not_found();
  if (auto const fits = check_target(context, model.knobs, before->stamps); !fits) return fits.error();
  auto wanted = wanted_group(model, context, before->org, before->id);
  if (!wanted) return wanted.error();
  if (before->is_default) context.marks.emplace_back("default_group_changes");

  auto& group = *find(model.edit(context.now).groups, context.id);
  group.name = std::move(wanted->name);
  group.description = std::move(wanted->description);
  group.roles = std::move(wanted->roles);
  group.stamps.touch(context.now, context.caller);
  context.changed = true;
  return json::object{{"id", group.id}};
}

Reply delete_group(Model& model, Context& context) {
  auto const* const group = group_of(model.state(), context);
  if (!group) return not_found();
  auto const refused = status(model.knobs, "delete_nonempty_status");
  if (refused != 200 && model.state().has_members(context.id)) return Refusal{refused, "Group has members"};
  if (group->is_default) context.marks.emplace_back("default_group_changes");
  model.edit(context.now).erase_group(context.id);
  context.changed = true;
  return json::object{};
}

Reply list_group_users(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  if (!group_of(state, context)) return not_found();
  auto const page = page_of(context, model.knobs, "group-users");
  if (!page) return page.error();
  if (enabled(model.knobs, "require_query_type") && !find_field(context.request.query, "queryType"))
    return Refusal{400, "queryType is required"};
  auto const reach = reach_of(context, state, model.knobs.text("default_query_type"));
  if (!reach) return reach.error();
  std::vector<User const*> shown;
  for (auto const& user : state.users)
    if (contains(user.groups, context.id) && contains(*reach, user.org)) shown.push_back(&user);
  auto const render = [&model](User const& user) { return show_group_user(model.knobs, user); };
  return page_body(model.knobs, "users", *page, shown, render);
}

Reply list_group_members(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* const group = group_of(state, context);
  if (!group) return not_found();
  auto const page = page_of(context, model.knobs, "members");
  if (!page) return page.error();
  auto const reach = reach_of(context, state, model.knobs.text("default_query_type"));
  if (!reach) return reach.error();

  // A null pointer stands for the record that is not of a user.
  std::vector<User const*> shown;
  if (enabled(model.knobs, "foreign_memberships")) shown.push_back(nullptr);
  if (find_field(context.request.query, "assigneeType").value_or("USER") == "USER")
    for (auto const& user : state.users)
      if (contains(user.groups, context.id) && contains(*reach, user.org)) shown.push_back(&user);
  json::array items;
  auto const total = static_cast<std::int64_t>(shown.size());
  auto const first = (page->number - 1) * page->size;
  for (auto at = first; at < first + page->size && at < total; ++at) {
    auto const* user = shown[static_cast<std::size_t>(at)];
    items.push_back(user ? show_membership(model.knobs, *user)
                         : show_foreign_membership(model.knobs, *group));
  }
  return list_body(model.knobs, "members", std::move(items), *page, shown.size());
}

}  // namespace dirsync::sim::console
