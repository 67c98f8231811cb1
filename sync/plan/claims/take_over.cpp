#include "sync/plan/claims/take_over.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "sync/model/quoted_word.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/collision.hpp"
#include "sync/plan/diff/target_index.hpp"

namespace dirsync::plan {
namespace {

/// Notices that say why nothing may be done to a group.
constexpr std::array<std::string_view, 8> kObstacles{"ambiguous",    "protected",       "unaddressable",
                                                     "damaged",      "directory-group", "rule-conflict",
                                                     "refused-name", "case-differs"};

bool is_asked_for(TakeOver const& asked, DesiredGroup const& desired) {
  auto const is_of_rule = [&asked](SourceTree const& tree) { return tree.rule->name == asked.rule; };
  return (asked.rule.empty() || std::ranges::any_of(desired.trees, is_of_rule)) &&
         (asked.group.empty() || fold_case(asked.group) == fold_case(desired.name));
}

/// Takes over in one target.
class Taker {
 public:
  Taker(TargetInput const& target, Draft const& draft, TakeOver const& asked, Claiming& claiming)
      : target_(target),
        draft_(draft),
        updates_(draft.store_updates.at(target.name)),
        asked_(asked),
        index_(target),
        claiming_(claiming) {}

  void take(DesiredGroup const& desired) {
    auto const bearers = index_.groups_named(desired.name);
    if (bearers.empty()) return tell_missing(desired);
    auto const fresh = std::ranges::find_if(updates_.adopt_groups, [&bearers](ManagedGroup const& group) {
      return std::ranges::find(bearers, group.group_id, &TargetGroup::id) != bearers.end();
    });
    if (fresh != updates_.adopt_groups.end()) return take_group(desired, *fresh);
    for (auto const* bearer : bearers)
      if (index_.managed(bearer->id) != nullptr) return take_members(desired, *bearer);
    if (!asked_.only_marked || bearers.front()->marked) refuse_group(desired, *bearers.front());
  }

  void refuse_disputed(DisputedGroup const& disputed) {
    for (auto const* bearer : index_.groups_named(disputed.group.name))
      if (index_.managed(bearer->id) == nullptr && (!asked_.only_marked || bearer->marked))
        refuse(claiming_, target_.name, *bearer, disputed.group.rule().name,
               {disputed.why.code, disputed.why.text});
  }

  /// Groups of ours that no rule feeds any more: nobody can tell which one did.
  void tell_marked_without_rule(Desired const& desired) {
    for (auto const& group : target_.observed->groups) {
      auto const key = group_key(target_.traits.group_names_fold_case, group.name);
      if (!group.marked || index_.managed(group.id) != nullptr || is_wanted(desired, key)) continue;
      tell(group.name, "", "orphaned",
           group.name + " bears the mark of dirsyncd, and no rule feeds it; it is left as it is");
    }
  }

 private:
  bool is_wanted(Desired const& desired, std::string const& key) const {
    auto const disputed = desired.disputed.find(target_.name);
    return desired.find(target_.name, key) != nullptr ||
           (disputed != desired.disputed.end() && disputed->second.contains(key));
  }

  void tell(std::string const& group, std::string const& principal, char const* code, std::string text) {
    claiming_.notices[target_.name].insert(
        {.code = code, .group = group, .principal = principal, .text = std::move(text)});
  }

  void tell_missing(DesiredGroup const& desired) {
    if (asked_.only_marked) return;
    tell(desired.name, "", "missing-group",
         "no group " + desired.name + " in the target: there is nothing to take over");
  }

  void take_group(DesiredGroup const& desired, ManagedGroup group) {
    auto const* const have = index_.group(group.group_id);
    if (have == nullptr) return;
    if (asked_.only_marked && !have->marked)
      return tell(have->name, "", "not-ours",
                  have->name + " does not bear the mark of dirsyncd; `dirsyncd adopt --group " +
                      quoted_word(have->name) + "` takes it over if it is to be taken over");
    group.created_by_us = asked_.only_marked;
    auto const sources = source_names(desired);
    claim(claiming_, target_.name, std::move(group),
          {sources, asked_.only_marked ? "bears the mark of dirsyncd" : "exists"});
    take_members(desired, *have);
  }

  void take_members(DesiredGroup const& desired, TargetGroup const& have) {
    auto const sources = source_names(desired);
    auto const before = claiming_.changes.size();
    for (auto const& grant : updates_.adopt_grants)
      if (grant.group_id == have.id && !is_ours(grant))
        claim(claiming_, target_.name, grant, {sources, "is a member, and wanted"});
    if (asked_.all_members) take_unwanted(desired, have);
    if (claiming_.changes.size() == before && index_.managed(have.id) != nullptr && !asked_.only_marked)
      tell(have.name, "", "ours-already",
           have.name + " is dirsyncd's already, by rule " + index_.managed(have.id)->rule +
               ", and no further member can be taken over");
    tell_foreign(have);
  }

  bool is_unwanted(std::size_t at) const {
    auto const& change = draft_.plan.changes[at];
    auto const cause = draft_.causes[at];
    return change.verb == Verb::remove && !draft_.ours[at] && !change.blocked &&
           !is_group_principal(change.principal_id) &&
           (cause == Cause::foreign || cause == Cause::disabled || cause == Cause::locked);
  }

  /// Those whom foreign_members = "remove" would take out, and no others.
  void take_unwanted(DesiredGroup const& desired, TargetGroup const& have) {
    for (std::size_t at = 0; at < draft_.plan.changes.size(); ++at) {
      auto const& change = draft_.plan.changes[at];
      if (change.target != target_.name || change.group_id != have.id || !is_unwanted(at)) continue;
      if (change.id.value().empty()) {
        tell(have.name, change.principal, "unknown-person",
             change.principal + " is a member of " + have.name +
                 ", and no person who was read has the DN: nobody can tell who that is. Left as it is");
        continue;
      }
      claim(claiming_, target_.name, grant_of(change),
            {source_names(desired), "is a member, and not wanted: the next run takes them out"});
    }
  }

  /// Who stays foreign.
  void tell_foreign(TargetGroup const& have) {
    for (auto const& notice : draft_.plan.targets.at(target_.name).notices)
      if (notice.code == "foreign" && notice.group == have.name)
        claiming_.notices[target_.name].insert(notice);
  }

  void refuse_group(DesiredGroup const& desired, TargetGroup const& have) {
    Obstacle why{"refused", "it cannot be taken over; `dirsyncd plan --group " + quoted_word(have.name) +
                                "` says what is in the way"};
    for (auto const& notice : draft_.plan.targets.at(target_.name).notices) {
      if (!notice.principal.empty() || fold_case(notice.group) != fold_case(have.name) ||
          std::ranges::find(kObstacles, notice.code) == kObstacles.end())
        continue;
      why = {notice.code, notice.text};
      break;
    }
    refuse(claiming_, target_.name, have, desired.rule().name, std::move(why));
  }

  bool is_ours(Grant const& grant) const {
    return std::ranges::any_of(index_.grants(grant.group_id),
                               [&grant](Grant const* one) { return same_membership(*one, grant); });
  }

  TargetInput const& target_;
  Draft const& draft_;
  StoreUpdates const& updates_;
  TakeOver const& asked_;
  TargetIndex const index_;
  Claiming& claiming_;
};

template <class Groups, class Do>
void for_asked(Groups const& groups, std::string const& target, Do const& act) {
  auto const found = groups.find(target);
  if (found == groups.end()) return;
  for (auto const& [key, group] : found->second) act(group);
}

}  // namespace

void let_adopt(std::vector<Rule>& rules, TakeOver const& asked) {
  for (auto& rule : rules) {
    rule.adopt = true;
    if (asked.all_members) rule.foreign_members = ForeignMembers::remove;
  }
}

Claiming take_over(Input const& input, Desired const& desired, Draft const& draft, TakeOver const& asked) {
  Claiming claiming;
  for (auto const& target : input.targets) {
    Taker taker{target, draft, asked, claiming};
    for_asked(desired.groups, target.name, [&taker, &asked](DesiredGroup const& group) {
      if (is_asked_for(asked, group)) taker.take(group);
    });
    for_asked(desired.disputed, target.name, [&taker, &asked](DisputedGroup const& one) {
      if (is_asked_for(asked, one.group)) taker.refuse_disputed(one);
    });
    if (asked.only_marked) taker.tell_marked_without_rule(desired);
  }
  return claiming;
}

std::vector<std::string> fed_by_no_rule(Input const& input, Desired const& desired, TakeOver const& asked) {
  std::vector<std::string> unknown;
  if (asked.group.empty() || !input.unread_targets.empty() || !input.unread_directories.empty())
    return unknown;
  auto is_fed = false;
  for (auto const& target : input.targets) {
    for_asked(desired.groups, target.name, [&is_fed, &asked](DesiredGroup const& group) {
      is_fed = is_fed || is_asked_for(asked, group);
    });
    for_asked(desired.disputed, target.name, [&is_fed, &asked](DisputedGroup const& one) {
      is_fed = is_fed || is_asked_for(asked, one.group);
    });
  }
  if (!is_fed)
    unknown.push_back((asked.rule.empty() ? "no rule" : "rule " + asked.rule + " does not") +
                      (asked.rule.empty() ? std::string{" gives"} : std::string{" give"}) +
                      " a target group the name \"" + printable(asked.group) +
                      "\"; only groups that a rule feeds can be taken over");
  return unknown;
}

}  // namespace dirsync::plan
