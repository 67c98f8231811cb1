#include "sync/plan/judge/cut.hpp"

#include <algorithm>
#include <set>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/judge/digest.hpp"
#include "sync/plan/judge/verdicts.hpp"

namespace dirsync::plan {
namespace {

/// A cut, ready for comparing.
class Selector {
 public:
  explicit Selector(Cut const& cut)
      : rule_(cut.rule),
        group_(fold_case(cut.group)),
        user_(fold_case(cut.user)),
        user_dn_(normalized_dn(cut.user)) {}
  bool fits(std::string const& rule, std::string const& group) const {
    return (rule_.empty() || rule == rule_) && (group_.empty() || fold_case(group) == group_);
  }
  bool fits_user(std::string const& principal, EntryId const& id, std::string const& dn) const {
    auto const is_user = [this](EntryId const& one) { return fold_case(one.value()) == user_; };
    return user_.empty() || fold_case(principal) == user_ || is_user(id) ||
           std::ranges::any_of(parts_of(id), is_user) || (user_dn_ && normalized_dn(dn) == user_dn_);
  }
  bool fits(Change const& change) const {
    return fits(change.rule, change.group) && fits_user(change.principal, change.id, change.dn);
  }

 private:
  std::string rule_, group_, user_;
  std::optional<std::string> user_dn_;
};

}  // namespace

Plan cut(Plan plan, Cut const& cut) {
  if (cut.empty()) return plan;
  Selector const selector{cut};
  std::set<std::pair<std::string, std::string>> needed;  // groups to create
  for (auto const& change : plan.changes)
    if (change.verb == Verb::add && change.group_id.empty() && selector.fits(change))
      needed.emplace(change.target, change.group);
  std::erase_if(plan.changes, [&selector, &needed](Change const& change) {
    auto const is_needed =
        change.verb == Verb::create_group && needed.contains({change.target, change.group});
    return !is_needed && !selector.fits(change);
  });
  // What is amiss elsewhere is shown, and is no failure of this part.
  auto const spare = [&selector](std::vector<Reason>& reasons) {
    for (auto& reason : reasons)
      if (reason.fails && !reason.rule.empty() && !selector.fits(reason.rule, reason.group))
        reason.fails = false;
  };
  spare(plan.reasons);
  for (auto& [name, target] : plan.targets) spare(target.reasons);
  // A freeze that keeps nothing of this part back is of no matter to it.
  std::erase_if(plan.freezes, [&plan](Freeze const& freeze) {
    return std::ranges::none_of(
        plan.changes, [&freeze](Change const& change) { return change.frozen && stops(freeze, change); });
  });
  if (plan.rehearsal)
    std::erase_if(plan.rehearsal->only_old,
                  [&selector](Change const& change) { return !selector.fits(change); });
  number(plan);
  settle_verdicts(plan);
  return plan;
}

StoreUpdates cut(StoreUpdates updates, Cut const& cut) {
  if (cut.empty()) return updates;
  Selector const selector{cut};
  auto const other_group = [&selector](ManagedGroup const& group) {
    return !selector.fits(group.rule, group.group);
  };
  auto const other_grant = [&selector](Grant const& grant) {
    return !selector.fits(grant.rule, grant.group) ||
           !selector.fits_user(grant.principal, grant.id, grant.dn);
  };
  std::erase_if(updates.adopt_groups, other_group);
  std::erase_if(updates.update_groups, other_group);
  std::erase_if(updates.adopt_grants, other_grant);
  std::erase_if(updates.forget, other_grant);
  return updates;
}

}  // namespace dirsync::plan
