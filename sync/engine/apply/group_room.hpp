#pragma once
// How far the removals of a group go while its additions are missing.
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::engine {

/// A group as it was before the run, and what the plan was allowed to make of it.
struct GroupStanding {
  std::int64_t managed = 0;    // memberships of ours, those that the run takes over included
  std::int64_t additions = 0;  // of the whole plan, also where only a part of it is sent
  PercentLimit removals_per_group;
  bool may_become_empty = false;
  std::set<int> foreign = {};  // numbers of removals that take no membership of ours
};
/// By the target's id of the group.
using Standings = std::map<std::string, GroupStanding>;

/// Of the groups of `target` that the plan both adds to and removes from. `figures`: of the whole plan;
/// `limits`: of groups whose rule is not among `rules`; `changes`: of the plan as it is sent; `managed`: what
/// is ours in that target.
Standings standings_of(std::string const& target, std::span<plan::GroupFigures const> figures,
                       std::span<Rule const> rules, Limits const& limits, std::span<Change const> changes,
                       Managed const& managed);

/// Keeps count while the changes of one target are sent. Thread: event loop.
class GroupRoom {
 public:
  explicit GroupRoom(Standings standings);
  /// Before a removal is sent: takes its place and returns nothing; or says why it must not be sent now, and
  /// what to do. Revocations are never refused.
  std::string take(Change const& removal);
  /// What became of a change that was sent.
  void note(Settled const& settled);

 private:
  struct Group {
    GroupStanding standing;
    std::int64_t added = 0;         // additions achieved
    std::int64_t revoked = 0;       // memberships of ours that revocations took
    std::int64_t removed = 0;       // places taken by other removals
    std::int64_t ours_removed = 0;  // of them, memberships of ours
    std::int64_t missing() const { return standing.additions - added; }
    std::int64_t present() const { return standing.managed + added - revoked - ours_removed; }
  };
  std::map<std::string, Group> groups_;
};

}  // namespace dirsync::engine
