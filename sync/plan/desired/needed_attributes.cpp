#include "sync/plan/desired/needed_attributes.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

void add(std::set<std::string>& attributes, std::vector<std::string> const& more) {
  attributes.insert(more.begin(), more.end());
}

/// With which it is seen whether a group is selected by the value that names it. Not what makes a read large.
void add_selecting(std::set<std::string>& attributes, GroupSelection const& selection) {
  constexpr std::string_view kMemberLists[] = {"member",    "uniquemember", "memberuid",
                                               "memberurl", "roleoccupant", "memberof"};
  auto const* const matching = std::get_if<MatchingGroups>(&selection);
  if (matching == nullptr) return;
  auto const filter = Filter::parse(matching->filter);
  if (!filter) return;
  for (auto const& attribute : filter->attributes())
    if (std::ranges::find(kMemberLists, attribute) == std::end(kMemberLists)) attributes.insert(attribute);
}

}  // namespace

NeededAttributes needed_attributes(Rule const& rule, std::string const& directory) {
  NeededAttributes needed;
  if (rule.directory == directory) {
    add(needed.of_groups, rule.group_name.attributes());
    add_selecting(needed.of_groups, rule.selection);
    if (rule.as == MembersAs::group) add(needed.of_groups, logon_attributes());
    if (rule.people) needed.of_people.insert(ascii_lower(rule.people->group_side));
  }
  if (!rule.people || rule.people->directory == directory) {
    add(needed.of_people, rule.member_name.attributes());
    if (rule.member_name_on_ad) add(needed.of_people, rule.member_name_on_ad->attributes());
    if (rule.exclude_people) add(needed.of_people, rule.exclude_people->attributes());
    if (rule.people) needed.of_people.insert(ascii_lower(rule.people->people_side));
  }
  return needed;
}

}  // namespace dirsync::plan
