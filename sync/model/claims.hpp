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
  std::vector<Grant> forgotten{};  // are ours no longer: they had ended, and the store did not know
  bool empty() const { return groups.empty() && grants.empty() && made_users.empty() && forgotten.empty(); }
};

using ClaimsByTarget = std::map<std::string, Claims>;

/// What is said of claims in their audit rows.
struct ClaimCause {
  RunId run;
  PlanDigest plan;
  std::string actor;
  std::string detail;  // where they come from, in words; may be empty
};

/// The audit row of a claim, phase change; of a group the grant has no principal. `verb`: adopt or forget.
AuditRow claim_row(ClaimCause const& cause, std::string const& target, Grant const& grant, Time time,
                   char const* verb = "adopt");
AuditRow claim_row(ClaimCause const& cause, std::string const& target, ManagedGroup const& group, Time time);

}  // namespace dirsync
