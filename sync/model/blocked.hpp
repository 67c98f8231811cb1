#pragma once
// The list of changes that are due and cannot be sent, from one run to the next. Pure.
#include <span>
#include <string>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync {

/// Whether both are of one change: target, verb, group and principal (each by the target's id, or by name
/// where there is none), and immutable id.
bool same_blocked(Change const& left, Change const& right);

/// What follows from `now` taking the place of `before`.
struct BlockedUpdate {
  /// As `now`, each change once, with the `since` that it had before; ordered by target, group, principal,
  /// verb. Of a change what people are shown of it and what identifies it: its number and what sending it
  /// would need (phase, domain, roles, new user, new name) are left out.
  std::vector<Blocked> list;
  /// Of those that begin to be blocked, or are so for another code or reason: `blocked`. Of those that are no
  /// longer: `unblocked`. Phase `change`, the reason as detail.
  std::vector<AuditRow> rows;
};
BlockedUpdate update_blocked(RunId run, PlanDigest const& plan, std::string const& actor,
                             std::span<Blocked const> before, std::span<Blocked const> now, Time time);

}  // namespace dirsync
