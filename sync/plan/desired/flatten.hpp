#pragma once
// Nested groups, flattened in memory.
#include <cstdint>
#include <string>
#include <vector>

#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// One group on the way down from a source group. The tree holds each group once, by its shortest way.
struct Node {
  static constexpr std::uint32_t kNoParent = UINT32_MAX;
  GroupIndex group;
  std::uint32_t parent;  // index into Flattened::nodes; kNoParent for the source
};

struct Reached {
  PersonIndex person;
  std::uint32_t node;  // the group whose value names the person
};

struct Flattened {
  std::vector<Node> nodes;
  std::vector<Reached> people;  // ascending by person, each once, by the shortest way
  /// Values that name nothing that was read, of groups whose nested groups are entered.
  std::vector<std::string_view> unresolved;
  /// Values that name nothing that was read, of all groups in `nodes`.
  std::uint64_t unresolved_count = 0;
  std::string_view example = {};  // one of them; empty: there is none
};

struct NestingRules {
  bool nested = true;
  int max_depth = 0;  // nested groups entered below the source; 0: no limit
  std::vector<bool>
      excluded;  // by GroupIndex: not entered, as source or nested; may be shorter than the groups
};

/// Flattens one source group after the other; keeps its marks between calls, so that many sources stay cheap.
class Flattener {
 public:
  explicit Flattener(Snapshot const& snapshot);
  /// Cycles and several ways to one group are walked once. Equal input gives equal output.
  Flattened flatten(GroupIndex source, NestingRules const& rules);

 private:
  Snapshot const& snapshot_;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> group_round_, person_round_;
};

/// "cn=a,... > cn=b,... > MEMBER": DNs from the source down to the group `node`, and the member.
std::string path_text(Snapshot const& snapshot, std::vector<Node> const& nodes, std::uint32_t node,
                      std::string_view member);

}  // namespace dirsync::plan
