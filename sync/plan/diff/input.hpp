#pragma once
// What one plan is drafted from.
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/target_traits.hpp"
#include "sync/plan/facts.hpp"
#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

/// One target that could be read. Owns neither `observed` nor `managed`.
struct TargetInput {
  std::string name;
  TargetTraits traits;
  Observed const* observed = nullptr;
  Managed const* managed = nullptr;
  std::map<std::string, std::string> domains;  // by directory; "" for all; empty: no provisioning
  std::vector<Blocked> strangers = {};  // let in by an addition that meant somebody else, and still there
  bool replace_stale_groups = false;    // a Directory group that moved gives its memberships to its successor
};

struct Input {
  std::span<Rule const> rules;  // those whose directory and target could be read
  std::map<std::string, DirectoryView> views;
  std::vector<TargetInput> targets;
  std::set<std::string> unread_targets;      // configured, and with no part in this run
  std::set<std::string> unread_directories;  // configured, and not read
  Limits limits;
  Facts facts;
};

}  // namespace dirsync::plan
