#pragma once
#include <compare>
#include <string>

#include "sync/model/change.hpp"

namespace dirsync::plan {

/// A person's place in a group of a target.
struct Membership {
  std::string target, group_id;
  EntryId person;
  friend auto operator<=>(Membership const&, Membership const&) = default;
};
inline Membership membership_of(Change const& change) { return {change.target, change.group_id, change.id}; }

}  // namespace dirsync::plan
