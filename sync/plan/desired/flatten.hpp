#pragma once
// Nested groups, flattened in memory.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// One group on the way down from a source group. The tree holds each group once, by its shortest way.
struct Node {
  static constexpr std::uint32_t kNoParent = UINT32_MAX;
  GroupIndex group;      // in `in`
  std::uint32_t parent;  // index into Flattened::nodes; kNoParent for the source
  Snapshot const* in;    // not the source's own where the group is another directory's
  Entry const& entry() const { return in->groups()[group]; }
};

/// A value that names nothing that was read.
struct NamesNothing {
  std::string_view value;
  Snapshot const* in;  // in a group of which it stands
};

struct Reached {
  PersonIndex person;
  std::uint32_t node;  // the group whose value names the person
};

struct Flattened {
  std::vector<Node> nodes;
  std::vector<Reached> people;  // ascending by person, each once, by the shortest way
  /// The same of other directories: by directory, each that has one of `nodes` or of these people.
  std::map<std::string, std::vector<Reached>> elsewhere;
  /// Of groups whose nested groups are entered.
  std::vector<NamesNothing> unresolved;
  /// Values that name nothing that was read, of all groups in `nodes`.
  std::uint64_t unresolved_count = 0;
  std::string_view example = {};  // one of them; empty: there is none
};

/// By directory, then by GroupIndex: not entered, as source or nested. Either may be shorter than what there
/// is.
using ExcludedHere = std::map<std::string, std::vector<bool>>;

struct NestingRules {
  bool nested = true;
  int max_depth = 0;  // nested groups entered below the source; 0: no limit
  ExcludedHere excluded;
};

/// Flattens one source group after the other; keeps its marks between calls, so that many sources stay cheap.
class Flattener {
 public:
  using Others = std::map<std::string, Snapshot const*>;  // by directory
  /// `own`: of the source groups. Into those of `others` it goes where a member is another directory's.
  explicit Flattener(Snapshot const& own, Others others = {});
  /// Cycles and several ways to one group are walked once. Equal input gives equal output.
  Flattened flatten(GroupIndex source, NestingRules const& rules);

 private:
  /// Of one directory: when each was reached last.
  struct Marks {
    std::vector<std::uint32_t> group_round, person_round;
  };
  Marks& marks_of(Snapshot const& snapshot);
  void reach(std::uint32_t node, Snapshot const& in, PersonIndex person, Flattened& result);
  void enter(std::uint32_t node, Snapshot const& in, GroupIndex group, NestingRules const& rules,
             Flattened& result);
  void add_elsewhere(std::uint32_t node, bool enters, NestingRules const& rules, Flattened& result);

  Snapshot const& own_;
  Others others_;
  std::uint32_t round_ = 0;
  std::map<Snapshot const*, Marks> marks_;
};

/// "cn=a,... > cn=b,... > MEMBER": DNs from the source down to the group `node`, and the member.
std::string path_text(std::vector<Node> const& nodes, std::uint32_t node, std::string_view member);

}  // namespace dirsync::plan
