#include "sync/engine/apply/strangers.hpp"

#include <algorithm>

#include "sync/engine/apply/fate.hpp"
#include "sync/model/blocked.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace {

bool is_ours(Managed const& ours, std::string const& group_id, std::string const& principal_id) {
  return std::ranges::any_of(ours.grants, [&](Grant const& grant) {
    return grant.group_id == group_id && grant.principal_id == principal_id;
  });
}

Blocked blocked_by(Change const& addition, Stranger const& stranger) {
  Blocked blocked;
  blocked.change = take_back_of(addition, stranger);
  blocked.code = kStranger;
  blocked.reason = stranger.name + (stranger.dn.empty() ? "" : " (" + stranger.dn + ")") + " is in " +
                   addition.group + ", perhaps let in for the name " + addition.principal + " of " +
                   addition.dn + "; take that member out by hand, or give them the group in the directory";
  return blocked;
}

}  // namespace

Change take_back_of(Change const& addition, Stranger const& stranger) {
  auto change = addition;
  change.verb = Verb::remove;
  change.phase = Phase::removal;
  change.principal = stranger.name;
  change.principal_id = stranger.id;
  change.dn = stranger.dn;
  change.id = EntryId{};
  change.domain.clear();
  change.path.clear();
  change.source.reset();
  change.changed_at.reset();
  change.why = "let in by mistake for " + addition.principal + " (" + addition.dn + ")";
  return change;
}

std::vector<Stranger> strangers_in(TargetGroup const& group, Observed const& observed, Managed const& ours,
                                   Change const& addition) {
  std::vector<Stranger> strangers;
  auto const meant = normalized_dn(addition.dn);
  for (auto const index : group.users) {
    auto const& user = observed.users[index];
    if (user.source == UserSource::local || !holds_logon_name(user.name, addition.principal)) continue;
    if (meant && normalized_dn(user.dn) == meant) continue;
    if (!is_ours(ours, group.id, user.id)) strangers.push_back({user.id, user.name, user.dn});
  }
  return strangers;
}

Result<void> list_strangers(AuditContext const& audit, Change const& addition,
                            std::span<Stranger const> strangers) {
  auto& journal = *audit.journal;
  auto blocked = journal.blocked(addition.target);
  if (!blocked) return blocked.error();
  for (auto const& stranger : strangers) {
    auto one = blocked_by(addition, stranger);
    auto const same = [&one](Blocked const& each) { return same_blocked(each.change, one.change); };
    std::erase_if(*blocked, same);
    blocked->push_back(std::move(one));
  }
  return journal.replace_blocked(audit.run, audit.digest, addition.target, audit.actor, *blocked);
}

std::vector<Blocked> strangers_that_stay(std::span<Blocked const> blocked, Observed const& observed,
                                         Managed const& ours) {
  std::vector<Blocked> stay;
  for (auto const& one : blocked) {
    auto const& change = one.change;
    if (one.code != kStranger || is_ours(ours, change.group_id, change.principal_id)) continue;
    auto const group = std::ranges::find(observed.groups, change.group_id, &TargetGroup::id);
    if (group == observed.groups.end() || holds_member(*group, observed, change)) stay.push_back(one);
  }
  return stay;
}

}  // namespace dirsync::engine
