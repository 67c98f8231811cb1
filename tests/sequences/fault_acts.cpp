// What goes wrong in the next run.
#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

using Fate = fake::FakeTarget::Fate;

std::string some_target(Dice& dice) { return dice.chance(2) ? "vault" : "console"; }

std::string read_fails(World& world, Dice&) {
  world.now.read_fails = true;
  return "FAULT the read of the directory is cut";
}

std::string looks_fail(World& world, Dice&) {
  world.now.looks_fail = true;
  return "FAULT nobody can look closer";
}

std::string may_have_changed(World& world, Dice&) {
  world.now.may_have_changed = true;
  return "FAULT the directory changes while it is read";
}

std::string hide_people(World& world, Dice& dice) {
  std::string text;
  for (int n = dice.below(3) + 1; n > 0 && !world.truth.people.empty(); --n) {
    auto const& person = dice.pick(world.truth.people).second;
    if (!world.now.hidden.insert(person.dn).second) continue;
    auto const look = dice.below(3);
    if (look == 0) world.now.nobody_knows.insert(person.id);
    if (look == 1) world.now.nowhere.insert(person.id);
    text += " " + person.dn +
            (look == 0   ? " (look: unknown)"
             : look == 1 ? " (look: gone)"
                         : " (look: there)");
  }
  return text.empty() ? "" : "FAULT the read hides" + text;
}

std::string hide_group(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto const& group = dice.pick(world.truth.groups).second;
  if (!world.now.hidden.insert(group.dn).second) return "";
  auto const look = dice.below(3);
  if (look == 0) world.now.nobody_knows.insert(group.id);
  if (look == 1) world.now.nowhere.insert(group.id);
  return "FAULT the read hides " + group.dn +
         (look == 0   ? " (look: unknown)"
          : look == 1 ? " (look: gone)"
                      : " (look: there)");
}

std::string hide_attribute(World& world, Dice& dice) {
  world.now.hidden_attribute = dice.chance(3) ? "title" : world.disabling().first;
  return "FAULT the read hides " + world.now.hidden_attribute;
}

std::string lose_values(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto const& [cn, group] = dice.pick(world.truth.groups);
  if (group.values.empty()) return "";
  auto const& value = dice.pick(group.values);
  world.now.lost_values[cn].insert(value);
  return "FAULT the read lacks the value " + value + " of " + cn;
}

std::string unread(World& world, Dice& dice) {
  auto const target = some_target(dice);
  world.now.targets[target].unread = true;
  return "FAULT " + target + " cannot be read";
}

std::string no_look_at_target(World& world, Dice& dice) {
  auto const target = some_target(dice);
  world.now.targets[target].looks_fail = true;
  return "FAULT no group of " + target + " can be read back";
}

std::string unlist(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto const& groups = world.world_of(target).observed.groups;
  if (groups.empty()) return "";
  auto const& name = dice.pick(groups).name;
  world.now.targets[target].unlisted.insert(name);
  return "FAULT " + target + " does not list " + name;
}

std::string shorten(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto const& there = world.world_of(target).observed;
  if (there.groups.empty()) return "";
  auto const& group = dice.pick(there.groups);
  if (group.users.empty()) return "";
  auto const& user = there.users[dice.pick(group.users)].name;
  world.now.targets[target].missing[group.name].insert(user);
  return "FAULT " + target + " lists " + group.name + " without " + user;
}

std::string misbehave(World& world, Dice& dice) {
  constexpr Fate kFates[] = {Fate::fails, Fate::lost_but_done, Fate::lost_not_done, Fate::lies,
                             Fate::target_down};
  constexpr char const* kNames[] = {"refuses", "does and answers nothing", "loses", "lies about",
                                    "ends with"};
  auto const target = some_target(dice);
  auto& fault = world.now.targets[target];
  auto const which = static_cast<std::size_t>(dice.below(5));
  fault.fates.push_back(kFates[which]);
  fault.percent = dice.chance(3) ? 100 : 40;
  fault.seed = dice.number();
  return "FAULT " + target + " " + kNames[which] + (fault.percent == 100 ? " all" : " some") + " changes";
}

std::string break_journal(World& world, Dice& dice) {
  auto& now = world.now;
  (dice.chance(2) ? now.journal_fails_from : now.journal_fails_once) = dice.below(60) + 1;
  return "FAULT the journal fails " +
         std::string{now.journal_fails_once > 0 ? "once, at call " : "from call "} +
         std::to_string(now.journal_fails_once > 0 ? now.journal_fails_once : now.journal_fails_from);
}

std::string crash(World& world, Dice& dice) {
  using At = Crash::At;
  auto const at = static_cast<At>(dice.below(5));
  world.now.crash = {at, at == At::journal ? dice.below(60) + 1 : dice.below(6) + 1};
  constexpr char const* kWhere[] = {"dies at journal call", "dies before call", "dies after call",
                                    "is cancelled at call", "is asked to stop at call"};
  return std::string{"CRASH the program "} + kWhere[static_cast<int>(at)] + " " +
         std::to_string(world.now.crash->nth);
}

constexpr Act kActs[] = {{3, read_fails},        {2, looks_fail},     {2, may_have_changed}, {5, hide_people},
                         {3, hide_group},        {3, hide_attribute}, {3, lose_values},      {3, unread},
                         {2, no_look_at_target}, {3, unlist},         {3, shorten},          {9, misbehave},
                         {3, break_journal},     {9, crash}};

}  // namespace

std::span<Act const> fault_acts() { return kActs; }

}  // namespace dirsync::sequences
