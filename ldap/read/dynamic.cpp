#include "ldap/read/dynamic.hpp"

#include <map>

#include "ldap/errors.hpp"
#include "ldap/search/member_url.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using GroupsOfUrls = std::map<MemberUrl, std::vector<DynamicGroup const*>>;

Result<GroupsOfUrls> by_url(ReadContext const& context, std::vector<DynamicGroup> const& dynamic) {
  GroupsOfUrls groups;
  for (auto const& group : dynamic)
    for (auto const& text : group.urls) {
      auto const url = parse_member_url(text);
      if (!url)
        return Error{url.error().code, context.connection.place() + ": memberURL \"" + printable(text) +
                                           "\" of group \"" + printable(group.dn) + "\" " +
                                           url.error().context +
                                           "; correct it, or leave the group out by groups.filter"};
      groups[*url].push_back(&group);
    }
  return groups;
}

}  // namespace

Result<void> add_dynamic_members(ReadContext const& context, std::vector<DynamicGroup> const& dynamic,
                                 Groups& groups) {
  auto const searches = by_url(context, dynamic);
  if (!searches) return searches.error();
  for (auto const& [url, bearers] : *searches) {
    std::vector<std::string> found;
    Search const search{
        .what = "search for the members of dynamic group \"" + printable(bearers.front()->dn) + "\"",
        .base = url.base,
        .scope = url.scope,
        .filter = url.filter,
        .attributes = {"1.1"}};
    auto const figures =
        search_all(context.connection, search, context.paging(), [&found](EntryReader& entry) {
          found.emplace_back(entry.dn());
          return Result<void>{};
        });
    if (!figures) return figures.error();
    groups.figures.count_searches(1, *figures);
    for (auto const* const bearer : bearers)
      for (auto const& dn : found)
        if (!bearer->own.contains(dn)) groups.members.add_dn(bearer->group, dn);
  }
  groups.figures.dynamic_groups = dynamic.size();
  return {};
}

}  // namespace dirsync::ldap
