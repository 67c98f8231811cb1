// What somebody does in a target with their own hands.
#include <algorithm>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

std::string some_target(Dice& dice) { return dice.chance(2) ? "vault" : "console"; }

std::string note(World& world, std::string const& target, TargetGroup const& group, std::string const& user) {
  world.by_hand.push_back(membership(target, group.id, world.world_of(target).find_user(user)->id));
  return target + " by hand: " + user;
}

std::string add_member(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& there = world.world_of(target);
  if (there.observed.groups.empty() || there.observed.users.empty()) return "";
  auto const& group = dice.pick(there.observed.groups);
  auto const user = dice.pick(there.observed.users).name;
  there.add(group.name, user);
  return note(world, target, group, user) + " added to " + group.name;
}

std::string remove_member(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& there = world.world_of(target);
  if (there.observed.groups.empty()) return "";
  auto const& group = dice.pick(there.observed.groups);
  if (group.users.empty()) return "";
  auto const user = there.observed.users[dice.pick(group.users)].name;
  there.remove(group.name, user);
  return note(world, target, group, user) + " removed from " + group.name;
}

std::string delete_group(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& groups = world.world_of(target).observed.groups;
  if (groups.empty()) return "";
  auto const name = dice.pick(groups).name;
  std::erase_if(groups, [&name](auto const& group) { return group.name == name; });
  return target + " by hand: group " + name + " deleted";
}

std::string rename_group(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& groups = world.world_of(target).observed.groups;
  if (groups.empty()) return "";
  auto& group = dice.pick(groups);
  auto const old = group.name;
  group.name = world.fresh("h");
  return target + " by hand: group " + old + " renamed to " + group.name;
}

std::string make_group(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& there = world.world_of(target);
  auto const name =
      !world.truth.groups.empty() && dice.chance(2) ? dice.pick(world.truth.groups).first : world.fresh("h");
  if (there.find_group(name) != nullptr) return "";
  there.group(name);
  return target + " by hand: group " + name + " created";
}

std::string log_on(World& world, Dice& dice) {
  auto const target = some_target(dice);
  if (world.truth.people.empty()) return "";
  auto const& [uid, person] = dice.pick(world.truth.people);
  auto& there = world.world_of(target);
  if (there.find_user(uid) != nullptr) return "";
  auto const knows_dn = [&dn = person.dn](auto const& user) { return user.dn == dn; };
  if (target == "vault" && std::ranges::any_of(there.observed.users, knows_dn)) return "";
  world.give_user(target, uid);
  return "person " + uid + " logs on to " + target + " for the first time";
}

std::string delete_user(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& there = world.world_of(target);
  if (there.observed.users.empty()) return "";
  auto const name = dice.pick(there.observed.users).name;
  there.drop_user(name);
  return target + " by hand: user " + name + " deleted";
}

std::string protect(World& world, Dice& dice) {
  auto const target = some_target(dice);
  auto& there = world.world_of(target);
  if (there.observed.users.empty() || there.observed.groups.empty()) return "";
  auto& user = dice.pick(there.observed.users);
  auto& group = dice.pick(there.observed.groups);
  auto const of_user = dice.chance(2);
  auto& because = of_user ? user.protected_because : group.protected_because;
  because = because.empty() ? "break glass" : "";
  return target + ": " + (of_user ? user.name : "group " + group.name) +
         (because.empty() ? " is not" : " is") + " protected";
}

/// The Vault follows those of its users who were moved or renamed.
std::string refresh(World& world, Dice&) {
  auto changed = false;
  for (auto& user : world.plant.vault.world.observed.users)
    for (auto const& [uid, person] : world.truth.people)
      if (user.dn != person.dn && world.dns_of.at(person.id).contains(user.dn)) {
        auto const taken = std::ranges::any_of(world.plant.vault.world.observed.users,
                                               [&person](auto const& one) { return one.dn == person.dn; });
        if (taken) continue;
        user.dn = person.dn;
        changed = true;
      }
  return changed ? "vault: userDNs follow the directory" : "";
}

constexpr Act kActs[] = {{4, add_member},   {4, remove_member}, {1, delete_group},
                         {2, rename_group}, {1, make_group},    {4, log_on},
                         {1, delete_user},  {2, protect},       {3, refresh}};

}  // namespace

std::span<Act const> target_acts() { return kActs; }

}  // namespace dirsync::sequences
