#include <algorithm>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

std::string join(World& world, Dice& dice) {
  if (world.truth.people.empty() || world.truth.groups.empty()) return "";
  auto& group = dice.pick(world.truth.groups);
  auto const& person = dice.pick(world.truth.people).second;
  if (std::ranges::find(group.second.values, person.dn) != group.second.values.end()) return "";
  group.second.values.push_back(person.dn);
  return person.dn + " joins " + group.first;
}

std::string leave(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto& group = dice.pick(world.truth.groups);
  if (group.second.values.empty()) return "";
  auto& value = dice.pick(group.second.values);
  auto const gone = value;
  std::erase(group.second.values, gone);
  return gone + " leaves " + group.first;
}

std::string join_by_uid(World& world, Dice& dice) {
  if (world.truth.people.empty() || world.truth.groups.empty()) return "";
  auto& [cn, group] = dice.pick(world.truth.groups);
  auto const& uid = dice.pick(world.truth.people).first;
  if (std::ranges::find(group.uids, uid) != group.uids.end()) return "";
  group.uids.push_back(uid);
  return "memberUid " + uid + " joins " + cn;
}

std::string leave_by_uid(World& world, Dice& dice) {
  for (auto& [cn, group] : world.truth.groups) {
    if (group.uids.empty()) continue;
    auto const uid = dice.pick(group.uids);
    std::erase(group.uids, uid);
    return "memberUid " + uid + " leaves " + cn;
  }
  return "";
}

std::string nest(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto& group = dice.pick(world.truth.groups);
  auto const& nested = dice.pick(world.truth.groups);
  group.second.values.push_back(nested.second.dn);
  return "group " + nested.first + " nests in " + group.first;
}

std::string empty(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto& group = dice.pick(world.truth.groups);
  if (group.second.values.empty()) return "";
  group.second.values.clear();
  return "group " + group.first + " becomes empty";
}

std::string hire(World& world, Dice& dice) {
  auto const uid = world.hire(world.fresh("p"));
  auto text = "new person " + uid;
  for (auto const* target : {"vault", "console"})
    if (dice.chance(2)) world.give_user(target, uid), text += std::string{", known in "} + target;
  if (!world.truth.groups.empty()) {
    auto const& cn = dice.pick(world.truth.groups).first;
    world.truth.join(cn, world.truth.people.at(uid).dn);
    text += ", in " + cn;
  }
  return text;
}

std::string drop_person(World& world, Dice& dice) {
  if (world.truth.people.size() < 2) return "";
  auto const uid = dice.pick(world.truth.people).first;
  auto const everywhere = world.mends_references;
  world.truth.drop_person(uid, everywhere);
  world.rename_uid(uid, "");
  return "person " + uid + " is deleted" + (everywhere ? "" : ", values that name them stay");
}

std::string disable(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto const uid = dice.pick(world.truth.people).first;
  auto const [attribute, value] = world.disabling();
  world.truth.people.at(uid).attributes[attribute] = value;
  return "person " + uid + " is disabled";
}

/// Where nobody looks at it this changes nothing.
std::string lock(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto& [uid, person] = dice.pick(world.truth.people);
  if (!person.attributes.emplace("pwdAccountLockedTime", kLocked).second) return "";
  return "wrong passwords lock " + uid;
}

std::string enable(World& world, Dice&) {
  for (auto& [uid, person] : world.truth.people)
    if (person.attributes.erase(world.disabling().first) > 0) return "person " + uid + " is enabled";
  return "";
}

std::string change_contract(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto& [uid, person] = dice.pick(world.truth.people);
  if (person.attributes.erase("title") > 0) return "person " + uid + " is a contractor no more";
  person.attributes["title"] = "contractor";
  return "person " + uid + " becomes a contractor";
}

std::string rename_person(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto const old = dice.pick(world.truth.people).first;
  auto const uid = world.fresh("r");
  auto node = world.truth.people.extract(old);
  node.key() = uid;
  auto& person = world.truth.people.insert(std::move(node)).position->second;
  auto const from = person.dn;
  person.dn = fake::dn_of_person(uid);
  person.attributes["uid"] = uid;
  world.dns_of[person.id].insert(person.dn);
  world.uids_of[person.id].insert(uid);
  world.move(from, person.dn);
  world.rename_uid(old, uid);
  return "person " + old + " is renamed to " + uid;
}

std::string move_person(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto& [uid, person] = dice.pick(world.truth.people);
  auto const from = person.dn;
  auto const home = fake::dn_of_person(uid);
  person.dn = from == home ? "uid=" + uid + ",ou=branch,dc=x" : home;
  world.dns_of[person.id].insert(person.dn);
  world.move(from, person.dn);
  return "person " + uid + " moves to " + person.dn;
}

std::string recreate(World& world, Dice& dice) {
  if (world.truth.people.empty()) return "";
  auto const uid = dice.pick(world.truth.people).first;
  world.truth.drop_person(uid, world.mends_references);
  world.rename_uid(uid, "");
  world.hire(uid);
  auto text = "person " + uid + " is deleted, and somebody else gets the name";
  if (!world.truth.groups.empty() && dice.chance(2)) {
    auto const& cn = dice.pick(world.truth.groups).first;
    world.truth.join(cn, world.truth.people.at(uid).dn);
    text += " and joins " + cn;
  }
  return text;
}

std::string found(World& world, Dice& dice) {
  if (world.truth.groups.size() > 7) return "";
  auto const cn = world.make_group(world.fresh("g"));
  if (dice.chance(2)) world.truth.groups.at(cn).attributes["description"] = "team";
  for (int n = dice.below(4); n > 0 && !world.truth.people.empty(); --n)
    world.truth.join(cn, dice.pick(world.truth.people).second.dn);
  return "new group " + cn + " of " + std::to_string(world.truth.groups.at(cn).values.size());
}

std::string drop_group(World& world, Dice& dice) {
  if (world.truth.groups.size() < 2) return "";
  auto const cn = dice.pick(world.truth.groups).first;
  auto const everywhere = world.mends_references;
  world.truth.drop_group(cn, everywhere);
  return "group " + cn + " is deleted" + (everywhere ? "" : ", values that name it stay");
}

std::string rename_group(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto const old = dice.pick(world.truth.groups).first;
  auto const cn = world.fresh("n");
  auto node = world.truth.groups.extract(old);
  node.key() = cn;
  auto& group = world.truth.groups.insert(std::move(node)).position->second;
  auto const from = group.dn;
  group.dn = fake::dn_of_group(cn);
  group.attributes["cn"] = cn;
  world.dns_of[group.id].insert(group.dn);
  world.move(from, group.dn);
  return "group " + old + " is renamed to " + cn;
}

std::string change_kind(World& world, Dice& dice) {
  if (world.truth.groups.empty()) return "";
  auto& [cn, group] = dice.pick(world.truth.groups);
  if (group.attributes.erase("description") > 0) return "group " + cn + " is no team any more";
  group.attributes["description"] = "team";
  return "group " + cn + " becomes a team";
}

constexpr Act kActs[] = {{8, join},          {8, leave},       {2, nest},
                         {1, empty},         {4, hire},        {4, drop_person},
                         {6, disable},       {3, enable},      {2, change_contract},
                         {3, rename_person}, {3, move_person}, {3, recreate},
                         {3, found},         {3, drop_group},  {3, rename_group},
                         {2, change_kind},   {4, join_by_uid}, {3, leave_by_uid},
                         {3, lock}};

}  // namespace

std::span<Act const> directory_acts() { return kActs; }

}  // namespace dirsync::sequences
