#include <algorithm>
#include <utility>

#include "sync/model/text.hpp"
#include "tests/simulators/console/body.hpp"
#include "tests/simulators/console/handlers.hpp"
#include "tests/simulators/console/lists.hpp"
#include "tests/simulators/console/render.hpp"

namespace dirsync::sim::console {
namespace {

User const* user_of(State const& state, Context const& context) {
  auto const* user = state.user(context.id);
  return user && state.within(user->org, context.org) ? user : nullptr;
}

// What a body asks for. Empty text and absent arrays mean "not told".
struct Wanted {
  std::string name, display_name, email, status, password;
  std::optional<std::vector<std::string>> roles, groups;
};

Checked<Wanted> wanted_user(Context& context) {
  mark_unknown_fields(context, {"id", "userName", "displayName", "email", "status", "type", "password",
                                "roles", "groups", "updateVersion"});
  Wanted wanted;
  for (auto const& [key, field] : {std::pair{"userName", &Wanted::name},
                                   {"displayName", &Wanted::display_name},
                                   {"email", &Wanted::email},
                                   {"status", &Wanted::status},
                                   {"password", &Wanted::password}}) {
    auto text = body_text(context.body, key);
    if (!text) return text.error();
    wanted.*field = std::move(*text);
  }
  auto roles = body_ids(context.body, "roles");
  if (!roles) return roles.error();
  auto groups = body_ids(context.body, "groups");
  if (!groups) return groups.error();
  wanted.roles = std::move(*roles);
  wanted.groups = std::move(*groups);
  return wanted;
}

bool is_email(std::string_view name) {
  auto const at = name.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < name.size() &&
         name.find('@', at + 1) == name.npos;
}

Checked<void> check_name(Model const& model, std::string const& name, std::string const& org,
                         std::string_view self) {
  if (name.empty() || (enabled(model.knobs, "username_must_be_email") && !is_email(name)))
    return Refusal{400, "Invalid Username"};
  auto const exact = enabled(model.knobs, "case_sensitive_names");
  auto const taken = [&name, &org, self, exact](User const& user) {
    if (user.org != org || user.id == self) return false;
    return exact ? user.name == name : fold_case(user.name) == fold_case(name);
  };
  if (std::ranges::any_of(model.state().users, taken)) return Refusal{409, "User already exists"};
  return {};
}

bool is_good_password(std::string_view password) {
  auto const has = [password](std::string_view letters) {
    return password.find_first_of(letters) != std::string_view::npos;
  };
  return password.size() >= 8 && password.size() <= 20 && has("0123456789") &&
         has("abcdefghijklmnopqrstuvwxyz") && has("ABCDEFGHIJKLMNOPQRSTUVWXYZ") && has("@#$*!^");
}

// Links that the user has already may stay, wherever they point.
Checked<void> check_links(Model const& model, std::vector<std::string> roles, std::vector<std::string> groups,
                          User const& user) {
  auto const& state = model.state();
  if (enabled(model.knobs, "roles_required_on_user") && roles.empty()) return Refusal{400, "Invalid Roles"};
  std::erase_if(roles, [&user](std::string const& id) { return contains(user.roles, id); });
  std::erase_if(groups, [&user](std::string const& id) { return contains(user.groups, id); });
  if (!all_usable(state, state.roles, roles, user.org)) return Refusal{400, "Invalid Roles"};
  if (!all_usable(state, state.groups, groups, user.org)) return Refusal{400, "Invalid Groups"};
  return {};
}

bool is_status(std::string_view status) {
  return status == "ACTIVE" || status == "INACTIVE" || status == "SUSPENDED";
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::ranges::sort(list);
  return list;
}

// What a test may want to know about an update, beyond that it happened.
void mark_update(Context& context, State const& state, User const& before, User const& after) {
  auto const mark = [&context](char const* what) { context.marks.emplace_back(what); };
  for (auto const& group : state.groups)
    if (group.is_default && contains(before.groups, group.id) != contains(after.groups, group.id)) {
      mark("default_group_changes");
      break;
    }
  if (before.name == state.service_user || before.id == context.caller) mark("service_user_changes");
  if (before.status != after.status) mark("status_changes");
  if (sorted(before.roles) != sorted(after.roles)) mark("user_role_changes");
  auto const same = before.name == after.name && before.display_name == after.display_name &&
                    before.email == after.email && before.status == after.status &&
                    before.password == after.password && sorted(before.roles) == sorted(after.roles) &&
                    sorted(before.groups) == sorted(after.groups);
  if (same) mark("idle_updates");
}

// The user as the body wants it, or why that is refused.
Checked<User> updated_user(Model const& model, User user, Wanted wanted) {
  auto const& knobs = model.knobs;
  if (!wanted.name.empty() && wanted.name != user.name) {
    if (knobs.is("user_name_change", "400")) return Refusal{400, "userName cannot be changed"};
    if (knobs.is("user_name_change", "apply")) {
      if (auto const good = check_name(model, wanted.name, user.org, user.id); !good) return good.error();
      user.name = std::move(wanted.name);
    }
  }
  if (!wanted.status.empty() && !is_status(wanted.status)) return Refusal{400, "Invalid Status"};
  if (!wanted.password.empty() && !is_good_password(wanted.password)) return Refusal{400, "Invalid Password"};
  for (auto const& [from, to] : {std::pair{&wanted.display_name, &user.display_name},
                                 {&wanted.email, &user.email},
                                 {&wanted.status, &user.status},
                                 {&wanted.password, &user.password}})
    if (!from->empty()) *to = std::move(*from);

  auto const keeps = knobs.is("absent_array", "keep");
  auto roles =
      wanted.roles || !keeps ? std::move(wanted.roles).value_or(std::vector<std::string>{}) : user.roles;
  auto groups =
      wanted.groups || !keeps ? std::move(wanted.groups).value_or(std::vector<std::string>{}) : user.groups;
  if (groups.empty() && knobs.is("empty_groups", "400")) return Refusal{400, "Invalid Groups"};
  if (groups.empty() && knobs.is("empty_groups", "ignore")) groups = user.groups;
  if (auto const good = check_links(model, roles, groups, user); !good) return good.error();
  user.roles = std::move(roles);
  user.groups = std::move(groups);
  return user;
}

}  // namespace

Reply list_users(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const page = page_of(context, model.knobs, "users");
  if (!page) return page.error();
  auto const reach = reach_of(context, state, model.knobs.text("default_query_type"));
  if (!reach) return reach.error();
  std::vector<User const*> shown;
  for (auto const& user : state.users)
    if (contains(*reach, user.org)) shown.push_back(&user);
  auto const render = [&model, &state](User const& user) {
    return show_user(model.knobs, state, user, Shown::item);
  };
  return page_body(model.knobs, "users", *page, shown, render);
}

Reply get_user(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* user = user_of(state, context);
  if (!user) return not_found();
  return show_user(model.knobs, state, *user, Shown::whole);
}

Reply create_user(Model& model, Context& context) {
  auto wanted = wanted_user(context);
  if (!wanted) return wanted.error();
  if (auto const good = check_name(model, wanted->name, context.org, {}); !good) return good.error();
  if (!is_good_password(wanted->password)) return Refusal{400, "Invalid Password"};
  if (!wanted->status.empty() && !is_status(wanted->status)) return Refusal{400, "Invalid Status"};
  User user;
  user.org = context.org;
  auto roles = std::move(wanted->roles).value_or(std::vector<std::string>{});
  auto groups = std::move(wanted->groups).value_or(std::vector<std::string>{});
  if (auto const good = check_links(model, roles, groups, user); !good) return good.error();

  auto& state = model.edit(context.now);
  user.roles = std::move(roles);
  user.groups = std::move(groups);
  user.id = state.new_id();
  user.name = std::move(wanted->name);
  user.display_name = std::move(wanted->display_name);
  user.email = std::move(wanted->email);
  user.password = std::move(wanted->password);
  if (!wanted->status.empty()) user.status = std::move(wanted->status);
  user.stamps.created = user.stamps.updated = context.now;
  user.stamps.created_by = user.stamps.updated_by = context.caller;
  state.users.push_back(std::move(user));
  context.changed = true;
  return json::object{{"id", state.users.back().id}};
}

Reply update_user(Model& model, Context& context) {
  if (auto const* password = context.body.if_contains("password"); password && !password->is_null())
    context.marks.emplace_back("password_updates");
  auto const* const before = user_of(model.state(), context);
  if (!before) return not_found();
  if (auto const fits = check_target(context, model.knobs, before->stamps); !fits) return fits.error();
  auto wanted = wanted_user(context);
  if (!wanted) return wanted.error();
  auto after = updated_user(model, *before, std::move(*wanted));
  if (!after) return after.error();

  mark_update(context, model.state(), *before, *after);
  after->stamps.touch(context.now, context.caller);
  *model.edit(context.now).user(context.id) = std::move(*after);
  context.changed = true;
  return json::object{{"id", context.id}};
}

}  // namespace dirsync::sim::console
