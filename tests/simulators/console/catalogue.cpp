// Roles, permissions and organizations: read only.
#include "tests/simulators/common.hpp"
#include "tests/simulators/console/handlers.hpp"
#include "tests/simulators/console/lists.hpp"
#include "tests/simulators/console/render.hpp"

namespace dirsync::sim::console {

Reply list_roles(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const page = page_of(context, model.knobs, "roles");
  if (!page) return page.error();
  auto const reach = reach_of(context, state, model.knobs.text("default_query_type"));
  if (!reach) return reach.error();
  std::vector<Role const*> shown;
  for (auto const& role : state.roles)
    if (contains(*reach, role.org)) shown.push_back(&role);
  auto const render = [&model](Role const& role) { return show_role(model.knobs, role, Shown::item); };
  return page_body(model.knobs, "roles", *page, shown, render);
}

Reply get_role(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* role = find(state.roles, context.id);
  if (!role || !state.within(role->org, context.org)) return Refusal{404, "No records found"};
  return show_role(model.knobs, *role, Shown::whole);
}

Reply list_permissions(Model&, Context&) {
  json::array all;
  for (auto const& name : permission_names()) all.push_back(show_permission(name));
  return json::object{{"permissions", std::move(all)}};
}

// Without queryType the whole tree below the current organization is shown: the list is how names are
// resolved.
Reply list_organizations(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const page = page_of(context, model.knobs, "organizations");
  if (!page) return page.error();
  auto const reach = reach_of(context, state, "SHOW_DESCENDANTS");
  if (!reach) return reach.error();
  std::vector<Organization const*> shown;
  for (auto const& org : state.organizations)
    if (contains(*reach, org.id)) shown.push_back(&org);
  auto const render = [&model, &state](Organization const& org) {
    return show_organization(model.knobs, state, org);
  };
  return page_body(model.knobs, "tenants", *page, shown, render);
}

Reply get_organization(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* org = find(state.organizations, context.id);
  if (!org || !state.within(org->id, context.org)) return Refusal{404, "No records found"};
  return show_organization(model.knobs, state, *org);
}

}  // namespace dirsync::sim::console
