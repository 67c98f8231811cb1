#pragma once
// Rules and directories from which nothing comes: that is a mistake until somebody says that it may be so.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/plan.hpp"
#include "sync/model/policy.hpp"
#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

/// A reason that fails and does not hold yet, with what it could be the reason of.
struct NothingRead {
  Reason reason;
  std::set<std::string> rules;   // whose plans rest on it
  std::set<std::string> groups;  // target groups; empty: all of those rules
};

/// A source group in which no value leads to a person.
struct NobodyIn {
  std::string group;         // the target group that it feeds
  std::uint64_t values = 0;  // in it and in the groups below it
  std::string_view example;  // one of the values, of the snapshot
};

/// `no-source`: the rule selects none of the groups of `view`.
NothingRead no_source(Rule const& rule, DirectoryView const& view);
/// `no-people`: nobody was found in `view`. `rule`: the first that takes its people from there.
NothingRead no_people(Rule const& rule, DirectoryView const& view);
/// `nobody`: groups whose values name nobody of directory `people`; at least one.
NothingRead nobody_in(Rule const& rule, std::vector<NobodyIn> const& groups, std::string const& people);
/// `no-names`: all of the `selected` groups of the rule are refused. `example`: the first of the notices that
/// tell so.
NothingRead no_names(Rule const& rule, std::uint64_t selected, std::string const& example);

}  // namespace dirsync::plan
