#include "sync/plan/judge/digest.hpp"

#include "sync/model/digest.hpp"

namespace dirsync::plan {
namespace {

PlanDigest digest_of(std::span<Change const> changes, bool with_leavers) {
  Sha256 digest;
  for (auto const& change : changes) {
    if (!is_to_send(change) || (change.part == Part::leavers && !with_leavers)) continue;
    digest.field(change.target);
    digest.field(to_text(change.verb));
    digest.field(change.group_id.empty() ? change.group : change.group_id);
    digest.field(change.principal);
    digest.field(change.id.value());
    digest.field(change.rule);
    if (change.verb == Verb::rename_group) digest.field(change.new_name);
  }
  return PlanDigest{digest.hex()};
}

}  // namespace

PlanDigest plan_digest(std::span<Change const> changes) { return digest_of(changes, false); }
PlanDigest sending_digest(std::span<Change const> changes) { return digest_of(changes, true); }

void number(Plan& plan) {
  auto n = 1;
  for (auto& change : plan.changes) change.n = n++;
  if (plan.rehearsal)
    for (auto& change : plan.rehearsal->only_old) change.n = n++;
  plan.digest = plan_digest(plan.changes);
}

}  // namespace dirsync::plan
