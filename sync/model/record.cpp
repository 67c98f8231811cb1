#include "sync/model/record.hpp"

#include <utility>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
char const* to_text(TargetState::Kind kind) {
  switch (kind) {
    case TargetState::Kind::ok:
      return "ok";
    case TargetState::Kind::held:
      return "held";
    case TargetState::Kind::unconfirmed:
      return "unconfirmed";
    case TargetState::Kind::blocked:
      return "blocked";
    case TargetState::Kind::failed:
      return "failed";
    case TargetState::Kind::unread:
      return "unread";
  }
  DIRSYNC_ASSERT(!"a state");
}

AuditRow change_row(RunId run, PlanDigest const& plan, std::string const& actor, Settled const& settled,
                    std::string phase, Time time) {
  auto const& change = settled.change;
  AuditRow row;
  row.time = time;
  row.run = run;
  row.phase = std::move(phase);
  row.target = change.target;
  row.verb = to_text(change.verb);
  row.group = change.group;
  row.principal = change.principal;
  row.dn = change.dn;
  row.id = change.id.value();
  row.rule = change.rule;
  row.path = change.path;
  row.plan = plan.value();
  row.actor = actor;
  row.result = to_text(settled.outcome);
  row.detail = settled.detail;
  row.delay = settled.delay;
  return row;
}

AuditRow unsent_row(RunId run, PlanDigest const& plan, std::string const& actor, Change const& change,
                    std::string why, Time time) {
  Settled const skipped{change, Outcome::skipped, std::move(why)};
  auto row = change_row(run, plan, actor, skipped, "change", time);
  if (change.unconfirmed) row.result = outcome_text(change, nullptr);
  return row;
}

Grant grant_of(Change const& change) {
  return {.group_id = change.group_id,
          .group = change.group,
          .principal = change.principal,
          .principal_id = change.principal_id,
          .id = change.id,
          .dn = change.dn,
          .rule = change.rule,
          .source = change.source};
}

bool same_membership(Grant const& left, Grant const& right) {
  if (left.group_id != right.group_id) return false;
  if (!left.principal_id.empty() && !right.principal_id.empty())
    return left.principal_id == right.principal_id;
  return fold_case(left.principal) == fold_case(right.principal);
}

AuditRow found_row(RunId run, std::string const& target, std::string const& actor, std::string verb,
                   Grant const& grant, Time time) {
  AuditRow row;
  row.time = time;
  row.run = run;
  row.phase = "change";
  row.target = target;
  row.verb = std::move(verb);
  row.group = grant.group;
  row.principal = grant.principal;
  row.dn = grant.dn;
  row.id = grant.id.value();
  row.rule = grant.rule;
  row.actor = actor;
  row.result = to_text(Outcome::done);
  return row;
}

std::uint64_t unresolved_key(std::string_view value) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (auto const byte : value) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

AuditRow freeze_row(Freeze const& freeze, RunId run, std::string const& actor, char const* result,
                    Time time) {
  AuditRow row;
  row.time = time;
  row.run = run;
  row.phase = "freeze";
  row.target = freeze.target;
  row.actor = actor;
  row.result = result;
  row.detail = text(freeze);
  return row;
}

}  // namespace dirsync
