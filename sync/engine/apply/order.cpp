#include "sync/engine/apply/order.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "sync/engine/apply/carry_out.hpp"

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
  }
  if (change.phase == Phase::revocation) return &Order::revocations;
  return movers.move(change) ? &Order::moves : &Order::removals;
}

}  // namespace

Order order_of(std::span<Settled> changes, TargetTraits const& traits) {
  constexpr Step Order::*kSteps[] = {&Order::revocations, &Order::creations, &Order::additions, &Order::moves,
                                     &Order::removals,    &Order::renames,   &Order::deletions};
  auto const movers = movers_of(changes, traits);
  std::vector<std::map<std::string, Chain>> chains(std::size(kSteps));
  for (auto& settled : changes) {
    auto const& change = settled.change;
    auto const together = traits.one_write_per_user && is_membership(change);
    auto const step = std::ranges::find(kSteps, step_of(change, movers)) - std::begin(kSteps);
    auto& chain = chains[static_cast<std::size_t>(step)][together ? member_of(change) : change.group];
    if (together && !chain.empty())
      chain.front().push_back(&settled);
    else
      chain.push_back({&settled});
  }
  Order order;
  for (std::size_t step = 0; step < chains.size(); ++step)
    for (auto& [key, chain] : chains[step]) (order.*kSteps[step]).push_back(std::move(chain));
  return order;
}

}  // namespace dirsync::engine
