#include <initializer_list>

#include "tests/simulators/console/state.hpp"

namespace dirsync::sim::console {
namespace {

constexpr std::int64_t kInstalled = 1'625'800'031'729;  // 9 July 2021

using Names = std::vector<std::string>;

Names verbs_on(Names verbs, std::string const& noun) {
  for (auto& verb : verbs) verb += "_" + noun;
  return verbs;
}

Names all_on(std::initializer_list<char const*> nouns) {
  Names names;
  for (auto const* noun : nouns)
    for (auto& name : verbs_on({"CREATE", "VIEW", "EDIT", "DELETE"}, noun)) names.push_back(std::move(name));
  return names;
}

Names operator+(Names left, Names const& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

struct StockRole {
  char const* name;
  Names permissions;
};

std::vector<StockRole> stock_roles() {
  Names const view_organization{"VIEW_ORGANIZATION"};
  return {
      {"Identity and Access Administrator",
       Names{"VIEW_ORGANIZATION", "EDIT_ORGANIZATION", "VIEW_AUDIT_LOGS"} +
           all_on({"USER", "ROLE", "GROUP", "NOTIFICATION_DESTINATION", "NOTIFICATION_DEFINITION",
                   "MEMBERSHIP", "ORGANIZATION_SETTINGS"})},
      {"Campaign Administrator", view_organization + all_on({"CAMPAIGN"})},
      {"Package Administrator", view_organization + all_on({"PACKAGE"})},
      {"Device Administrator", view_organization + all_on({"DEVICE", "DEVICE_TEMPLATE"})},
      {"Gateway Administrator", view_organization + all_on({"GATEWAY"})},
      {"Alert Administrator", view_organization + Names{"VIEW_ALERT", "ACKNOWLEDGE_ALERT"}},
      {"Monitoring Administrator", view_organization + all_on({"METRIC"})},
      {"Insights Viewer", view_organization + Names{"VIEW_INSIGHTS"}},
  };
}

// Fills a state; everything belongs to `org`.
struct Installer {
  State& state;
  std::string org;

  Stamps stamps() const {
    return {.created = kInstalled, .updated = kInstalled, .created_by = {}, .updated_by = {}};
  }

  std::string role(StockRole const& stock) {
    state.roles.push_back({state.new_id(), stock.name, stock.name, org, stock.permissions, stamps()});
    return state.roles.back().id;
  }
  std::string group(std::string const& name, bool is_default, Names roles) {
    state.groups.push_back({state.new_id(), name, name, org, is_default, std::move(roles), stamps()});
    return state.groups.back().id;
  }
  User& user(std::string const& name, std::string const& display_name, Names groups) {
    User user;
    user.id = state.new_id();
    user.name = user.email = name;
    user.display_name = display_name;
    user.org = org;
    user.groups = std::move(groups);
    user.stamps = stamps();
    return state.users.emplace_back(std::move(user));
  }
};

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::vector<std::string> const& permission_names() {
  static Names const names =
      Names{"CREATE_ORGANIZATION", "DELETE_ORGANIZATION", "VIEW_ORGANIZATION", "EDIT_ORGANIZATION",
            "CREATE_USER",         "VIEW_USER",           "EDIT_USER",         "DELETE_USER",
            "VIEW_AUDIT_LOGS",     "VIEW_ALERT",          "ACKNOWLEDGE_ALERT", "VIEW_INSIGHTS"} +
      all_on({"ROLE", "GROUP", "MEMBERSHIP", "NOTIFICATION_DESTINATION", "NOTIFICATION_DEFINITION",
              "ORGANIZATION_SETTINGS", "CAMPAIGN", "PACKAGE", "DEVICE", "DEVICE_TEMPLATE", "GATEWAY",
              "METRIC"});
  return names;
}

State seed(int filler_groups, int filler_users) {
  State state;
  auto const organization = [&state](char const* name, char const* domain,
                                     std::optional<std::string> parent) {
    state.organizations.push_back(
        {state.new_id(),
         name,
         domain,
         "ACTIVE",
         std::move(parent),
         {.created = kInstalled, .updated = kInstalled, .created_by = {}, .updated_by = {}}});
    return state.organizations.back().id;
  };
  auto const root = organization("root", "root.local", {});
  organization("plant-a", "plant-a.root.local", root);

  Installer install{state, root};
  Names system_roles;
  std::string identity_role;
  for (auto const& stock : stock_roles()) {
    auto id = install.role(stock);
    auto const name = std::string_view{stock.name};
    if (name == "Identity and Access Administrator")
      identity_role = std::move(id);
    else if (name != "Insights Viewer")
      system_roles.push_back(std::move(id));
  }
  auto const organization_admins = install.group("Organization Administrators", true, {identity_role});
  auto const system_admins = install.group("System Administrators", true, system_roles);
  auto const sync = install.group("Directory Sync", false, {identity_role});

  auto& admin = install.user("sysadmin@root.local", "sysadmin", {organization_admins, system_admins});
  admin.password = "Sysadmin#1";
  auto const admin_id = admin.id;
  install.user("svc-dirsync@root.local", "Directory synchronisation", {sync}).password = "Dirsync#2021";
  state.service_user = "svc-dirsync@root.local";

  Names fillers;
  for (auto n = 1; n <= filler_groups; ++n)
    fillers.push_back(install.group("Filler Group " + two_digits(n), false, {system_roles.front()}));
  for (auto n = 1; n <= filler_users; ++n)
    install.user(
        "filler-" + two_digits(n) + "@root.local", "Filler " + two_digits(n),
        fillers.empty() ? Names{} : Names{fillers[static_cast<std::size_t>(n - 1) % fillers.size()]});

  auto const sign = [&admin_id](auto& entries) {
    for (auto& entry : entries) entry.stamps.created_by = entry.stamps.updated_by = admin_id;
  };
  sign(state.organizations);
  sign(state.roles);
  sign(state.groups);
  sign(state.users);
  return state;
}

}  // namespace dirsync::sim::console
