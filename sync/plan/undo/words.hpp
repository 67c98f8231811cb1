#pragma once
// What the directory says of one change.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sync/plan/desired/desired.hpp"
#include "sync/plan/diff/input.hpp"

namespace dirsync::plan {

/// What the rules make of the directories, for the memberships and groups of one target. Keeps an index of
/// each group that it was asked for. All arguments must outlive it.
class DirectoryWords {
 public:
  DirectoryWords(TargetInput const& target, Desired const& desired) : target_(target), desired_(desired) {}

  /// Of an addition or removal: how the groups lead to the member, by immutable ids, so that a new name
  /// changes nothing; empty: they do not. Of a change of a group: which source groups give the name that it
  /// has after `change`, or before a deletion; empty: none. Nothing: nobody can tell, as two rules disagree.
  std::optional<std::string> say(Change const& change);

 private:
  using Members = std::unordered_map<std::string_view, DesiredMember const*>;  // by id of the entry
  DesiredGroup const* group_named(std::string const& name) const;
  DesiredGroup const* group_of(Change const& change) const;
  bool is_disputed(Change const& change) const;
  Members const& members_of(DesiredGroup const& group);
  std::string way_to(DesiredGroup const& group, Change const& change);

  TargetInput const& target_;
  Desired const& desired_;
  std::map<DesiredGroup const*, Members> members_;
};

}  // namespace dirsync::plan
