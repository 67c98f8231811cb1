#include "sync/engine/apply/group_room.hpp"

#include <algorithm>
#include <unordered_map>

#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace {

/// Members of one group that are ours: by the target's id, and by folded name for those without one.
struct OurMembers {
  std::set<std::string> ids, names;
  bool contains(Change const& change) const {
    return ids.contains(change.principal_id) || names.contains(fold_case(change.principal));
  }
};

std::string text_of(std::int64_t count, char const* one, char const* several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

std::string why_not(std::string const& group, std::int64_t missing, std::string const& what,
                    std::string const& remedy) {
  return "not sent: " + text_of(missing, "addition", "additions") + " to " + group + " " +
         (missing == 1 ? "was" : "were") + " not achieved, and without " + (missing == 1 ? "it" : "them") +
         " " + what + "; mend what keeps the additions out, or " + remedy + ", and run again";
}

}  // namespace

Standings standings_of(std::string const& target, std::span<plan::GroupFigures const> figures,
                       std::span<Rule const> rules, Limits const& limits, std::span<Change const> changes,
                       Managed const& managed) {
  Standings standings;
  for (auto const& group : figures) {
    if (group.target != target || group.group_id.empty()) continue;
    if (group.additions == 0 || group.removals == 0) continue;
    auto const rule = std::ranges::find(rules, group.rule, &Rule::name);
    auto const& effective = rule == rules.end() ? limits : rule->limits;
    standings.emplace(group.group_id,
                      GroupStanding{.managed = group.managed + group.adopted,
                                    .additions = group.additions,
                                    .removals_per_group = effective.removals_per_group,
                                    .may_become_empty = effective.empty_group == Limits::OnEmpty::allow});
  }
  std::unordered_map<std::string_view, OurMembers> ours;
  for (auto const& grant : managed.grants) {
    if (!standings.contains(grant.group_id)) continue;
    auto& members = ours[grant.group_id];
    if (grant.principal_id.empty())
      members.names.insert(fold_case(grant.principal));
    else
      members.ids.insert(grant.principal_id);
  }
  for (auto const& change : changes) {
    if (change.target != target || change.verb != Verb::remove) continue;
    auto const found = standings.find(change.group_id);
    if (found != standings.end() && !ours[found->first].contains(change))
      found->second.foreign.insert(change.n);
  }
  return standings;
}

GroupRoom::GroupRoom(Standings standings) {
  for (auto& [id, standing] : standings) {
    Group group;
    group.standing = std::move(standing);
    groups_.emplace(id, std::move(group));
  }
}

std::string GroupRoom::take(Change const& removal) {
  auto const found = groups_.find(removal.group_id);
  if (found == groups_.end() || removal.phase == Phase::revocation) return {};
  auto& group = found->second;
  auto const ours = !group.standing.foreign.contains(removal.n);
  if (group.missing() > 0) {
    if (ours && !group.standing.may_become_empty && group.present() <= 1)
      return why_not(removal.group, group.missing(), "it would lose its last managed member",
                     "set empty_group = \"allow\"");
    auto const base = std::min(group.standing.managed, group.standing.managed + group.added - group.revoked);
    auto const allowed = group.standing.removals_per_group.allowed(std::max<std::int64_t>(0, base));
    if (group.removed >= allowed)
      return why_not(removal.group, group.missing(),
                     "it may lose no more than " + text_of(allowed, "member", "members"),
                     "raise removals_per_group");
  }
  ++group.removed;
  group.ours_removed += ours;
  return {};
}

void GroupRoom::note(Settled const& settled) {
  auto const& change = settled.change;
  auto const found = groups_.find(change.group_id);
  if (found == groups_.end()) return;
  auto& group = found->second;
  auto const ours = !group.standing.foreign.contains(change.n);
  // One whose fate is unknown may be done, and then the member is not there any more.
  auto const may_be_done = is_success(settled.outcome) || settled.outcome == Outcome::unknown;
  if (change.verb == Verb::add) {
    group.added += is_success(settled.outcome);
  } else if (change.verb == Verb::remove && change.phase == Phase::revocation) {
    group.revoked += may_be_done && ours;
  } else if (change.verb == Verb::remove && !may_be_done) {
    --group.removed;
    group.ours_removed -= ours;
  }
}

}  // namespace dirsync::engine
