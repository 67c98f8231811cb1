#include "tests/system/soak/directory_acts.hpp"

#include <algorithm>
#include <array>

namespace dirsync::test {
namespace {

using sequences::Dice;

constexpr std::size_t kFewestPeople = 25;  // they are not deleted below that

std::string value_record(std::string const& group_dn, char const* act, std::string const& value) {
  return "dn: " + group_dn + "\nchangetype: modify\n" + act + ": member\nmember: " + value + "\n\n";
}

/// Every group that names `dn`.
std::vector<GroupEntry> groups_with(DirectoryContent const& content, std::string const& dn) {
  std::vector<GroupEntry> found;
  for (auto const& [group_dn, group] : content.groups)
    if (std::ranges::find(group.members, dn) != group.members.end()) found.push_back(group);
  return found;
}

/// `relative` and `parent` of the new DN. The old relative name's value is kept unless `loses_old_name`.
std::string records_of_move(DirectoryContent const& content, std::string const& from,
                            std::string const& relative, std::string const& parent, bool loses_old_name) {
  auto const to = relative + "," + parent;
  std::string before, after;
  for (auto const& group : groups_with(content, from)) {
    // One that names itself has the new name by then.
    before += value_record(group.dn, "add", to);
    after += value_record(group.dn == from ? to : group.dn, "delete", from);
  }
  return before + "dn: " + from + "\nchangetype: modrdn\nnewrdn: " + relative +
         "\ndeleteoldrdn: " + (loses_old_name ? "1" : "0") + "\nnewsuperior: " + parent + "\n\n" + after;
}

std::string relative_part(std::string const& dn) { return dn.substr(0, dn.find(',')); }
std::string parent_part(std::string const& dn) { return dn.substr(dn.find(',') + 1); }

DirectoryAct disable_or_enable(DirectoryContent const& content, Dice& dice, int) {
  auto const& person = dice.pick(content.people).second;
  return {.told = person.uid + (person.disabled ? " is enabled" : " is disabled"),
          .records =
              "dn: " + person.dn + "\nchangetype: modify\n" +
              (person.disabled ? "delete: employeeType\n" : "add: employeeType\nemployeeType: disabled\n")};
}

/// Where somebody was a group's only member the schema keeps the value.
DirectoryAct drop(DirectoryContent const& content, Dice& dice, int) {
  if (content.people.size() <= kFewestPeople) return {};
  auto const& person = dice.pick(content.people).second;
  auto const cleans_up = !dice.chance(3);
  DirectoryAct act{.told = person.uid + " is deleted", .records = "", .leaves_values = false};
  for (auto const& group : groups_with(content, person.dn)) {
    auto const is_kept = !cleans_up || group.members.size() < 2;
    if (!is_kept) act.records += value_record(group.dn, "delete", person.dn);
    act.leaves_values = act.leaves_values || is_kept;
  }
  if (act.leaves_values) act.told += ", and still named";
  act.records += "dn: " + person.dn + "\nchangetype: delete\n";
  return act;
}

DirectoryAct rename_person(DirectoryContent const& content, Dice& dice, int) {
  auto const& person = dice.pick(content.people).second;
  auto const relative = person.dn.starts_with("uid=") ? "cn=person " + person.uid : "uid=" + person.uid;
  return {.told = person.uid + " becomes " + relative,
          .records = records_of_move(content, person.dn, relative, parent_part(person.dn), false)};
}

DirectoryAct move_person(DirectoryContent const& content, Dice& dice, int) {
  auto const& person = dice.pick(content.people).second;
  auto const* const parent = parent_part(person.dn) == kPeopleBase ? kBranchBase : kPeopleBase;
  return {.told = person.uid + " moves below " + parent,
          .records = records_of_move(content, person.dn, relative_part(person.dn), parent, false)};
}

/// Such as pam-linux-r7.
DirectoryAct rename_group(DirectoryContent const& content, Dice& dice, int fresh) {
  auto const& group = dice.pick(content.groups).second;
  auto const cn = group.cn.substr(0, group.cn.find("-r")) + "-r" + std::to_string(fresh);
  return {.told = "group " + group.cn + " becomes " + cn,
          .records = records_of_move(content, group.dn, "cn=" + cn, parent_part(group.dn), true)};
}

DirectoryAct join(DirectoryContent const& content, Dice& dice, int) {
  auto const& group = dice.pick(content.groups).second;
  auto const& person = dice.pick(content.people).second;
  if (std::ranges::find(group.members, person.dn) != group.members.end()) return {};
  return {.told = person.uid + " joins " + group.cn, .records = value_record(group.dn, "add", person.dn)};
}

DirectoryAct nest(DirectoryContent const& content, Dice& dice, int) {
  auto const& group = dice.pick(content.groups).second;
  auto const& nested = dice.pick(content.groups).second;
  if (std::ranges::find(group.members, nested.dn) != group.members.end()) return {};
  return {.told = nested.cn + " nests in " + group.cn, .records = value_record(group.dn, "add", nested.dn)};
}

/// A person or a group, or somebody who was deleted. A group of the schema has at least one member.
DirectoryAct leave(DirectoryContent const& content, Dice& dice, int) {
  auto const& group = dice.pick(content.groups).second;
  if (group.members.size() < 2) return {};
  auto const& member = dice.pick(group.members);
  return {.told = member + " leaves " + group.cn, .records = value_record(group.dn, "delete", member)};
}

using Act = DirectoryAct (*)(DirectoryContent const&, Dice&, int);
constexpr std::array kActs{Act{disable_or_enable},
                           disable_or_enable,
                           drop,
                           rename_person,
                           move_person,
                           rename_group,
                           join,
                           join,
                           leave,
                           leave,
                           leave,
                           nest};

}  // namespace

DirectoryAct random_directory_act(DirectoryContent const& content, Dice& dice, int fresh) {
  return dice.pick(kActs)(content, dice, fresh);
}

std::string dn_of_new_person(std::string const& uid) { return "uid=" + uid + "," + kPeopleBase; }

std::string record_of_new_person(std::string const& uid) {
  return "dn: " + dn_of_new_person(uid) + "\nchangetype: add\nobjectClass: inetOrgPerson\nuid: " + uid +
         "\ncn: Person " + uid + "\nsn: Person " + uid + "\nmail: " + uid + "@example.com\n\n";
}

std::string record_of_joining(std::string const& group_dn, std::string const& member_dn) {
  return value_record(group_dn, "add", member_dn);
}

}  // namespace dirsync::test
