#include "sync/model/two_lists.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "sync/model/text.hpp"

namespace dirsync {

std::optional<TwoLists> compare_lists(ListsBeside const& lists, GroupMembers const& members,
                                      std::span<Entry const> people) {
  std::string difference;
  if (lists.dns_differ) difference = "its lists of DNs name different entries";
  if (!lists.uids.empty()) {
    std::set<std::string_view> const named(lists.uids.begin(), lists.uids.end());
    auto left = named;
    std::size_t lacking = 0;
    for (auto const person : members.people) {
      auto is_named = false;
      for (auto const uid : people[person].values("uid")) {
        is_named = is_named || named.contains(uid);
        left.erase(uid);
      }
      lacking += is_named ? 0 : 1;
    }
    if (!left.empty() || lacking > 0) {
      if (!difference.empty()) difference += "; ";
      difference += "memberUid lacks " + std::to_string(lacking) + " people of its list of DNs, and names " +
                    std::to_string(left.size()) + " that this one does not";
      if (!left.empty()) difference += ", such as \"" + printable(*left.begin()) + "\"";
    }
  }
  if (difference.empty()) return std::nullopt;
  return TwoLists{lists.group, std::move(difference)};
}

}  // namespace dirsync
