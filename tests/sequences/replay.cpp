#include "tests/sequences/replay.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dirsync::sequences {
namespace {

Members different(Members const& one, Members const& other) {
  Members difference;
  std::ranges::set_symmetric_difference(one, other, std::inserter(difference, difference.end()));
  return difference;
}

bool is_about_a_member(Change const& change) {
  return change.verb == Verb::add || change.verb == Verb::remove;
}

}  // namespace

std::string to_text(Member const& member) {
  return member.target + ": " + member.user + " in group " + member.group_id;
}

Members members_of(World& world) {
  Members members;
  for (auto const* name : {"vault", "console"}) {
    auto const& observed = world.world_of(name).observed;
    for (auto const& group : observed.groups)
      for (auto const user : group.users) members.insert({name, group.id, observed.users[user].name});
  }
  return members;
}

Member member_of(World& world, Change const& change) {
  auto group_id = change.group_id;
  if (group_id.empty())
    if (auto const* const made = world.world_of(change.target).find_group(change.group)) group_id = made->id;
  return {change.target, group_id, change.principal};
}

void Replay::note_deed() {
  auto now = members_of(world_);
  auto const changed = different(last_, now);
  by_hand_.insert(changed.begin(), changed.end());
  unclear_.insert(changed.begin(), changed.end());
  last_ = std::move(now);
}

Instant const& Replay::run() {
  Instant instant;
  instant.before = last_;
  instant.attempt = world_.run();
  instant.after = members_of(world_);
  for (auto const& [change, took_effect] : instant.attempt.sent) {
    if (!is_about_a_member(change)) continue;
    auto const member = member_of(world_, change);
    auto const is_there = instant.after.contains(member);
    if (change.verb == Verb::remove && !is_there) ours_.erase(member);
    if (change.verb == Verb::add && took_effect && is_there) ours_.insert(member);
  }
  if (instant.attempt.report)
    for (auto const& [change, outcome, detail, delay] : instant.attempt.report->outcomes)
      if (outcome == Outcome::unknown && is_about_a_member(change))
        unclear_.insert(member_of(world_, change));
  instant.by_hand = std::exchange(by_hand_, {});
  instant.ours = ours_;
  instant.unclear = unclear_;
  last_ = instant.after;
  instants_.push_back(std::move(instant));
  return instants_.back();
}

Members Replay::changed_between(std::size_t run, std::size_t later) const {
  Members changed;
  for (auto at = run + 1; at <= later; ++at) {
    auto const& by_hand = instants_[at].by_hand;
    changed.insert(by_hand.begin(), by_hand.end());
    if (at == later) break;
    changed.merge(different(instants_[at].before, instants_[at].after));
    for (auto const& [change, took_effect] : instants_[at].attempt.sent)
      if (is_about_a_member(change)) changed.insert(member_of(world_, change));
  }
  return changed;
}

}  // namespace dirsync::sequences
