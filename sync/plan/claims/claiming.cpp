#include "sync/plan/claims/claiming.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sync/model/counted.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

Change claim_of(std::string const& target, std::string const& group, std::string const& group_id,
                std::string const& rule, ClaimWords words) {
  Change change;
  change.target = target;
  change.verb = Verb::adopt;
  change.group = group;
  change.group_id = group_id;
  change.rule = rule;
  change.path = std::move(words.path);
  change.why = std::move(words.why);
  return change;
}

/// A group before its members.
auto claim_order(Change const& change) {
  return std::tuple{std::string_view{change.target},    fold_case(change.group),
                    std::string_view{change.group_id},  fold_case(change.principal),
                    std::string_view{change.principal}, std::string_view{change.id.value()}};
}

}  // namespace

void claim(Claiming& claiming, std::string const& target, ManagedGroup group, ClaimWords words) {
  auto change = claim_of(target, group.group, group.group_id, group.rule, std::move(words));
  if (!group.sources.empty()) change.id = joined_id(group.sources);
  claiming.changes.push_back(std::move(change));
  claiming.claims[target].groups.push_back(std::move(group));
}

void claim(Claiming& claiming, std::string const& target, Grant grant, ClaimWords words) {
  auto change = claim_of(target, grant.group, grant.group_id, grant.rule, std::move(words));
  change.principal = grant.principal;
  change.principal_id = grant.principal_id;
  change.dn = grant.dn;
  change.id = grant.id;
  change.source = grant.source;
  claiming.changes.push_back(std::move(change));
  claiming.claims[target].grants.push_back(std::move(grant));
}

void refuse(Claiming& claiming, std::string const& target, TargetGroup const& group, std::string const& rule,
            Obstacle why) {
  auto change = claim_of(target, group.name, group.id, rule, {});
  change.blocked = std::move(why);
  claiming.changes.push_back(std::move(change));
}

Reason reason_to_claim(std::string code, Claiming const& claiming) {
  std::size_t groups = 0, grants = 0;
  for (auto const& [target, claims] : claiming.claims) {
    groups += claims.groups.size();
    grants += claims.grants.size();
  }
  return {.code = std::move(code),
          .text = number_of(groups, "group", "groups") + " and " +
                  number_of(grants, "membership", "memberships") +
                  " that are there become dirsyncd's own; nothing is sent to a target. From then on it "
                  "may end them, by the rules and under the limits",
          .target = "",
          .rule = "",
          .group = "",
          .count = static_cast<std::int64_t>(groups + grants),
          .allowed = 0};
}

Draft draft_of(Input const& input, Claiming claiming, std::vector<Reason> holds) {
  Draft draft;
  for (auto const& target : input.targets) {
    auto& plan = draft.plan.targets[target.name];
    plan.kind = to_text(target.traits.kind);
    auto const& notices = claiming.notices[target.name];
    plan.notices.assign(notices.begin(), notices.end());
  }
  draft.plan.changes = std::move(claiming.changes);
  std::ranges::stable_sort(draft.plan.changes, [](Change const& left, Change const& right) {
    return claim_order(left) < claim_order(right);
  });
  draft.causes.assign(draft.plan.changes.size(), Cause::none);
  draft.ours.assign(draft.plan.changes.size(), false);
  draft.holds = std::move(holds);
  return draft;
}

}  // namespace dirsync::plan
