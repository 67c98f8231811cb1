#include "sync/model/claims.hpp"

namespace dirsync {

AuditRow claim_row(ClaimCause const& cause, std::string const& target, Grant const& grant, Time time,
                   char const* verb) {
  auto row = found_row(cause.run, target, cause.actor, verb, grant, time);
  row.plan = cause.plan.value();
  row.detail = cause.detail;
  return row;
}

AuditRow claim_row(ClaimCause const& cause, std::string const& target, ManagedGroup const& group, Time time) {
  Grant whole;
  whole.group_id = group.group_id;
  whole.group = group.group;
  whole.rule = group.rule;
  return claim_row(cause, target, whole, time);
}

}  // namespace dirsync
