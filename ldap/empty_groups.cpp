#include "ldap/empty_groups.hpp"

#include <algorithm>
#include <array>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kGroupsInOneFilter = 50;

/// RFC 4515, 3.
std::string escaped(std::string const& value) {
  berval in{value.size(), const_cast<char*>(value.data())}, out{};  // libldap only reads it
  if (ldap_bv2escaped_filter_value(&in, &out) != 0) return value;
  TextPtr const owned{out.bv_val};
  return std::string{view(out)};
}

Error hidden(Reading const& reading, EntryReader& entry, std::span<std::string const> dns) {
  std::string group = "a group";
  std::string const dn{entry.dn()};
  while (entry.next())
    for (auto const& value : entry.values())
      if (auto const named =
              std::ranges::find_if(dns, [&value](auto const& one) { return ascii_iequal(one, view(value)); });
          named != dns.end())
        group = "group \"" + printable(*named) + "\"";
  return {LdapErrc::not_readable, reading.connection.place() + ": entry \"" + printable(dn) +
                                      "\" says by its memberOf to be in " + group +
                                      ", which shows no member; give the bind DN read access to member"};
}

}  // namespace

Result<void> require_nobody_in(Reading const& reading, std::vector<std::string> const& dns,
                               ReadFigures& figures) {
  auto const& settings = reading.settings;
  for (std::span<std::string const> left{dns}; !left.empty();) {
    auto const batch = left.first(std::min(left.size(), kGroupsInOneFilter));
    left = left.subspan(batch.size());
    std::string in_one = "(|";
    for (auto const& dn : batch) in_one += "(memberOf=" + escaped(dn) + ")";
    in_one += ")";
    for (auto const& [area, filter] : {std::pair{&settings.users, people_filter(reading)},
                                       std::pair{&settings.groups, group_filter(reading)}}) {
      Search const search{"search for members of groups that show none",
                          area->base,
                          area->scope,
                          both(filter, in_one),
                          {"memberOf"}};
      auto const found = search_few(
          reading.connection, search,
          [&reading, batch](EntryReader& entry) -> Result<void> { return hidden(reading, entry, batch); });
      if (!found) return found.error();
      figures.count_searches(1, *found);
    }
  }
  return {};
}

}  // namespace dirsync::ldap
