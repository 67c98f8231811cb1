#pragma once
// Over the bridge of a rule with `people`: from whom its groups name to whom its people directory has.
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

struct CrossedPeople {
  std::vector<Reached> people;  // `Reached::node` is an index into `ways`
  std::vector<Crossed> ways;
  bool all_crossed = true;
  std::vector<PersonIndex> perhaps;  // whom a value that several bear may mean
  std::vector<Notice> notices;       // who leads to nobody
};

/// Those whom the tree's groups name, as people of its people directory. `disabled`: of the groups'
/// directory. `uids`: the same.
CrossedPeople cross(SourceTree const& tree, std::vector<Reached> const& named,
                    std::vector<bool> const& disabled, UidBook const& uids);

/// Of groups that name their people themselves: those whom a memberUid value that several bear may mean, in
/// the groups that the people's own directory has.
struct Unclear {
  std::vector<PersonIndex> perhaps;
  std::vector<Notice> notices;
};
/// `group`: the name of the target group; `uids`: of the tree's people.
Unclear find_unclear(SourceTree const& tree, std::string const& group, UidBook const& uids);

}  // namespace dirsync::plan
