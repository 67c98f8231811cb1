#pragma once
#include <map>
#include <string>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync {

/// What is ours in one target from now on, because a person said so; nothing is sent for it.
struct Claims {
  std::vector<ManagedGroup> groups;
  std::vector<Grant> grants;
  std::vector<MadeUser> made_users{};
  bool empty() const { return groups.empty() && grants.empty() && made_users.empty(); }
};

using ClaimsByTarget = std::map<std::string, Claims>;

/// What is said of claims in their audit rows.
struct ClaimCause {
  RunId run;
  PlanDigest plan;
  std::string actor;
  std::string detail;  // where they come from, in words; may be empty
};

/// The audit row of a claim: verb adopt, phase change; of a group the grant has no principal.
AuditRow claim_row(ClaimCause const& cause, std::string const& target, Grant const& grant, Time time);
AuditRow claim_row(ClaimCause const& cause, std::string const& target, ManagedGroup const& group, Time time);

}  // namespace dirsync
