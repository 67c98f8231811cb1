#include "ldap/read/empty_groups.hpp"

#include <algorithm>
#include <optional>

#include "ldap/errors.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kGroupsInOneFilter = 50;

struct Contradiction {
  std::string entry, group;  // DNs; the entry says to be in the group
};

/// The first of `dns` that the entry names; all of them are candidates.
std::string named_group(EntryReader& entry, std::span<std::string const> dns) {
  while (entry.next())
    for (auto const& value : entry.values())
      if (auto const named =
              std::ranges::find_if(dns, [&value](auto const& one) { return ascii_iequal(one, view(value)); });
          named != dns.end())
        return *named;
  return {};
}

/// A group that shows a member now was joined after it had been read.
Error explain(ReadContext const& context, Contradiction const& found) {
  auto const place = context.connection.place();
  auto const group = found.group.empty() ? "a group" : "group \"" + printable(found.group) + "\"";
  if (!found.group.empty()) {
    auto const now =
        read_if_shown(context.connection, entry_search("reading a group again", found.group, {"member"}));
    if (!now) return now.error();
    if (!now->all("member").empty())
      return {LdapErrc::changed, place + ": " + group + " got its first member while it was read"};
  }
  return {LdapErrc::not_readable, place + ": entry \"" + printable(found.entry) +
                                      "\" says by its memberOf to be in " + group +
                                      ", which shows no member; give the bind DN read access to member"};
}

}  // namespace

Result<void> require_nobody_in(ReadContext const& context, std::vector<std::string> const& dns,
                               ReadFigures& figures) {
  auto const& settings = context.settings;
  for (std::span<std::string const> left{dns}; !left.empty();) {
    auto const batch = left.first(std::min(left.size(), kGroupsInOneFilter));
    left = left.subspan(batch.size());
    std::string in_one = "(|";
    for (auto const& dn : batch) in_one += "(memberOf=" + filter_value(dn) + ")";
    in_one += ")";
    for (auto const& [area, filter] : {std::pair{&settings.users, people_filter(context)},
                                       std::pair{&settings.groups, group_filter(context)}}) {
      Search const search{.what = "search for members of groups that show none",
                          .base = area->base,
                          .scope = area->scope,
                          .filter = and_filter(filter, in_one),
                          .attributes = {"memberOf"}};
      std::optional<Contradiction> contradiction;
      auto const found =
          search_few(context.connection, search, [&contradiction, batch](EntryReader& entry) -> Result<void> {
            std::string dn{entry.dn()};
            contradiction = {std::move(dn), named_group(entry, batch)};
            return {};
          });
      if (!found) return found.error();
      if (contradiction) return explain(context, *contradiction);
      figures.count_searches(1, *found);
    }
  }
  return {};
}

}  // namespace dirsync::ldap
