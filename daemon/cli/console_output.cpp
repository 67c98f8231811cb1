#include "daemon/cli/console_output.hpp"

#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "sync/model/record.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

std::string time_text(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return "";
  return rfc3339(Time{std::chrono::milliseconds{*milliseconds}});
}

json::value text_or_null(std::string const& text) { return text.empty() ? json::value{} : json::value(text); }

std::string name_in(console::OrganizationNames const& names, std::string const& id) {
  auto const found = names.find(id);
  return found == names.end() ? std::string{} : found->second;
}

/// Name and id, whichever is known.
std::string name_and_id(std::string const& name, std::string const& id) {
  if (name.empty()) return id;
  return id.empty() ? name : name + " (" + id + ")";
}

/// What every answer about one group has; of a group that does not tell its organization null.
json::object group_value(console::Group const& group, std::string const& protected_why,
                         console::OrganizationNames const& names) {
  json::value organization;
  if (!group.organization.empty())
    organization = {{"id", group.organization}, {"name", text_or_null(name_in(names, group.organization))}};
  return {{"id", group.id},
          {"name", group.name},
          {"description", group.description},
          {"organization", std::move(organization)},
          {"version", group.version ? json::value(*group.version) : json::value{}},
          {"created", text_or_null(time_text(group.created))},
          {"updated", text_or_null(time_text(group.updated))},
          {"default", group.is_default},
          {"protected", text_or_null(protected_why)}};
}

std::string version_text(console::Group const& group) {
  return group.version ? std::to_string(*group.version) : "";
}

}  // namespace

ConsoleAnswer list_answer(std::string const& target, ConsoleArguments const& asked,
                          console::GroupList const& list) {
  json::array groups;
  Rows rows{{"NAME", "ID", "VERSION", "UPDATED", "ORGANIZATION", "PROTECTED", "DESCRIPTION"}};
  for (std::size_t at = 0; at < list.groups.size(); ++at) {
    auto const& group = list.groups[at];
    auto const& why = list.protected_why[at];
    groups.push_back(group_value(group, why, list.organizations));
    auto const organization = name_in(list.organizations, group.organization);
    rows.push_back({group.name, group.id, version_text(group), time_text(group.updated),
                    organization.empty() ? group.organization : organization, why, group.description});
  }
  return {{{"target", target},
           {"query_type", asked.query_type},
           {"name", text_or_null(asked.name.value_or(""))},
           {"groups", std::move(groups)}},
          table(rows)};
}

ConsoleAnswer group_answer(std::string const& target, console::GroupDetails const& details) {
  auto const& group = details.group;
  auto value = group_value(group, details.protected_why, details.organizations);
  value["users"] = details.members.size();
  value["roles"] = nullptr;
  Rows rows{
      {"name", group.name},
      {"id", group.id},
      {"description", group.description},
      {"organization", name_and_id(name_in(details.organizations, group.organization), group.organization)},
      {"version", version_text(group)},
      {"created", time_text(group.created)},
      {"updated", time_text(group.updated)},
      {"protected", details.protected_why.empty() ? "no" : "yes: " + details.protected_why},
      {"users", std::to_string(details.members.size())}};
  if (details.roles) {
    json::array roles;
    for (auto const& role : *details.roles) {
      roles.push_back({{"id", text_or_null(role.id)}, {"name", text_or_null(role.name)}});
      rows.push_back({"role", name_and_id(role.name, role.id)});
    }
    value["roles"] = std::move(roles);
  } else {
    rows.push_back({"role", "the console does not tell"});
  }
  return {{{"target", target}, {"group", std::move(value)}}, table(rows)};
}

ConsoleAnswer users_answer(std::string const& target, console::GroupDetails const& details) {
  json::array users;
  Rows rows{{"USER", "ID", "ORGANIZATION", "KIND"}};
  for (auto const& member : details.members) {
    auto const kind = ascii_lower(member.assignee_type);
    auto const organization = name_in(details.organizations, member.organization);
    users.push_back({{"id", member.id},
                     {"name", text_or_null(member.name)},
                     {"organization", text_or_null(member.organization)},
                     {"kind", kind}});
    rows.push_back({member.name, member.id, organization.empty() ? member.organization : organization, kind});
  }
  return {{{"target", target},
           {"group", json::object{{"id", details.group.id}, {"name", details.group.name}}},
           {"users", std::move(users)}},
          table(rows)};
}

ConsoleAnswer change_answer(Settled const& settled, std::optional<RunId> run) {
  auto const& change = settled.change;
  ConsoleAnswer answer;
  answer.document = {
      {"target", change.target},
      {"run", run ? json::value(run->value()) : json::value{}},
      {"verb", to_text(change.verb)},
      {"group", json::object{{"id", text_or_null(change.group_id)}, {"name", text_or_null(change.group)}}},
      {"outcome", to_text(settled.outcome)},
      {"detail", settled.detail}};
  answer.text = std::string{to_text(change.verb)} + " " +
                name_and_id(printable(change.group), change.group_id) + ": " + to_text(settled.outcome) +
                (settled.detail.empty() ? "" : ": " + printable(settled.detail, 2000)) + "\n";
  answer.exit_code = is_success(settled.outcome) ? kDone : kFailed;
  return answer;
}

}  // namespace dirsync::cli
