#include "daemon/cli/report/review.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "sync/model/freeze.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

using GroupKey = std::pair<std::string, std::string>;  // target, id

/// DNs of directory groups, by id.
Result<std::map<EntryId, std::string>> dns_of(store::Store& store, std::set<EntryId> const& ids) {
  std::map<EntryId, std::string> dns;
  std::vector<EntryId> const wanted{ids.begin(), ids.end()};
  if (wanted.empty()) return dns;
  auto const directories = store.known_directories();
  if (!directories) return directories.error();
  for (auto const& directory : *directories) {
    auto const known = store.known_by_id(directory, wanted);
    if (!known) return known.error();
    for (auto const& entry : *known) dns.insert_or_assign(entry.id, entry.dn);
  }
  return dns;
}

/// What feeds the managed groups, and who owns that.
Result<void> add_sources(store::Store& store, std::map<GroupKey, ManagedGroup> const& managed,
                         std::vector<ReviewedGroup>& groups) {
  std::set<EntryId> ids;
  for (auto const& [key, group] : managed) ids.insert(group.sources.begin(), group.sources.end());
  auto const dns = dns_of(store, ids);
  if (!dns) return dns.error();
  auto const owners = store.group_owners();
  if (!owners) return owners.error();
  for (auto& group : groups) {
    auto const found = managed.find({group.target, group.id});
    if (found == managed.end()) continue;
    std::set<std::string> sources, owned_by;
    for (auto const& source : found->second.sources) {
      auto const dn = dns->find(source);
      sources.insert(dn == dns->end() ? source.value() : dn->second);
      if (auto const own = owners->find(source); own != owners->end())
        owned_by.insert(own->second.begin(), own->second.end());
    }
    group.sources.assign(sources.begin(), sources.end());
    group.owners.assign(owned_by.begin(), owned_by.end());
  }
  return {};
}

/// Whether somebody was in it at the time, because of dirsyncd.
Result<bool> has_members(store::Intervals const& intervals, store::HeldGroup const& group,
                         std::optional<Time> at) {
  auto const members = intervals.members(group.number, at);
  if (!members) return members.error();
  return !members->empty();
}

/// Groups that are ours now, and those that had members then.
Result<std::vector<ReviewedGroup>> groups_of(store::Store& store, std::optional<Time> at,
                                             std::map<GroupKey, ManagedGroup> managed) {
  auto const intervals = store.intervals();
  auto const held = intervals.groups("", at);
  if (!held) return held.error();
  // A group that was deleted and made again is the last one.
  std::map<GroupKey, std::int64_t> last;
  for (auto const& group : *held) {
    auto& number = last[{group.target, group.id}];
    number = std::max(number, group.number);
  }
  std::vector<ReviewedGroup> groups;
  for (auto const& group : *held) {
    GroupKey const key{group.target, group.id};
    auto const is_ours_now = group.is_managed && !at && last.at(key) == group.number;
    if (is_ours_now) managed.erase(key);
    auto const shown = is_ours_now ? Result<bool>{true} : has_members(intervals, group, at);
    if (!shown) return shown.error();
    if (!*shown) continue;
    groups.push_back({.target = group.target,
                      .name = group.name,
                      .id = group.id,
                      .is_managed = group.is_managed,
                      .sources = {},
                      .owners = {},
                      .foreign = {},
                      .number = group.number});
  }
  if (at) return groups;
  for (auto const& [key, group] : managed)
    groups.push_back({.target = key.first,
                      .name = group.group,
                      .id = group.group_id,
                      .is_managed = true,
                      .sources = {},
                      .owners = {},
                      .foreign = {}});
  for (auto& group : groups) {
    auto foreign = intervals.foreign(group.target, group.id);
    if (!foreign) return foreign.error();
    group.foreign = *std::move(foreign);
  }
  return groups;
}

/// What is kept of the present alone.
Result<void> add_present(store::Store& store, Review& review) {
  auto const states = store.target_states();
  if (!states) return states.error();
  for (auto const& [target, state] : *states) {
    if (!state.waiting.empty()) review.waiting.emplace(target, state.waiting);
    auto blocked = store.blocked(target);
    if (!blocked) return blocked.error();
    std::ranges::move(*blocked, std::back_inserter(review.blocked));
  }
  auto set_aside = store.all_set_aside();
  if (!set_aside) return set_aside.error();
  review.set_aside = *std::move(set_aside);
  return {};
}

Result<void> add_frozen(store::Store& store, Review& review) {
  auto freezes = store.freezes();
  if (!freezes) return freezes.error();
  for (auto const& freeze : in_force(*std::move(freezes), review.made))
    review.frozen.push_back({freeze.target, text(freeze)});
  return {};
}

}  // namespace

Result<Review> review_of(store::Store& store, std::optional<Time> at, Time made) {
  Review review;
  review.made = made;
  review.at = at;
  auto const run = store.last_run(at);
  if (!run) return run.error();
  if (*run) {
    review.run = (*run)->id;
    review.run_finished = (*run)->finished;
  }
  auto const by_target = store.managed_groups();
  if (!by_target) return by_target.error();
  std::map<GroupKey, ManagedGroup> managed;
  for (auto const& [target, groups] : *by_target)
    for (auto const& group : groups) managed.emplace(GroupKey{target, group.group_id}, group);
  auto groups = groups_of(store, at, managed);
  if (!groups) return groups.error();
  review.groups = *std::move(groups);
  if (auto const added = add_sources(store, managed, review.groups); !added) return added.error();
  std::ranges::stable_sort(review.groups, {}, [](ReviewedGroup const& group) {
    return std::tuple{group.owners.empty(), group.owners, group.target, fold_case(group.name), group.number};
  });
  if (at) return review;
  if (auto const added = add_present(store, review); !added) return added.error();
  if (auto const added = add_frozen(store, review); !added) return added.error();
  return review;
}

Result<Approvals> Approvals::of(store::Store& store) {
  auto by_plan = store.approvals();
  if (!by_plan) return by_plan.error();
  Approvals approvals;
  approvals.by_plan_ = *std::move(by_plan);
  return approvals;
}

std::optional<Approval> Approvals::find(std::string const& plan, std::optional<Time> used) const {
  auto const found = by_plan_.find(plan);
  if (plan.empty() || found == by_plan_.end()) return std::nullopt;
  auto const given = used_approvals(found->second, used);
  if (given.empty()) return std::nullopt;
  return Approval{givers_of(given), given.back().at};
}

Result<std::vector<ReviewedMember>> members_of(store::Store& store, ReviewedGroup const& group,
                                               std::optional<Time> at, Approvals const& approvals) {
  std::vector<ReviewedMember> members;
  if (group.number == 0) return members;
  auto const held = store.intervals().members(group.number, at);
  if (!held) return held.error();
  for (auto const& one : *held)
    members.push_back({.principal = one.principal,
                       .dn = one.dn,
                       .id = one.id,
                       .rule = one.rule,
                       .path = one.path,
                       .since = one.since,
                       .verb = store::verb_text(one.beginning),
                       .run = one.began_run,
                       .plan = one.began_plan,
                       .actor = one.began_actor,
                       .approved = approvals.find(one.began_plan, one.began)});
  return members;
}

}  // namespace dirsync::cli
