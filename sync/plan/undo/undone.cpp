#include "sync/plan/undo/undone.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/undo/words.hpp"

namespace dirsync::plan {
namespace {

bool is_about_members(Change const& change) {
  return change.verb == Verb::add || change.verb == Verb::remove;
}

/// Texts one of which two changes of one membership, or one group, have in common: by ids as far as both have
/// them, else by names. Without the verb.
std::vector<std::string> keys_of(Change const& change) {
  std::vector<std::string> groups{"name " + fold_case(change.group)};
  if (!change.group_id.empty()) groups.push_back("id " + change.group_id);
  if (!is_about_members(change)) return groups;
  std::vector<std::string> members;
  if (!change.id.value().empty())
    for (auto const& id : parts_of(change.id)) members.push_back("id " + id.value());
  if (members.empty()) members.push_back("name " + fold_case(change.principal));
  std::vector<std::string> keys;
  for (auto const& group : groups)
    for (auto const& member : members) keys.push_back(group + "\n" + member);
  return keys;
}

/// Memberships of ours in one target, by id and by name of the member.
std::unordered_set<std::string> our_members(Managed const& managed) {
  std::unordered_set<std::string> members;
  for (auto const& grant : managed.grants) {
    if (!grant.principal_id.empty()) members.insert(grant.group_id + "\nid " + grant.principal_id);
    members.insert(grant.group_id + "\nname " + fold_case(grant.principal));
  }
  return members;
}

/// Whether the target is as if nobody had taken the change back.
class DoneAgain {
 public:
  explicit DoneAgain(TargetInput const& target) : target_(target), members_(our_members(*target.managed)) {}
  bool operator()(Change const& change) const {
    if (!is_about_members(change)) return is_group_so(change);
    auto const is_member = members_.contains(change.group_id + "\nid " + change.principal_id) ||
                           members_.contains(change.group_id + "\nname " + fold_case(change.principal));
    return is_member == (change.verb == Verb::add);
  }

 private:
  bool is_group_so(Change const& change) const {
    auto const folds_case = target_.traits.group_names_fold_case;
    auto const is_named = [folds_case](std::string const& name) {
      return [folds_case, key = group_key(folds_case, name)](ManagedGroup const& group) {
        return group_key(folds_case, group.group) == key;
      };
    };
    auto const& name = change.verb == Verb::rename_group ? change.new_name : change.group;
    auto const is_there = std::ranges::any_of(target_.managed->groups, is_named(name));
    return is_there == (change.verb != Verb::delete_group);
  }

  TargetInput const& target_;
  std::unordered_set<std::string> members_;
};

/// Keeps what still counts.
std::vector<Undone> still_undone(TargetInput const& target, Desired const& desired,
                                 std::vector<Undone> const& before) {
  DirectoryWords words{target, desired};
  DoneAgain const is_done_again{target};
  std::vector<Undone> kept;
  for (auto const& one : before) {
    auto const says = words.say(one.change);
    if (says && (*says != one.said || is_done_again(one.change))) continue;
    kept.push_back(one);
  }
  return kept;
}

using ByKey = std::unordered_map<std::string, std::vector<Undone const*>>;

Undone const* find_redone(ByKey const& undone, Change const& change) {
  for (auto const& key : keys_of(change)) {
    auto const found = undone.find(key);
    if (found == undone.end()) continue;
    for (auto const* one : found->second)
      if (one->change.verb == change.verb) return one;
  }
  return nullptr;
}

struct Redone {
  std::int64_t count = 0;
  std::set<RunId> undos;
};

Reason reason_of(std::string const& target, Redone const& redone) {
  std::string undos;
  for (auto const& run : redone.undos) undos += (undos.empty() ? "" : ", ") + std::to_string(run.value());
  return {
      .code = "undone",
      .text = std::to_string(redone.count) + (redone.count == 1 ? " change" : " changes") +
              " would do again what was taken back by run " + undos +
              ", as the directory still says so; approve the plan if that is to be done again, or correct "
              "the directory",
      .target = target,
      .rule = "",
      .group = "",
      .count = redone.count,
      .allowed = 0};
}

}  // namespace

Change identity_of(Change const& change) {
  Change same;
  same.target = change.target;
  same.verb = change.verb;
  same.group = change.group;
  same.group_id = change.group_id;
  same.principal = change.principal;
  same.principal_id = change.principal_id;
  same.dn = change.dn;
  same.id = change.id;
  same.rule = change.rule;
  same.new_name = change.new_name;
  return same;
}

std::vector<Undone> without(std::vector<Undone> kept, std::vector<Undone> const& changes) {
  std::set<std::string> keys;
  for (auto const& one : changes)
    for (auto const& key : keys_of(one.change)) keys.insert(key);
  std::erase_if(kept, [&keys](Undone const& one) {
    return std::ranges::any_of(keys_of(one.change),
                               [&keys](std::string const& key) { return keys.contains(key); });
  });
  return kept;
}

void hold_undone(Input const& input, Desired const& desired, Draft& draft) {
  draft.undone = input.facts.undone;  // those of targets without a part in this run stay
  for (auto const& target : input.targets) {
    auto const before = input.facts.undone.find(target.name);
    if (before == input.facts.undone.end() || before->second.empty()) continue;
    auto& kept = draft.undone[target.name];
    kept = still_undone(target, desired, before->second);
    ByKey by_key;
    for (auto const& one : kept)
      for (auto const& key : keys_of(one.change)) by_key[key].push_back(&one);
    Redone redone;
    auto const& changes = draft.plan.changes;
    for (std::size_t at = 0; at < changes.size(); ++at) {
      auto const cause = draft.causes[at];
      if (changes[at].target != target.name || !is_to_send(changes[at])) continue;
      if (cause == Cause::gone || cause == Cause::disabled) continue;
      auto const* const found = find_redone(by_key, changes[at]);
      if (found == nullptr) continue;
      ++redone.count;
      redone.undos.insert(found->by);
    }
    if (redone.count > 0) draft.holds.push_back(reason_of(target.name, redone));
  }
}

}  // namespace dirsync::plan
