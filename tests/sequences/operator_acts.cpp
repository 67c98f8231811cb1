// What people do with the program, and with its configuration.
#include <algorithm>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

std::optional<StoredPlan> waiting(World& world) {
  auto const held = world.plant.journal.held_plans();
  for (auto const& plan : *held)
    if (plan.directory.empty()) return plan;
  return std::nullopt;
}

std::string approve(World& world, Dice& dice) {
  auto const plan = waiting(world);
  if (!plan) return "";
  if (dice.chance(2)) {
    world.now.approve = plan->digest;
    return "sync --approve " + plan->digest.value().substr(0, 8);
  }
  world.approved.insert(plan->digest);
  (void)world.plant.journal.decide_plan(
      {.digest = plan->digest, .actor = "chief", .time = world.plant.clock.time});
  return "approve " + plan->digest.value().substr(0, 8);
}

std::string approve_old(World& world, Dice& dice) {
  if (world.digests.empty()) return "";
  auto const& digest = dice.pick(world.digests);
  world.now.approve = digest;
  return "sync --approve " + digest.value().substr(0, 8) + ", an old one perhaps";
}

std::string reject(World& world, Dice&) {
  auto const plan = waiting(world);
  if (!plan) return "";
  (void)world.plant.journal.decide_plan(
      {.digest = plan->digest, .approves = false, .actor = "chief", .time = world.plant.clock.time});
  world.approved.erase(plan->digest);
  return "reject " + plan->digest.value().substr(0, 8);
}

std::string accept_band(World& world, Dice&) {
  world.now.accept_band = true;
  return "sync --accept-band";
}

std::string plan_only(World& world, Dice&) {
  world.now.plan_only = true;
  return "plan, no sync";
}

std::string by_daemon(World& world, Dice&) {
  world.now.by_daemon = true;
  return "the daemon runs";
}

std::string cut(World& world, Dice& dice) {
  if (world.truth.people.empty() || world.truth.groups.empty()) return "";
  auto& cut = world.now.cut;
  switch (dice.below(3)) {
    case 0:
      cut.user = dice.pick(world.truth.people).first;
      return "sync --user " + cut.user;
    case 1:
      cut.group = dice.pick(world.truth.groups).first;
      return "sync --group " + cut.group;
    default:
      cut.rule = dice.pick(world.settings).first;
      return "sync --rule " + cut.rule;
  }
}

constexpr Act kOperator[] = {{20, approve},  {3, approve_old}, {2, reject}, {3, accept_band},
                             {3, plan_only}, {4, by_daemon},   {4, cut}};

std::string toggle(World& world, Dice& dice) {
  auto& [name, settings] = dice.pick(world.settings);
  switch (dice.below(5)) {
    case 0:
      settings.configured = !settings.configured;
      return "CONFIG rule " + name + (settings.configured ? " is there" : " is taken out");
    case 1:
      settings.teams_only = !settings.teams_only;
      return "CONFIG rule " + name + (settings.teams_only ? " takes teams only" : " takes all groups");
    case 2:
      settings.no_contractors = !settings.no_contractors;
      return "CONFIG rule " + name + (settings.no_contractors ? " excludes" : " takes") + " contractors";
    case 3:
      settings.nested = !settings.nested;
      return "CONFIG rule " + name + (settings.nested ? " follows" : " does not follow") + " nested groups";
    default:
      settings.adopt = !settings.adopt;
      return "CONFIG rule " + name + (settings.adopt ? " adopts" : " does not adopt");
  }
}

std::string exclude(World& world, Dice& dice) {
  auto& [name, settings] = dice.pick(world.settings);
  if (!settings.excluded.empty() && dice.chance(2)) {
    settings.excluded.clear();
    return "CONFIG rule " + name + " excludes no group";
  }
  if (world.truth.groups.empty()) return "";
  auto const& dn = dice.pick(world.truth.groups).second.dn;
  settings.excluded.insert(dn);
  return "CONFIG rule " + name + " excludes " + dn;
}

std::string policy(World& world, Dice& dice) {
  auto& [name, settings] = dice.pick(world.settings);
  auto const foreign = dice.chance(2);
  if (foreign)
    settings.foreign_members = dice.chance(2)   ? ForeignMembers::remove
                               : dice.chance(2) ? ForeignMembers::keep
                                                : ForeignMembers::report;
  else
    settings.source_gone = dice.chance(2) ? SourceGone::empty : SourceGone::keep;
  return "CONFIG rule " + name +
         (foreign ? std::string{" foreign_members = "} + to_text(settings.foreign_members)
                  : std::string{" source_gone = "} + to_text(settings.source_gone));
}

std::string limit(World& world, Dice& dice) {
  auto& limits = world.limits;
  limits = {};
  switch (dice.below(4)) {
    case 0:
      limits.removals = PercentLimit::exactly(dice.below(2));
      return "CONFIG removals limited to " + std::to_string(limits.removals.at_least);
    case 1:
      limits.leavers = Limits::Leavers::with_plan;
      return "CONFIG leavers go with the plan";
    case 2:
      limits.confirm.removals_above = dice.below(2);
      return "CONFIG confirm.removals_above = " + std::to_string(limits.confirm.removals_above);
    default:
      return "CONFIG limits as by default";
  }
}

constexpr Act kConfiguration[] = {{4, toggle}, {2, exclude}, {3, policy}, {2, limit}};

}  // namespace

std::span<Act const> operator_acts() { return kOperator; }
std::span<Act const> configuration_acts() { return kConfiguration; }

}  // namespace dirsync::sequences
