#pragma once
// What is to become ours without a call, as a plan of its own.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/model/claims.hpp"
#include "sync/plan/diff/draft.hpp"
#include "sync/plan/diff/input.hpp"

namespace dirsync::plan {

/// Claims, and the changes that tell of them: one of verb adopt for each.
struct Claiming {
  ClaimsByTarget claims;
  std::vector<Change> changes;                      // blocked ones: what was asked for and cannot be ours
  std::map<std::string, std::set<Notice>> notices;  // by target
};

/// How a claim is told.
struct ClaimWords {
  std::string path;  // as Change::path: where it comes from; may be empty
  std::string why;
};

void claim(Claiming& claiming, std::string const& target, ManagedGroup group, ClaimWords words);
void claim(Claiming& claiming, std::string const& target, Grant grant, ClaimWords words);
/// A group that cannot become ours.
void refuse(Claiming& claiming, std::string const& target, TargetGroup const& group, std::string const& rule,
            Obstacle why);

/// What is held until a person approves it. `code`: "adopt" or "recover".
Reason reason_to_claim(std::string code, Claiming const& claiming);

/// As a draft that can be judged: ordered, with no other change. `holds`: why it waits.
Draft draft_of(Input const& input, Claiming claiming, std::vector<Reason> holds);

}  // namespace dirsync::plan
