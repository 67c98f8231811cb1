#include "sync/engine/apply/verification.hpp"

#include "sync/engine/apply/fate.hpp"
#include "sync/model/record.hpp"

namespace dirsync::engine {
namespace {

constexpr char kNoEffect[] =
    "the target answered success, but reading the group back shows no effect; the next run tries it again, "
    "look into the target's own log if it stays so";

Result<void> append(AuditContext const& audit, Change const& change, std::string detail) {
  AuditRow row;
  row.run = audit.run;
  row.phase = "read";
  row.target = change.target;
  row.verb = "verify";
  row.group = change.group;
  row.principal = change.principal;
  row.dn = change.dn;
  row.id = change.id.value();
  row.rule = change.rule;
  row.plan = audit.digest.value();
  row.actor = audit.actor;
  row.result = to_text(Outcome::failed);
  row.detail = std::move(detail);
  return audit.journal->append(std::move(row));
}

Result<void> tell_unread(AuditContext const& audit, std::span<Settled* const> changes, Error const& error) {
  auto const why = "the group could not be read back: " + text(error);
  for (auto* settled : changes) {
    settled->detail += (settled->detail.empty() ? "" : "; ") + ("unverified: " + why);
    if (auto const appended = append(audit, settled->change, why); !appended) return appended.error();
  }
  return {};
}

/// The membership is there after all and it was ours: it must not turn into a foreign one.
Result<void> keep_grant(AuditContext const& audit, Change const& change) {
  auto const grant = grant_of(change);
  return audit.journal->adopt(audit.run, change.target, audit.actor, {}, {&grant, 1});
}

}  // namespace

Result<std::vector<Settled*>> compare_with_group(AuditContext const& audit, std::span<Settled* const> changes,
                                                 Result<std::optional<TargetGroup>> const& group,
                                                 Observed const& observed) {
  std::vector<Settled*> failed;
  if (!group) {
    if (auto const told = tell_unread(audit, changes, group.error()); !told) return told.error();
    return failed;
  }
  std::optional<MemberIndex> members;
  if (*group) members.emplace(**group, observed);
  for (auto* settled : changes) {
    auto const& change = settled->change;
    auto const present = members && members->holds(change);
    if (present == (change.verb == Verb::add)) continue;
    settled->outcome = Outcome::failed;
    settled->detail = kNoEffect;
    if (auto const appended = append(audit, change, kNoEffect); !appended) return appended.error();
    if (change.verb == Verb::remove)
      if (auto const kept = keep_grant(audit, change); !kept) return kept.error();
    failed.push_back(settled);
  }
  return failed;
}

}  // namespace dirsync::engine
