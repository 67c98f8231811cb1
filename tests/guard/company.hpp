#pragma once
// A directory and a Vault in memory, large along whichever line is looked at.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/plan/diff/input.hpp"

namespace dirsync::guard {

struct Shape {
  unsigned people = 200;
  unsigned groups = 4;    // source groups, each of which feeds a group of the target
  unsigned members = 20;  // of each; at most `people`
  unsigned depth = 0;     // groups in a chain below the first one, the last of which has ten people
  unsigned unnamed = 0;   // more source groups, which have no name
  unsigned users = 0;     // of the target whom the directory does not have
  unsigned rules = 1;     // that share the groups
  bool in_sync = false;   // target and grants are as wanted
  bool all_left = false;  // the same, and then everybody left the groups of the directory
};

std::string person_dn(unsigned person);
/// People with DNs and uids, and groups with names, `members` in each; the shape's other groups as well.
Snapshot snapshot_of(Shape const& shape);

class Company {
 public:
  explicit Company(Shape const& shape);
  /// From both reads to a judged plan; gives how many changes it has, and in `notices` how many notices.
  std::size_t plan(std::size_t* notices = nullptr) const;

 private:
  void fill_target(Shape const& shape);
  std::vector<Rule> rules_;
  Snapshot snapshot_;
  Observed observed_;
  Managed managed_;
  plan::Input input_;
};

}  // namespace dirsync::guard
