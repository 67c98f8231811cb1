#pragma once
// Groups whose entry says more than once who is in it.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/entries.hpp"
#include "sync/model/members.hpp"

namespace dirsync {

/// The lists of one entry, before it is known whom they mean.
struct ListsBeside {
  GroupIndex group = 0;
  bool dns_differ = false;             // its lists of DNs among each other
  std::vector<std::string> uids = {};  // memberUid beside a list of DNs
};

/// A group whose lists differ, and in what.
struct TwoLists {
  GroupIndex group = 0;
  std::string difference;
};

/// Nothing when all lists mean the same people. `members`: of the group, by the lists that count.
std::optional<TwoLists> compare_lists(ListsBeside const& lists, GroupMembers const& members,
                                      std::span<Entry const> people);

}  // namespace dirsync
