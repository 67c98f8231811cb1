#include "sync/engine/apply/order.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::engine {
namespace {

/// Of whom one write tells all. Somebody who is to be made a user has no id yet.
std::string const& member_of(Change const& change) {
  return change.new_user ? change.principal : change.principal_id;
}

/// Users with additions, and with removals that are no revocations.
struct Movers {
  std::set<std::string> with_additions, with_removals;
  bool move(Change const& change) const {
    auto const& member = member_of(change);
    return with_additions.contains(member) && with_removals.contains(member);
  }
};

Movers movers_of(std::span<Settled> changes, TargetTraits const& traits) {
  Movers movers;
  if (!traits.one_write_per_user) return movers;
  for (auto const& settled : changes) {
    auto const& change = settled.change;
    if (change.verb == Verb::add) movers.with_additions.insert(member_of(change));
    if (change.verb == Verb::remove && change.phase != Phase::revocation)
      movers.with_removals.insert(member_of(change));
  }
  return movers;
}

/// Calls of a group are settled by two reads of it, however many they are: so that reads stay few, and few
/// calls wait for them where a group is small.
Chain in_calls(Batch const& newcomers) {
  constexpr std::size_t kFewest = 50, kCalls = 8;
  auto const size = std::max(kFewest, (newcomers.size() + kCalls - 1) / kCalls);
  Chain chain;
  for (std::size_t at = 0; at < newcomers.size(); at += size) {
    auto const end = std::min(at + size, newcomers.size());
    chain.emplace_back(newcomers.begin() + static_cast<std::ptrdiff_t>(at),
                       newcomers.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return chain;
}

/// Takes the first addition of each newcomer out of `changes`.
Step newcomers_of(std::vector<Settled*>& changes) {
  std::set<std::string> seen;
  std::map<std::string, Batch> by_group;
  std::erase_if(changes, [&seen, &by_group](Settled* settled) {
    auto const newcomer = newcomer_of(settled->change);
    if (newcomer.empty() || !seen.insert(newcomer).second) return false;
    by_group[settled->change.group].push_back(settled);
    return true;
  });
  Step step;
  for (auto const& [group, newcomers] : by_group) step.push_back(in_calls(newcomers));
  return step;
}

Step Order::*step_of(Change const& change, Movers const& movers) {
  switch (change.verb) {
    case Verb::create_group:
      return &Order::creations;
    case Verb::rename_group:
    case Verb::update_group:
      return &Order::renames;
    case Verb::delete_group:
      return &Order::deletions;
    case Verb::add:
      return movers.move(change) ? &Order::moves : &Order::additions;
    case Verb::remove:
      break;
    case Verb::adopt:
      DIRSYNC_ASSERT(!"claims are not sent");
  }
  if (change.phase == Phase::revocation) return &Order::revocations;
  return movers.move(change) ? &Order::moves : &Order::removals;
}

}  // namespace

std::string newcomer_of(Change const& change) {
  if (change.verb != Verb::add || change.domain.empty()) return {};
  auto const kind = is_group_principal(change.principal_id) ? "group" : "person";
  return change.id.value() + "\n" + kind + "\n" + change.dn;
}

Order order_of(std::span<Settled> changes, TargetTraits const& traits) {
  constexpr Step Order::*kSteps[] = {&Order::revocations, &Order::creations, &Order::additions, &Order::moves,
                                     &Order::removals,    &Order::renames,   &Order::deletions};
  auto const movers = movers_of(changes, traits);
  std::vector<Settled*> others;
  for (auto& settled : changes) others.push_back(&settled);
  auto newcomers = newcomers_of(others);
  std::vector<std::map<std::string, Chain>> chains(std::size(kSteps));
  for (auto* settled : others) {
    auto const& change = settled->change;
    auto const together = traits.one_write_per_user && is_membership(change);
    auto const step = std::ranges::find(kSteps, step_of(change, movers)) - std::begin(kSteps);
    auto& chain = chains[static_cast<std::size_t>(step)][together ? member_of(change) : change.group];
    if (together && !chain.empty())
      chain.front().push_back(settled);
    else
      chain.push_back({settled});
  }
  Order order;
  order.newcomers = std::move(newcomers);
  for (std::size_t step = 0; step < chains.size(); ++step)
    for (auto& [key, chain] : chains[step]) (order.*kSteps[step]).push_back(std::move(chain));
  return order;
}

}  // namespace dirsync::engine
