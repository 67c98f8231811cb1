#include <algorithm>
#include <array>

#include "daemon/config/sections.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"
#include "sync/model/nearest.hpp"
#include "sync/model/schema.hpp"
#include "sync/model/text.hpp"
#include "sync/vault/protection.hpp"

namespace dirsync::config {
namespace {

std::string read_name(Section& section, Config const& config) {
  auto const name = section.text("name");
  if (!name) {
    if (!section.has("name"))
      section.missing("name", "a name for messages and the audit trail, such as \"unix-admins\"");
    return {};
  }
  if (printable(*name, 100) != *name) {
    section.problem(ConfigErrc::malformed, "name",
                    "a rule's name has 1 to 100 characters that can be printed");
  }
  if (auto const twin = std::ranges::find(config.rules, *name, &Rule::name); twin != config.rules.end()) {
    section.problem(ConfigErrc::duplicate, "name",
                    "rule " + quoted(*name) + " exists already, in line " + std::to_string(twin->line) +
                        "; names are unique");
  }
  return *name;
}

/// A key of `known`; empty when reported.
template <class Value>
std::string read_reference(Section& section, std::string_view key,
                           std::map<std::string, Value> const& known) {
  std::vector<std::string_view> names;
  for (auto const& [name, value] : known) names.push_back(name);
  auto const there_are =
      known.empty() ? "there is no [" + std::string{key} + ".NAME]" : "there are: " + join(names, ", ");
  auto const name = section.text(key);
  if (!name) {
    if (!section.has(key)) section.missing(key, "the name of a " + std::string{key} + "; " + there_are);
    return {};
  }
  if (known.contains(*name)) return *name;
  auto const meant = nearest(*name, names);
  section.problem(ConfigErrc::unknown_name, key,
                  "no " + std::string{key} + " is named " + quoted(printable(*name)) + "; " + there_are +
                      (meant ? "; did you mean \"" + std::string{*meant} + "\"?" : ""));
  return {};
}

/// A group that the rule starts from must be among those that are read.
void check_below_base(Section& section, std::string_view key, std::string const& dn,
                      Directory const* directory) {
  if (!check_dn(section, key, dn) || directory == nullptr) return;
  auto const base = normalized_dn(directory->ldap.groups.base);
  if (!base || is_below(*normalized_dn(dn), *base)) return;
  section.problem(ConfigErrc::conflict, key,
                  quoted(dn) + " in " + section.key_path(key) + " is not below " +
                      quoted(directory->ldap.groups.base) +
                      ", where the directory's groups are read; correct it or groups.base");
}

GroupSelection read_selection(Section& section, Directory const* directory) {
  auto const filter = section.text("groups");
  auto const dns = section.texts("dn");
  auto const members_of = section.text("members_of");
  if (int{section.has("groups")} + int{section.has("dn")} + int{section.has("members_of")} != 1) {
    section.problem(
        ConfigErrc::conflict,
        "a rule needs exactly one of groups = \"FILTER\", dn = [\"DN\", ...] and members_of = \"DN\"");
    return {};
  }
  if (filter) {
    check_search_filter(section, "groups", *filter);
    return MatchingGroups{*filter};
  }
  if (dns) {
    if (dns->empty())
      section.problem(ConfigErrc::malformed, "dn",
                      section.key_path("dn") + " is empty; name at least one group");
    for (auto const& dn : *dns) check_below_base(section, "dn", dn, directory);
    return NamedGroups{*dns};
  }
  if (members_of) {
    check_below_base(section, "members_of", *members_of, directory);
    return GroupsBelow{*members_of};
  }
  return {};
}

/// Nothing when left out or reported.
std::optional<PeopleFrom> read_people(Section section, Rule const& rule, Config const& config) {
  if (!section.written()) return std::nullopt;
  PeopleFrom people;
  people.directory = read_reference(section, "directory", config.directories);
  if (!people.directory.empty() && people.directory == rule.directory) {
    section.problem(ConfigErrc::conflict, "directory",
                    quoted(people.directory) + " is the directory of the groups; leave " + section.shown() +
                        " out to take the people from it as well");
  }
  auto const* const by = section.find("by");
  if (by == nullptr) {
    section.missing("by", "the attribute that both directories know people by, such as \"employeeNumber\"");
  } else if (std::holds_alternative<Table>(by->value)) {
    auto sides = section.section("by");
    for (auto const* const key : {"group_side", "people_side"})
      if (!sides.has(key)) sides.missing(key, "the attribute on that side, such as \"employeeNumber\"");
    people.group_side = read_attribute(sides, "group_side");
    people.people_side = read_attribute(sides, "people_side");
  } else {
    people.group_side = people.people_side = read_attribute(section, "by");
  }
  auto const complete =
      !people.directory.empty() && !people.group_side.empty() && !people.people_side.empty();
  return complete ? std::optional{std::move(people)} : std::nullopt;
}

/// A template without attributes always gives the same name; that of a built-in group can never be meant.
void check_not_protected(Section& section, NameTemplate const& name, Target const* target) {
  if (target == nullptr || !std::holds_alternative<vault::Settings>(target->settings) ||
      !name.attributes().empty())
    return;
  if (vault::why_group_is_protected(name.text(), {}).empty()) return;
  section.problem(
      ConfigErrc::protected_group, "group_name",
      quoted(name.text()) + " is a built-in group of the Vault; no rule may change it, choose another name");
}

void read_treatment(Section& section, Rule& rule) {
  constexpr std::array<std::pair<std::string_view, MembersAs>, 2> kAs{
      {{"users", MembersAs::users}, {"group", MembersAs::group}}};
  constexpr std::array<std::pair<std::string_view, DeleteGroups>, 2> kDelete{
      {{"never", DeleteGroups::never}, {"when-empty", DeleteGroups::when_empty}}};
  constexpr std::array<std::pair<std::string_view, ForeignMembers>, 3> kForeign{
      {{"keep", ForeignMembers::keep},
       {"report", ForeignMembers::report},
       {"remove", ForeignMembers::remove}}};
  constexpr std::array<std::pair<std::string_view, SourceGone>, 2> kGone{
      {{"keep", SourceGone::keep}, {"empty", SourceGone::empty}}};
  constexpr std::array<std::pair<std::string_view, OnCollision>, 3> kCollision{
      {{"hold", OnCollision::hold}, {"unite", OnCollision::unite}, {"refuse", OnCollision::refuse}}};

  rule.nested = section.flag("nested", rule.nested);
  rule.as = section.choice<MembersAs>("as", rule.as, kAs);
  rule.create_groups = section.flag("create_groups", rule.create_groups);
  rule.delete_groups = section.choice<DeleteGroups>("delete_groups", rule.delete_groups, kDelete);
  rule.adopt = section.flag("adopt", rule.adopt);
  rule.foreign_members = section.choice<ForeignMembers>("foreign_members", rule.foreign_members, kForeign);
  rule.source_gone = section.choice<SourceGone>("source_gone", rule.source_gone, kGone);
  rule.on_collision = section.choice<OnCollision>("on_collision", rule.on_collision, kCollision);
  rule.allow_empty = section.flag("allow_empty", rule.allow_empty);
  rule.roles = section.texts("roles", {});
  rule.exclude = section.texts("exclude", {});
  for (auto const& dn : rule.exclude) check_dn(section, "exclude", dn);
  rule.exclude_people = read_filter(section, "exclude_people");
  rule.max_depth = static_cast<int>(section.whole("max_depth", 0, 0, 1000));
}

/// The Vault calls a Directory group as it looks it up, and does not tell names apart by case.
bool always_names_itself(NameTemplate const& name) {
  auto const& schema = builtin_schema();
  auto const type = schema.type(name.unchanged_attribute());
  return type && (type == schema.type("cn") || type == schema.type("sAMAccountName"));
}

/// The target itself decides who belongs to a nested LDAP group: nothing that picks among people can hold.
void check_as_group(Section& section, Rule const& rule, Target const* target) {
  if (rule.as != MembersAs::group) return;
  auto const as_group = section.key_path("as") + " = \"group\"";
  if (target != nullptr && std::holds_alternative<console::Settings>(target->settings))
    section.problem(ConfigErrc::conflict, "as",
                    as_group + " is for Vaults: a console knows no LDAP groups; use \"users\"");
  auto const refuse = [&section, &as_group](char const* key, std::string const& next) {
    section.problem(ConfigErrc::conflict, key,
                    section.key_path(key) + " cannot hold with " + as_group +
                        ", where the Vault decides from LDAP who is in the group; " + next);
  };
  auto const* const leave_out = "leave it out or use as = \"users\"";
  auto const vault = target != nullptr && std::holds_alternative<vault::Settings>(target->settings);
  if (vault && always_names_itself(rule.group_name))
    section.problem(ConfigErrc::conflict, "group_name",
                    section.key_path("group_name") + " = " + quoted(rule.group_name.text()) + " with " +
                        as_group +
                        " gives the Vault group the name of the LDAP group that is to be its member, and the "
                        "Vault has one group of a name; put a prefix in front, such as \"vault-" +
                        rule.group_name.text() + "\"");
  if (!rule.nested) refuse("nested", leave_out);
  if (rule.max_depth > 0) refuse("max_depth", leave_out);
  if (rule.exclude_people) refuse("exclude_people", leave_out);
  if (rule.people) refuse("people", leave_out);
  if (rule.foreign_members == ForeignMembers::remove)
    refuse("foreign_members", "use \"report\", or as = \"users\"");
}

template <class Value>
Value const* found(std::map<std::string, Value> const& values, std::string const& name) {
  auto const it = values.find(name);
  return it == values.end() ? nullptr : &it->second;
}

}  // namespace

Rule read_rule(Section section, Config const& config) {
  Rule rule;
  rule.line = section.at().line;
  auto const* const name = section.find("name");
  auto const* const name_text = name == nullptr ? nullptr : std::get_if<std::string>(&name->value);
  section.name_path("rule." + key_spelling(name_text == nullptr ? std::string{} : *name_text));
  rule.name = read_name(section, config);
  rule.directory = read_reference(section, "directory", config.directories);
  rule.target = read_reference(section, "target", config.targets);
  auto const* const directory = found(config.directories, rule.directory);
  auto const* const target = found(config.targets, rule.target);
  auto const console = target != nullptr && std::holds_alternative<console::Settings>(target->settings);

  rule.people = read_people(section.section("people"), rule, config);
  auto const* const people = found(config.directories, rule.people_directory());
  rule.selection = read_selection(section, directory);
  rule.group_name = read_template(section, "group_name", "{cn}");
  check_not_protected(section, rule.group_name, target);
  // Console users are named by their mail address; Vault users by what the directory says.
  rule.member_name = read_person_name(section, "member_name",
                                      console || people == nullptr ? "{mail}" : people->user_name.text());
  if (!console && people != nullptr && !section.has("member_name"))
    rule.member_name_on_ad = people->user_name_on_ad;
  read_treatment(section, rule);
  check_as_group(section, rule, target);
  if (console && rule.create_groups && rule.roles.empty()) {
    section.missing("roles",
                    "a console creates no group without a role; name at least one, such as "
                    "roles = [\"Device Administrator\"]");
  }
  if (!console && target != nullptr && !rule.roles.empty())
    section.reading().warn("rule " + quoted(rule.name) +
                           ": roles has no effect, because groups of a Vault have none; remove it");
  auto limits = section.section("limits");
  rule.limits = target == nullptr ? narrowed_limits(limits, config.limits, "[limits]")
                                  : narrowed_limits(limits, target->limits, "target " + quoted(rule.target));
  return rule;
}

}  // namespace dirsync::config
