#include "sync/plan/desired/rule_notices.hpp"

#include <span>

#include "sync/model/bound_filter.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/branches.hpp"

namespace dirsync::plan {
namespace {

/// The first policy in which the two rules differ; empty when they agree.
std::string policy_difference(Rule const& one, Rule const& other) {
  if (one.as != other.as) return "as";
  if (one.foreign_members != other.foreign_members) return "foreign_members";
  if (one.adopt != other.adopt) return "adopt";
  if (one.delete_groups != other.delete_groups) return "delete_groups";
  if (one.roles != other.roles) return "roles";
  return "";
}

/// Attributes that no entry can show, since the server's own schema lacks them.
void tell_unknown(std::string const& key, std::span<std::string const> attributes, DirectoryView const& view,
                  std::vector<Notice>& notices) {
  auto const& schema = view.snapshot->schema();
  if (!schema.remark().empty()) return;
  for (auto const& attribute : attributes)
    if (!schema.type(described(attribute).type))
      notices.push_back({.code = "unknown-attribute",
                         .group = "",
                         .principal = "",
                         .text = key + ": the schema of directory " + view.name + " has no attribute \"" +
                                 printable(attribute) + "\", so that no entry shows it; correct its name"});
}

}  // namespace

std::vector<Notice> missing_sources(Rule const& rule, Snapshot const& snapshot) {
  std::vector<Notice> notices;
  auto const check = [&rule, &snapshot, &notices](std::string const& dn) {
    if (snapshot.group_named(dn)) return;
    notices.push_back({.code = "missing-source",
                       .group = dn,
                       .principal = "",
                       .text = "rule " + rule.name + " names " + dn + ", which is no group below " +
                               snapshot.directory() +
                               "'s groups.base; correct the rule or restore the group"});
  };
  if (auto const* named = std::get_if<NamedGroups>(&rule.selection))
    for (auto const& dn : named->dns) check(dn);
  if (auto const* below = std::get_if<GroupsBelow>(&rule.selection)) check(below->dn);
  return notices;
}

std::vector<Notice> schema_notices(Rule const& rule, DirectoryView const& groups,
                                   DirectoryView const& people) {
  std::vector<Notice> notices;
  for (auto const* view : {&groups, &people})
    if (auto const& remark = view->snapshot->schema().remark(); !remark.empty())
      notices.push_back({.code = "schema",
                         .group = "",
                         .principal = "",
                         .text = "directory " + view->name + ": " + remark});
  auto const check = [&notices](std::string const& key, DirectoryView const& view,
                                std::optional<Filter> const& filter) {
    auto const bound =
        filter ? std::optional{BoundFilter::bind(*filter, view.snapshot->schema())} : std::nullopt;
    if (!bound || !*bound) return;
    for (auto const& part : (*bound)->undefined_parts())
      notices.push_back(
          {.code = "undefined-filter",
           .group = "",
           .principal = "",
           .text =
               key + ": part " + part +
               "; the server finds this part, and what denies it, true for no entry. Correct the filter"});
  };
  check("directory " + people.name + ", users.disabled", people, people.disabled);
  check("rule " + rule.name + ", exclude_people", people, rule.exclude_people);
  if (auto const* const matching = std::get_if<MatchingGroups>(&rule.selection))
    if (auto const filter = Filter::parse(matching->filter); filter)
      check("rule " + rule.name + ", groups", groups, *filter);
  auto const& member_name = member_name_of(rule, *people.snapshot);
  tell_unknown("rule " + rule.name + ", group_name", rule.group_name.attributes(), groups, notices);
  tell_unknown("rule " + rule.name + ", member_name", member_name.attributes(), people, notices);
  if (!people.join.empty())
    tell_unknown("directory " + people.name + ", users.join", {&people.join, 1}, people, notices);
  if (rule.people) {
    tell_unknown("rule " + rule.name + ", people.by", {&rule.people->group_side, 1}, groups, notices);
    tell_unknown("rule " + rule.name + ", people.by", {&rule.people->people_side, 1}, people, notices);
  }
  return notices;
}

std::vector<Notice> shared_keys(std::string const& directory, KeyBook const& keys) {
  std::vector<Notice> notices;
  for (auto const& [key, bearers] : keys.shared()) {
    auto const described = keys.described(bearers.front());
    notices.push_back({.code = "ambiguous",
                       .group = "",
                       .principal = described,
                       .text = std::to_string(bearers.size()) + " entries of directory " + directory +
                               " have " + described + ", so it joins none of them: " + keys.dns(bearers) +
                               "; make users.join unique"});
  }
  return notices;
}

std::optional<Notice> rule_conflict(DesiredGroup const& group) {
  for (auto const& tree : group.trees) {
    auto const difference = policy_difference(group.rule(), *tree.rule);
    if (difference.empty()) continue;
    return Notice{.code = "rule-conflict",
                  .group = group.name,
                  .principal = "",
                  .text = "rules " + group.rule().name + " and " + tree.rule->name + " both give " +
                          group.name + " but differ in `" + difference +
                          "`; nothing is done to it until they agree"};
  }
  return std::nullopt;
}

}  // namespace dirsync::plan
