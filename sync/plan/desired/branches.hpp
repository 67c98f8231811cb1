#pragma once
// Members of a rule's groups that other directories have.
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// How the rule calls people of that directory.
NameTemplate const& member_name_of(Rule const& rule, Snapshot const& people);

struct Branch {
  SourceTree tree;
  std::vector<Reached> people;  // who may be given something; `Reached::node` is an index into its nodes
  std::vector<Notice> notices;  // about those who may not
};

/// `main`: the tree of a source group; `people`: those of `there` whom its groups name. People of a directory
/// from which the rule takes nobody (`people` of the rule), or whom its exclude_people cannot be asked about,
/// are given nothing; the latter keep what they have.
Branch branch_of(SourceTree const& main, DirectoryView const& there, std::vector<Reached> people,
                 Books& books);

}  // namespace dirsync::plan
