#include "ldap/read/dynamic.hpp"

#include <map>

#include "ldap/errors.hpp"
#include "ldap/search/member_url.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

struct Bearer {
  DynamicGroup const* group;
  std::string url;  // as it stands there
};
using GroupsOfUrls = std::map<MemberUrl, std::vector<Bearer>>;

void set_aside(DynamicGroup const& group, std::string const& url, std::string const& why, Groups& groups) {
  groups.members.add_dn(group.group, url);
  groups.damages.push_back({.of = Damage::Of::group,
                            .number = group.group,
                            .hides_members = true,
                            .what = "has the memberURL \"" + printable(url) + "\", which " + why +
                                    "; correct it, or leave the group out by groups.filter"});
}

GroupsOfUrls by_url(std::vector<DynamicGroup> const& dynamic, Groups& groups) {
  GroupsOfUrls of_urls;
  for (auto const& group : dynamic)
    for (auto const& text : group.urls)
      if (auto const url = parse_member_url(text))
        of_urls[*url].push_back({&group, text});
      else
        set_aside(group, text, url.error().context, groups);
  return of_urls;
}

/// The server understood the search, and what it asks for is not there; or no filter could be made of it.
bool is_of_the_url(boost::system::error_code code) {
  return code == LdapErrc::base_missing || code == LdapErrc::bad_filter;
}

}  // namespace

Result<void> add_dynamic_members(ReadContext const& context, std::vector<DynamicGroup> const& dynamic,
                                 Groups& groups) {
  for (auto const& [url, bearers] : by_url(dynamic, groups)) {
    std::vector<std::string> found;
    Search const search{
        .what = "search for the members of dynamic group \"" + printable(bearers.front().group->dn) + "\"",
        .base = url.base,
        .scope = url.scope,
        .filter = url.filter,
        .attributes = {"1.1"}};
    auto const figures =
        search_all(context.connection, search, context.paging(), [&found](EntryReader& entry) {
          found.emplace_back(entry.dn());
          return Result<void>{};
        });
    if (!figures && !is_of_the_url(figures.error().code)) return figures.error();
    if (!figures) {
      for (auto const& [group, text] : bearers)
        set_aside(*group, text, "finds nothing: " + figures.error().context, groups);
      continue;
    }
    groups.figures.count_searches(1, *figures);
    for (auto const& [group, text] : bearers)
      for (auto const& dn : found)
        if (!group->own.contains(dn)) groups.members.add_dn(group->group, dn);
  }
  groups.figures.dynamic_groups = dynamic.size();
  return {};
}

}  // namespace dirsync::ldap
