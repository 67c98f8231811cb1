// A company of units that each name their groups as they like: by name alone they are one.
#include "tests/system/shapes/shape.hpp"

namespace dirsync::test {
namespace {

constexpr std::size_t kSharers = 150, kRoleNames = 30, kUnits = 6;

std::string unit_dn(std::size_t unit) {
  return "ou=unit" + std::to_string(unit) + ",ou=groups,dc=example,dc=com";
}

std::string unit_entry(std::string const& dn, std::string const& ou) {
  return "dn: " + dn + "\nobjectClass: organizationalUnit\nou: " + ou + "\n\n";
}

}  // namespace

Shape shared_names(unsigned seed, std::string const& on_collision) {
  ShapeDice dice{seed};
  Shape shape;
  shape.containers = unit_entry("ou=people,dc=example,dc=com", "people") +
                     unit_entry("ou=groups,dc=example,dc=com", "groups");
  for (std::size_t unit = 0; unit < kUnits; ++unit)
    shape.containers += unit_entry(unit_dn(unit), "unit" + std::to_string(unit));
  for (std::size_t n = 0; n < kSharers; ++n) {
    auto const uid = numbered("s", n);
    shape.add_person(
        {.dn = "uid=" + uid + ",ou=people,dc=example,dc=com",
         .name = uid,
         .lines = "objectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid + "\nsn: " + uid + "\n",
         .in_vault = n % 4 != 0});
  }
  auto const team = [&shape, &dice](std::string const& cn, std::size_t unit, std::string target) {
    auto const group = shape.add_group({.dn = "cn=" + cn + "," + unit_dn(unit),
                                        .lines = "objectClass: groupOfNames\ncn: " + cn + "\n",
                                        .target = std::move(target)});
    for (auto count = dice.between(4, 9); count > 0; --count) shape.put_person(group, dice.below(kSharers));
    return group;
  };
  // Of the names ten have one source, ten have two and ten three.
  for (std::size_t name = 0; name < kRoleNames; ++name) {
    auto const target = numbered("role", name);
    for (std::size_t source = 0; source <= name % 3; ++source) {
      // The Vault does not tell capitals apart; the group is called as in the unit that comes first.
      auto const cn = (source > 0 && name % 6 == 1 ? "vault-ROLE" : "vault-role") + numbered("", name);
      auto const group = team(cn, (name + source) % kUnits, target);
      if (dice.one_in(3))
        shape.put_group(group, team(numbered("team" + std::to_string(source), name), 0, ""));
      if (dice.one_in(5))
        shape.put_nobody(group, "uid=" + numbered("left", name) + ",ou=people,dc=example,dc=com");
    }
    if (name % 3 > 0) shape.notices["united"].insert(target + "|");
    if (name % 3 > 0 && on_collision == "hold") shape.holds["source-joined"].insert(target);
  }
  shape.directories = {{"corp", "dc=example,dc=com",
                        "users = { base = \"ou=people,dc=example,dc=com\" }\n"
                        "groups = { base = \"ou=groups,dc=example,dc=com\" }\n"}};
  shape.rules =
      "[[rule]]\nname = \"roles\"\ndirectory = \"corp\"\ntarget = \"vault\"\ngroups = \"(cn=vault-*)\"\n"
      "group_name = \"{cn|remove_prefix:vault-}\"\ncreate_groups = true\non_collision = \"" +
      on_collision + "\"\n";
  return shape;
}

}  // namespace dirsync::test
