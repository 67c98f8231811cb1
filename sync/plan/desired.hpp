#pragma once
// What the rules make of the snapshots.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/plan.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/plan/nesting.hpp"

namespace dirsync::plan {

/// A directory as the planner sees it: one snapshot, and who in it is disabled.
struct DirectoryView {
  std::string name;
  Snapshot const* snapshot = nullptr;
  /// Evaluated on the entry, so that disabled is told from absent; replaces what the directory itself says.
  std::optional<Filter> disabled;
  std::string normalized_base;                     // for "is this DN one of ours"
  AccountStates account_states = {};               // those that count
  std::chrono::system_clock::time_point now = {};  // at which accounts are judged
};

/// What the person's entry says of the account; by DirectoryView::disabled or by the directory's own rules.
AccountFinding account_of(DirectoryView const& view, PersonIndex person);

/// The names that one template gives to all people of a directory.
struct NameBook {
  std::vector<std::string> names;  // by PersonIndex; empty: an attribute is missing
  /// Folded name -> people who bear it; more than one are namesakes.
  std::unordered_map<std::string, std::vector<PersonIndex>> bearers;
};

/// One source group of a target group, flattened.
struct SourceTree {
  Rule const* rule = nullptr;
  DirectoryView const* directory = nullptr;
  NameBook const* names = nullptr;
  std::vector<Node> nodes;
  std::vector<std::string_view> unresolved;
  Entry const& source() const { return directory->snapshot->groups()[nodes.front().group]; }
};

struct DesiredMember {
  PersonIndex person;
  std::uint32_t tree;  // index into DesiredGroup::trees
  std::uint32_t node;
};

/// A target group as the rules want it. All rules of one group agree on its policy; the first speaks for it.
struct DesiredGroup {
  std::string name;
  std::vector<SourceTree> trees;
  std::vector<DesiredMember>
      members;  // enabled, not excluded; ordered by tree's directory, person; each once
  Rule const& rule() const { return *trees.front().rule; }
};

struct Desired {
  /// By target, then by the key under which the target compares names.
  std::map<std::string, std::map<std::string, DesiredGroup>> groups;
  /// Target groups on which rules disagree, by target: nothing is done to them.
  std::map<std::string, std::set<std::string>> refused;
  std::map<std::string, std::vector<bool>> disabled;  // by directory, then PersonIndex
  /// Those of whom nobody can tell whether they are disabled, and why; by directory.
  std::map<std::string, std::map<PersonIndex, std::string>> unclear_accounts;
  std::map<std::string, std::vector<Notice>> notices;  // by target
  /// Owned here so that the trees' pointers stay valid.
  std::map<std::pair<std::string, std::string>, std::unique_ptr<NameBook>> name_books;
};

/// Key under which a target tells group names apart.
std::string group_key(bool folds_case, std::string_view name);

/// Pure. `views`: by name; a rule whose directory is missing is left out. `folds_case`: by target.
Desired desire(std::span<Rule const> rules, std::map<std::string, DirectoryView> const& views,
               std::map<std::string, bool> const& folds_case);

/// SHA-256 over the target groups and person ids that `rule` wants; equal for equal wishes.
std::string desired_digest(Desired const& desired, Rule const& rule);

}  // namespace dirsync::plan
