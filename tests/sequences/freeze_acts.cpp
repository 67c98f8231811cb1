// What people stop for a while, and what they have tried again.
#include <algorithm>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

std::string freeze(World& world, Dice& dice) {
  constexpr char const* kTargets[] = {"", "", "vault", "console"};
  Freeze one{.target = kTargets[dice.below(4)],
             .removals_alone = dice.chance(2),
             .reason = "an audit",
             .actor = "chief",
             .since = world.plant.clock.time};
  if (dice.chance(3)) one.until = world.plant.clock.time + std::chrono::hours{1};
  auto& frozen = world.plant.journal.frozen;
  std::erase_if(frozen, [&one](Freeze const& other) { return other.target == one.target; });
  frozen.push_back(one);
  std::ranges::sort(frozen, {}, &Freeze::target);
  return "freeze: " + text(one);
}

std::string thaw(World& world, Dice& dice) {
  auto& frozen = world.plant.journal.frozen;
  if (frozen.empty()) return "";
  auto const target = dice.pick(frozen).target;
  std::erase_if(frozen, [&target](Freeze const& one) { return one.target == target; });
  return "thaw " + (target.empty() ? std::string{"all targets"} : target);
}

/// By the daemon, as every other run tries what was set aside unasked.
std::string retry(World& world, Dice&) {
  std::size_t count = 0;
  for (auto const* target : {"vault", "console"}) {
    auto objects = world.plant.journal.set_aside(target).value();
    for (auto& object : objects) object.next_try = world.plant.clock.time;
    count += objects.size();
    if (!objects.empty()) (void)world.plant.journal.replace_set_aside(target, objects);
  }
  if (count == 0) return "";
  world.now.retried = world.now.by_daemon = true;
  return "retry of " + std::to_string(count) + ", and the daemon runs";
}

constexpr Act kActs[] = {{4, freeze}, {4, thaw}, {3, retry}};

}  // namespace

std::span<Act const> freeze_acts() { return kActs; }

}  // namespace dirsync::sequences
