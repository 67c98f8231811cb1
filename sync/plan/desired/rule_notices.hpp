#pragma once
// What is amiss with rules, whatever the targets hold.
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// Sources that the rule names and that are no groups.
std::vector<Notice> missing_sources(Rule const& rule, Snapshot const& snapshot);
/// Where the built-in schema stands in for a server's, and tests of filters that are undefined for everybody.
std::vector<Notice> schema_notices(Rule const& rule, DirectoryView const& groups,
                                   DirectoryView const& people);
/// What stands in the way of joining people: a key that several entries of one directory have.
std::vector<Notice> shared_keys(std::string const& directory, KeyBook const& keys);
/// Nothing when all rules of the group agree on its policy.
std::optional<Notice> rule_conflict(DesiredGroup const& group);

}  // namespace dirsync::plan
