#include "tests/sequences/ledger.hpp"

#include <algorithm>

namespace dirsync::sequences {

void Ledger::note_edits(World& world) {
  for (auto const& key : world.by_hand)
    if (auto const known = memberships.find(key); known != memberships.end()) known->second.certain = false;
  world.by_hand.clear();
}

void Ledger::note_call(World& world, Attempt const& attempt, Sent const& sent) {
  auto const& change = sent.change;
  auto& there = world.world_of(change.target);
  if (change.verb == Verb::create_group) {
    auto const& before = attempt.before.at(change.target).observed.groups;
    if (std::ranges::find(before, change.group, &TargetGroup::name) != before.end()) return;
    auto const* const made = there.find_group(change.group);
    if (!sent.took_effect || made == nullptr || !made->marked) return;
    auto& ours = groups[change.target][made->id];
    ours = {.name = change.group, .sources = {}, .rule = change.rule, .created = true};
    for (auto const& source : parts_of(change.id)) ours.sources.insert(source.value());
    return;
  }
  if (change.verb == Verb::rename_group && sent.took_effect)
    groups[change.target][change.group_id].name = change.new_name;
  auto group_id = change.group_id;
  if (group_id.empty())
    if (auto const* const made = there.find_group(change.group)) group_id = made->id;
  auto const user = user_of(there, change);
  auto const key = membership(change.target, group_id, user);
  auto const is_member = holds(there, group_id, user);
  if (change.verb == Verb::remove && !is_member) memberships.erase(key);
  if (change.verb != Verb::add || !sent.took_effect || !is_member) return;
  memberships[key] = {.target = change.target,
                      .group_id = group_id,
                      .user_id = user,
                      .person = change.id.value(),
                      .interrupted = !attempt.report};
  ever.insert(key);
}

/// The target did not show it to the run that looked what became of it, which told so: from then on it is
/// somebody else's, mark or not, and a person must decide.
void Ledger::disown(World& world, std::string const& target, std::string const& name) {
  if (auto const* const group = world.world_of(target).find_group(name)) groups[target].erase(group->id);
}

void Ledger::note_adoptions(World& world, Attempt const& attempt) {
  auto const& audit = world.plant.journal.audit;
  for (; rows_ < audit.size(); ++rows_) {
    auto const& row = audit[rows_];
    if (row.phase == "recovered" && row.verb == "create-group" && row.result == "failed")
      disown(world, row.target, row.group);
    if (row.verb != "adopt") continue;
    auto before = attempt.before.at(row.target);
    auto const* const group = before.find_group(row.group);
    if (group == nullptr) continue;
    groups[row.target].try_emplace(group->id).first->second.name = row.group;
    auto const* const user = row.principal.empty() ? nullptr : before.find_user(row.principal);
    if (user == nullptr) continue;
    auto const key = membership(row.target, group->id, user->id);
    memberships[key] = {.target = row.target, .group_id = group->id, .user_id = user->id, .person = row.id};
    ever.insert(key);
  }
}

/// A target that lies and cannot be read back: the report says that nobody knows.
void Ledger::note_unverified(World& world, std::span<Settled const> outcomes) {
  for (auto const& [change, outcome, detail, delay] : outcomes) {
    auto const user = user_of(world.world_of(change.target), change);
    auto const known = memberships.find(membership(change.target, change.group_id, user));
    if (known != memberships.end() && detail.find("unverified") != detail.npos) known->second.certain = false;
  }
}

/// Where a deletion could not be read back and the target lied about it, the group is somebody else's from
/// then on.
void Ledger::note_deletions(World& world, std::span<Settled const> outcomes) {
  for (auto const& [change, outcome, detail, delay] : outcomes)
    if (change.verb == Verb::delete_group && is_success(outcome) && detail.find("unverified") != detail.npos)
      if (find_group_by_id(world.world_of(change.target), change.group_id) != nullptr)
        groups[change.target].erase(change.group_id);
}

void Ledger::note(World& world, Attempt const& attempt) {
  note_adoptions(world, attempt);
  for (auto const& sent : attempt.sent) note_call(world, attempt, sent);
  if (!attempt.report) return;
  note_unverified(world, attempt.report->outcomes);
  note_deletions(world, attempt.report->outcomes);
}

Wish const* Ledger::wish_of(Wishes const& wishes, std::string const& target, std::string const& group_id,
                            std::string const& name) const {
  if (auto const named = wishes.find(name); named != wishes.end()) return &named->second;
  auto const of_target = groups.find(target);
  if (of_target == groups.end()) return nullptr;
  auto const ours = of_target->second.find(group_id);
  if (ours == of_target->second.end()) return nullptr;
  for (auto const& [wished, wish] : wishes)
    for (auto const& source : wish.sources)
      if (wish.rule == ours->second.rule && ours->second.sources.contains(source)) return &wish;
  return nullptr;
}

}  // namespace dirsync::sequences
