#include "sync/plan/undo/undo.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "sync/model/text.hpp"
#include "sync/plan/diff/each_target.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/merge.hpp"
#include "sync/plan/undo/take_back.hpp"
#include "sync/plan/undo/undone.hpp"
#include "sync/plan/undo/words.hpp"

namespace dirsync::plan {
namespace {

bool is_about_a_member(Change const& change) {
  return change.verb == Verb::add || change.verb == Verb::remove;
}

/// What becomes of the changes of the run, by position.
struct UndoFindings {
  std::vector<Drafted> drafted;
  std::vector<Undone> undone;
  std::vector<std::optional<Because>> left;
  std::vector<GroupFigures> figures;
};

/// How often the run changed each membership: target, group, person.
class Repeated {
 public:
  explicit Repeated(std::span<PastChange const> changes) {
    for (auto const& past : changes)
      if (is_about_a_member(past.change)) ++counts_[key_of(past.change)];
  }
  bool contains(Change const& change) const {
    auto const found = counts_.find(key_of(change));
    return found != counts_.end() && found->second > 1;
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  static Key key_of(Change const& change) {
    auto const& group = change.group_id;
    return {change.target, group.empty() ? "name " + fold_case(change.group) : group,
            fold_case(change.principal)};
  }
  std::map<Key, int> counts_;
};

std::int64_t held_memberships(Context const& context, TargetGroup const& group) {
  return std::ranges::count_if(context.index.grants(group.id), [&context, &group](Grant const* grant) {
    auto const member = granted_member(context, group, *grant);
    return member.is_there() && member.holds;
  });
}

/// Of all groups of ours, so that the limits know how many memberships there are.
void note_figures(Context const& context, std::vector<GroupFigures>& figures) {
  for (auto const& managed : context.target.managed->groups) {
    auto const* const group = context.index.group(managed.group_id);
    if (group == nullptr) continue;
    GroupFigures one;
    one.target = context.target.name;
    one.group = group->name;
    one.group_id = group->id;
    one.rule = managed.rule;
    one.managed = held_memberships(context, *group);
    figures.push_back(std::move(one));
  }
}

/// The change that would do again what `drafted` takes back.
Undone mark_of(PastChange const& past, Drafted const& drafted, Undoing const& undoing, Time now,
               DirectoryWords& words) {
  Undone mark;
  mark.change = identity_of(is_about_a_member(past.change) ? drafted.change : past.change);
  mark.change.verb = past.change.verb;
  mark.run = undoing.run;
  mark.by = undoing.by;
  mark.said = words.say(mark.change).value_or("");
  mark.since = now;
  return mark;
}

Because nobody_knows(RunId run) {
  return {"unknown-outcome", "nobody knows whether run " + std::to_string(run.value()) +
                                 " did this; look at the group, and at what later runs did there"};
}

void find_in_target(Context const& context, Undoing const& undoing, Repeated const& repeated,
                    UndoFindings& found) {
  DirectoryWords words{context.target, context.desired};
  Leaving leaving;
  auto const note = [&context, &undoing, &words, &leaving, &found](std::size_t at,
                                                                   OrBecause<Drafted> result) {
    if (!result) {
      found.left[at] = result.error();
      return;
    }
    auto const& change = result->change;
    if (change.verb == Verb::remove) leaving[change.group_id].insert(change.principal_id);
    found.undone.push_back(mark_of(undoing.changes[at], *result, undoing, context.input.facts.now, words));
    found.drafted.push_back(*std::move(result));
  };
  auto const of_members = [&context, &undoing](std::size_t at, bool members) {
    auto const& change = undoing.changes[at].change;
    return change.target == context.target.name && is_about_a_member(change) == members;
  };
  for (std::size_t at = 0; at < undoing.changes.size(); ++at) {
    if (!of_members(at, true)) continue;
    auto const& past = undoing.changes[at];
    if (past.outcome == Outcome::unknown)
      note(at, nobody_knows(undoing.run));
    else if (repeated.contains(past.change))
      note(at, Because{"changed-twice", "the run changed this membership more than once"});
    else
      note(at, take_back_membership(context, past, undoing.run));
  }
  for (std::size_t at = 0; at < undoing.changes.size(); ++at) {
    if (!of_members(at, false)) continue;
    auto const& past = undoing.changes[at];
    if (past.outcome == Outcome::unknown)
      note(at, nobody_knows(undoing.run));
    else
      note(at, take_back_group(context, past, undoing.run, leaving));
  }
  note_figures(context, found.figures);
}

/// Of targets that have no part in this run.
void leave_unread(Input const& input, Undoing const& undoing, UndoFindings& found) {
  for (std::size_t at = 0; at < undoing.changes.size(); ++at) {
    auto const& name = undoing.changes[at].change.target;
    if (std::ranges::find(input.targets, name, &TargetInput::name) != input.targets.end()) continue;
    found.left[at] = input.unread_targets.contains(name)
                         ? Because{"unread", "target " + name + " was not read; repeat the undo once it is"}
                         : Because{"no-such-target", "target " + name + " is not configured any more"};
  }
}

Draft without_changes(Draft draft) {
  draft.plan.changes.clear();
  draft.causes.clear();
  draft.ours.clear();
  draft.groups.clear();
  draft.store_updates.clear();
  draft.to_approve.clear();
  draft.holds.clear();
  draft.nothing_read.clear();
  for (auto& [name, target] : draft.plan.targets) target.notices.clear();
  return draft;
}

Reason decision_of(RunId run, std::size_t changes) {
  auto const number = std::to_string(run.value());
  return {.code = "undo",
          .text = "what run " + number +
                  " did is taken back by a person's decision alone; look at it, then let it run with "
                  "`dirsyncd undo " +
                  number + " --approve DIGEST`",
          .target = "",
          .rule = "",
          .group = "",
          .count = static_cast<std::int64_t>(changes),
          .allowed = 0};
}

}  // namespace

Draft draft_undo(Input const& input, Desired const& desired, Undoing const& undoing, Draft ordinary) {
  auto draft = without_changes(std::move(ordinary));
  UndoFindings found;
  found.left.resize(undoing.changes.size());
  Repeated const repeated{undoing.changes};
  AbsenceBook book{input.facts, input.limits.confirm};  // what is asked here is not needed
  std::map<std::string, UnresolvedValues> const no_doubts;
  for_each_target(input, desired, no_doubts, book, [&undoing, &repeated, &found](Context const& context) {
    find_in_target(context, undoing, repeated, found);
  });
  leave_unread(input, undoing, found);

  draft.plan.undoes = undoing.run;
  draft.plan.command = "undo " + std::to_string(undoing.run.value());
  for (std::size_t at = 0; at < undoing.changes.size(); ++at)
    if (auto& why = found.left[at])
      draft.plan.left.push_back({undoing.changes[at].change, std::move(why->code), std::move(why->text)});
  draft.groups = std::move(found.figures);
  count_changes(found.drafted, draft.groups);
  for (auto* one : in_order(found.drafted)) {
    draft.causes.push_back(one->cause);
    draft.ours.push_back(one->ours);
    draft.plan.changes.push_back(std::move(one->change));
  }
  if (!draft.plan.changes.empty()) draft.holds.push_back(decision_of(undoing.run, draft.plan.changes.size()));
  draft.undone = input.facts.undone;
  for (auto& [target, kept] : draft.undone) kept = without(std::move(kept), found.undone);
  for (auto& mark : found.undone) draft.undone[mark.change.target].push_back(std::move(mark));
  return draft;
}

}  // namespace dirsync::plan
