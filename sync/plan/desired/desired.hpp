#pragma once
// What the rules make of the snapshots.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/plan.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/plan/desired/accounts.hpp"
#include "sync/plan/desired/books.hpp"
#include "sync/plan/desired/flatten.hpp"
#include "sync/plan/desired/nothing_read.hpp"
#include "sync/plan/people/identities.hpp"

namespace dirsync::plan {

/// Somebody whom the groups of one directory name and whom a bridge found in another.
struct Crossed {
  std::uint32_t node;  // index into SourceTree::nodes
  std::optional<PersonIndex> group_side = std::nullopt;
  std::string_view uid = {};  // memberUid value that names no entry on the groups' side
};

/// One source group of a target group, flattened.
struct SourceTree {
  Rule const* rule = nullptr;
  DirectoryView const* directory = nullptr;  // of the source group
  DirectoryView const* people = nullptr;     // the same one unless there is a bridge, or it is a branch
  /// The people of another directory whom the groups of the tree before it name, which has the same nodes.
  bool is_branch = false;
  NameTemplate const* member_name = nullptr;
  NameBook const* names = nullptr;  // of the people, by `member_name`
  Bridge const* bridge = nullptr;
  std::vector<Node> nodes = {};
  std::vector<NamesNothing> unresolved = {};  // not of a branch
  std::vector<Crossed> crossed = {};          // with a bridge only
  bool all_crossed = true;                    // it led from every member of these groups to a person
  /// Of `people`: whom a value may mean that several entries bear. They are given nothing, and keep what they
  /// have.
  std::vector<PersonIndex> perhaps = {};
  std::vector<bool> const* excluded = nullptr;  // of `people`, by exclude_people; null: nobody
  bool excludes(PersonIndex person) const { return excluded != nullptr && (*excluded)[person]; }
  Entry const& source() const { return nodes.front().entry(); }
};

struct DesiredMember {
  PersonIndex person;  // in SourceTree::people
  std::uint32_t tree;  // index into DesiredGroup::trees
  std::uint32_t way;   // index into SourceTree::nodes; with a bridge, into SourceTree::crossed
};

/// A target group as the rules want it. All rules of one group agree on its policy; the first speaks for it.
struct DesiredGroup {
  std::string name;
  std::vector<SourceTree> trees;
  /// Enabled, not excluded; ordered by the people's directory, person; each person once, by whichever entry.
  std::vector<DesiredMember> members;
  /// Whom the trees name as well: disabled, or excluded; as they were met.
  std::vector<DesiredMember> left_out = {};
  Rule const& rule() const { return *trees.front().rule; }
};

/// A target group on which its rules disagree: nothing is done to it but for who is gone or disabled.
struct DisputedGroup {
  DesiredGroup group;
  Notice why;
};

/// Whom one rule wants of one directory.
struct WantedPeople {
  NamedPeople from;
  std::vector<PersonIndex> people = {};  // each once, as first met
};

/// What the selection of one rule comes to, whatever its target holds.
struct RuleReach {
  Rule const* rule = nullptr;
  std::uint64_t selected = 0;    // source groups, excluded ones left out
  std::uint64_t names = 0;       // target groups that they name
  std::uint64_t unnamed = 0;     // source groups without a name
  std::string why_unnamed = {};  // of the first of them
  std::vector<WantedPeople> wanted = {};
};

struct Desired {
  /// By target, then by the key under which the target compares names.
  std::map<std::string, std::map<std::string, DesiredGroup>> groups;
  std::map<std::string, std::map<std::string, DisputedGroup>> disputed;  // the same way
  std::map<std::string, Accounts> accounts;                              // by directory
  /// Without a name, or with an id that another group bears too: nobody knows which group they feed.
  std::set<EntryId> unnamed_sources;
  std::map<std::string, std::vector<Notice>> notices;                // by target
  std::map<std::string, ExcludedGroups> excluded;                    // by rule, to be followed from now on
  std::map<std::string, std::vector<std::string>> missing_excludes;  // by rule: DNs that exclude nothing now
  std::map<std::string, std::vector<NamedPeople>> people;  // by target: all whom its rules might mean
  std::map<std::string, RuleReach> reach;                  // by rule
  std::vector<NothingRead> nothing_read;                   // in the order of the rules
  std::unique_ptr<Identities const> identities;
  Books books;  // what trees and people point to

  DesiredGroup const* find(std::string const& target, std::string const& key) const;
};

/// Key under which a target tells group names apart.
std::string group_key(bool folds_case, std::string_view name);

inline SourceTree const& tree_of(DesiredGroup const& group, DesiredMember const& member) {
  return group.trees[member.tree];
}
/// The last group of the way, into SourceTree::nodes.
inline std::uint32_t node_of(SourceTree const& tree, DesiredMember const& member) {
  return tree.bridge == nullptr ? member.way : tree.crossed[member.way].node;
}
inline PersonRef ref_of(DesiredGroup const& group, DesiredMember const& member) {
  return {tree_of(group, member).people, member.person};
}
inline Entry const& entry_of(DesiredGroup const& group, DesiredMember const& member) {
  return tree_of(group, member).people->snapshot->people()[member.person];
}

/// Pure. `views`: by name; a rule one of whose directories is missing is left out. They must outlive the
/// result. `folds_case`: by target. `excluded`: by rule, as in Facts.
Desired desire(std::span<Rule const> rules, std::map<std::string, DirectoryView> const& views,
               std::map<std::string, bool> const& folds_case,
               std::map<std::string, ExcludedGroups> const& excluded);

}  // namespace dirsync::plan
