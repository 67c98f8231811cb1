#include "sync/plan/diff/directory_member.hpp"

#include <algorithm>

#include "sync/model/text.hpp"
#include "sync/plan/desired/group_names.hpp"
#include "sync/plan/desired/needed_attributes.hpp"

namespace dirsync::plan {
namespace {

std::string logon_name(Entry const& group) {
  for (auto const& attribute : logon_attributes())
    if (!group.values(attribute).empty()) return std::string{naming_value(group, attribute)};
  return {};
}

std::string why_nobody_makes_one(TargetTraits const& traits) {
  auto const* const reason = traits.no_provisioning;
  return "the target has no Directory group with this DN and may not make one; " +
         (reason == nullptr ? std::string{"set domain, or"} : std::string{reason} + ":") +
         " add the LDAP group to a Safe or group there by hand";
}

/// By the name under which the target looks the group up.
OrNotice<Change> provisioned(Context const& context, WritableGroup const& group, DirectoryView const& view,
                             Entry const& source, std::string const& rule) {
  auto const dn = std::string{source.dn};
  auto domain = domain_of(context.match, view.name);
  if (domain.empty())
    return Notice{.code = "waiting",
                  .group = group.name(),
                  .principal = dn,
                  .text = why_nobody_makes_one(context.target.traits)};
  if (auto why = why_no_mapping(context.match, domain, context.book); !why.empty())
    return Notice{.code = "waiting", .group = group.name(), .principal = dn, .text = std::move(why)};
  auto name = logon_name(source);
  if (name.empty())
    return Notice{.code = "unnamed",
                  .group = group.name(),
                  .principal = dn,
                  .text =
                      "the group shows neither sAMAccountName nor cn, or several of which none is in its "
                      "RDN, so nobody knows by which the target would look it up"};
  if (auto const bearers = context.logon_names.at(view.name).at(fold_case(name)); bearers > 1)
    return Notice{
        .code = "ambiguous",
        .group = group.name(),
        .principal = dn,
        .text = std::to_string(bearers) + " groups of directory " + view.name + " are named " + name +
                ", and the target looks a group up by its name; rename one, or add it to the target by hand"};
  auto const member = context.hands_off.newcomer(group, std::move(name), std::string{kGroupPrincipal});
  if (!member) return member.error();
  auto change = member_change(context, Verb::add, *member, rule);
  change.domain = std::move(domain);
  return change;
}

}  // namespace

std::map<std::string, LogonNames> logon_names_of(Input const& input) {
  std::map<std::string, LogonNames> names;
  auto const replaces = std::ranges::any_of(input.targets, &TargetInput::replace_stale_groups);
  for (auto const& [directory, view] : input.views) {
    auto const feeds = [&directory = directory](Rule const& rule) {
      return rule.as == MembersAs::group && rule.directory == directory;
    };
    if (!replaces && std::ranges::none_of(input.rules, feeds)) continue;
    auto& counts = names[directory];
    for (auto const& group : view.snapshot->groups()) ++counts[fold_case(logon_name(group))];
  }
  return names;
}

OrNotice<Change> group_addition(Context const& context, WritableGroup const& group, DirectoryView const& view,
                                Entry const& source, std::string const& rule) {
  auto const dn = std::string{source.dn};
  auto const standing = context.index.directory_groups(source.normalized_dn);
  if (standing.size() > 1)
    return Notice{.code = "ambiguous",
                  .group = group.name(),
                  .principal = dn,
                  .text = "the target has " + std::to_string(standing.size()) +
                          " Directory groups with this DN; delete all but one"};
  auto const existing = [&context, &group, &standing, &rule]() -> OrNotice<Change> {
    auto const member = context.hands_off.group_to_add(group, *standing.front());
    if (!member) return member.error();
    return member_change(context, Verb::add, *member, rule);
  };
  auto change = standing.empty() ? provisioned(context, group, view, source, rule) : existing();
  if (!change) return change;
  change->dn = change->path = dn;
  change->id = source.id;
  return change;
}

}  // namespace dirsync::plan
