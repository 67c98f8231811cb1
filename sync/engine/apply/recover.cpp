#include "sync/engine/apply/recover.hpp"

#include <algorithm>

#include "sync/engine/apply/fate.hpp"
#include "sync/engine/apply/strangers.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

constexpr char kDone[] = "looked up after an interruption: it was done";
constexpr char kNotDone[] = "looked up after an interruption: it was not done";

/// The id and the name that the target gave to somebody whom it provisioned.
void take_identity(Fate& fate, TargetGroup const& group, Observed const& observed) {
  auto& change = fate.change;
  if (change.verb != Verb::add || (change.domain.empty() && !change.principal_id.empty())) return;
  auto const member = find_member(group, observed, change);
  if (!member) return;
  change.principal = member->name;
  change.principal_id = member->id;
  auto const user = std::ranges::find(observed.users, member->id, &TargetUser::id);
  if (user != observed.users.end()) change.source = user->source;
  fate.words += ", provisioned " + member->name;
}

Fate judged(Change change, TargetGroup const* group, Observed const& observed, Managed const& ours) {
  auto const done = has_happened(change, group, observed);
  if (group != nullptr) change.group_id = group->id;
  Fate fate{.outcome = done ? Outcome::done : Outcome::failed,
            .words = done ? kDone : kNotDone,
            .change = std::move(change),
            .strangers = {}};
  if (group == nullptr) return fate;
  if (done)
    take_identity(fate, *group, observed);
  else if (fate.change.verb == Verb::add && !fate.change.domain.empty())
    fate.strangers = strangers_in(*group, observed, ours, fate.change);
  return fate;
}

/// A list may lack a member for a moment, and what it decides is decided for good: that somebody whom we put
/// there is not ours, or that somebody whom we took out has left.
bool is_settled_by(TargetGroup const& group, Observed const& observed, Change const& change) {
  auto const is_membership = change.verb == Verb::add || change.verb == Verb::remove;
  return !is_membership || holds_member(group, observed, change);
}

Fate of_a_creation(Change change, TargetGroup const* group, Observed const& observed, Managed const& ours) {
  auto const is_anothers = group != nullptr && !change.rule.empty() && !group->marked;
  if (!is_anothers) return judged(std::move(change), group, observed, ours);
  auto words = "looked up after an interruption: there is a group " + group->name +
               " without the mark that dirsyncd gives to the groups that it creates, so that it is not ours; "
               "set adopt = true in rule " +
               change.rule + " to take it over, or rename it in the target";
  return {
      .outcome = Outcome::failed, .words = std::move(words), .change = std::move(change), .strangers = {}};
}

/// The target says that there is no such group, and would say so of one that it only does not show. Another
/// group of that name tells.
bool may_be_out_of_sight(TargetTraits const& traits, Observed const& observed, Change const& change) {
  if (traits.tells_deleted || change.verb == Verb::delete_group) return false;
  return std::ranges::none_of(observed.groups, [&traits, &change](TargetGroup const& group) {
    return traits.group_names_fold_case ? fold_case(group.name) == fold_case(change.group)
                                        : group.name == change.group;
  });
}

Fate of_a_hidden_group(Change change, std::string const& why) {
  return {.outcome = Outcome::unknown,
          .words = "interrupted, and the group can be neither found nor read: " + why,
          .change = std::move(change),
          .strangers = {}};
}

}  // namespace

asio::awaitable<Fate> fate_of(Change change, Target& target, Observed const& observed, Managed const& ours) {
  if (change.verb == Verb::update_group) {
    Fate nobody_knows{.outcome = Outcome::unknown,
                      .words =
                          "interrupted, and no read of a run tells whether it was done: look with "
                          "`dirsyncd console get`",
                      .change = std::move(change),
                      .strangers = {}};
    co_return nobody_knows;
  }
  auto const traits = target.traits();
  auto const* const group = find_group(observed, traits, change);
  if (change.verb == Verb::create_group) co_return of_a_creation(std::move(change), group, observed, ours);
  if (group != nullptr && is_settled_by(*group, observed, change))
    co_return judged(std::move(change), group, observed, ours);
  auto const seen = co_await target.read_group(change.group_id, observed);
  if (!seen && group != nullptr) co_return judged(std::move(change), group, observed, ours);
  if (!seen) co_return of_a_hidden_group(std::move(change), text(seen.error()));
  if (!*seen && may_be_out_of_sight(traits, observed, change))
    co_return of_a_hidden_group(std::move(change),
                                "the target shows none of that id; let the service user see it");
  co_return judged(std::move(change), *seen ? &**seen : nullptr, observed, ours);
}

void overlay(Managed& managed, Change const& change) {
  auto const settled = grant_of(change);
  auto const same = [&settled](Grant const& grant) { return same_membership(grant, settled); };
  if (change.verb == Verb::remove || change.verb == Verb::add) std::erase_if(managed.grants, same);
  if (change.verb == Verb::add) managed.grants.push_back(settled);
  if (change.verb == Verb::create_group && !change.rule.empty())
    managed.groups.push_back({.group_id = change.group_id,
                              .group = change.group,
                              .rule = change.rule,
                              .created_by_us = true,
                              .sources = parts_of(change.id)});
  if (change.verb == Verb::rename_group && !change.rule.empty() && !change.new_name.empty())
    for (auto& group : managed.groups)
      if (group.group_id == change.group_id) group.group = change.new_name;
  if (change.verb == Verb::delete_group) {
    std::erase_if(managed.grants, [&change](auto const& grant) { return grant.group_id == change.group_id; });
    std::erase_if(managed.groups, [&change](auto const& group) { return group.group_id == change.group_id; });
  }
}

}  // namespace dirsync::engine
