#include "tests/system/shapes/shape.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "tests/system/company.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

void enter_group(Shape const& shape, std::size_t group, std::set<std::size_t>& seen) {
  if (!seen.insert(group).second) return;
  for (auto const& member : shape.groups[group].members)
    if (member.is == Shape::Member::Is::group) enter_group(shape, member.number, seen);
}

/// By target group, its sources and all groups in them.
std::map<std::string, std::set<std::size_t>> groups_behind(Shape const& shape) {
  std::map<std::string, std::set<std::size_t>> behind;
  for (std::size_t group = 0; group < shape.groups.size(); ++group) {
    auto const& target = shape.groups[group].target;
    if (target.empty()) continue;
    std::set<std::size_t> seen;
    enter_group(shape, group, seen);
    behind[target].merge(seen);
  }
  return behind;
}

}  // namespace

std::string numbered(std::string const& prefix, std::size_t number) {
  auto digits = std::to_string(number);
  return prefix + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::size_t Shape::add_person(Person person) {
  people.push_back(std::move(person));
  return people.size() - 1;
}

std::size_t Shape::add_group(Group group) {
  groups.push_back(std::move(group));
  return groups.size() - 1;
}

void Shape::put(std::size_t group, Member member) {
  auto const is_same = [&member](Member const& other) {
    if (member.is == Member::Is::nobody || other.is == Member::Is::nobody) return member.value == other.value;
    return member.is == other.is && member.number == other.number;
  };
  auto& members = groups[group].members;
  if (std::ranges::none_of(members, is_same)) members.push_back(std::move(member));
}

void Shape::put_person(std::size_t group, std::size_t person) {
  auto const& entry = people[person];
  put(group, {Member::Is::person, person, groups[group].attribute == "memberUid" ? entry.name : entry.dn});
}

void Shape::put_group(std::size_t group, std::size_t nested) {
  put(group, {Member::Is::group, nested, groups[nested].dn});
}

void Shape::put_nobody(std::size_t group, std::string value) {
  put(group, {Member::Is::nobody, 0, std::move(value)});
}

Memberships Shape::expected() const {
  Memberships expected;
  for (auto const& [target, behind] : groups_behind(*this)) {
    if (refused.contains(target)) continue;
    auto& names = expected[target];
    for (auto const group : behind)
      for (auto const& member : groups[group].members)
        if (member.is == Member::Is::person && !people[member.number].is_disabled)
          names.insert(people[member.number].name);
  }
  return expected;
}

std::map<std::string, std::size_t> Shape::unresolved() const {
  std::map<std::string, std::size_t> counts;
  for (auto const& [target, behind] : groups_behind(*this))
    for (auto const group : behind) {
      auto const nobody = std::ranges::count(groups[group].members, Member::Is::nobody, &Member::is);
      if (nobody > 0) counts[target] += static_cast<std::size_t>(nobody);
    }
  return counts;
}

Memberships Shape::told() const {
  auto told = notices;
  for (auto const& [target, count] : unresolved())
    told["unresolved"].insert(target + ": " + std::to_string(count));
  return told;
}

std::string Shape::ldif() const {
  auto text =
      "dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: example\n\n"
      "dn: " +
      std::string{kReaderDn} +
      "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: dirsyncd\nuserPassword: " +
      kReaderPassword + "\n\n" + containers;
  for (auto const& person : people) text += "dn: " + person.dn + "\n" + person.lines + "\n";
  for (auto const& group : groups) {
    text += "dn: " + group.dn + "\n" + group.lines;
    for (auto const& member : group.members)
      if (!member.value.empty()) text += group.attribute + ": " + member.value + "\n";
    text += "\n";
  }
  return text;
}

std::string Shape::vault_state() const {
  json::array users{{{"id", 2},
                     {"username", "Administrator"},
                     {"userType", "Built-InAdmins"},
                     {"vaultAuthorization", json::array{"AuditUsers"}}},
                    {{"id", 26},
                     {"username", "svc-dirsync"},
                     {"password", kVaultPassword},
                     {"vaultAuthorization", json::array{"AuditUsers", "AddUpdateUsers"}}},
                    {{"id", 28}, {"username", "local.operator"}}};
  json::array known, left_alone{28};
  int id = 1000;
  for (auto const& person : people) {
    ++id;
    known.push_back({{"sAMAccountName", person.name},
                     {"userPrincipalName", person.name + "@example.com"},
                     {"dn", person.dn}});
    if (!person.in_vault) continue;
    users.push_back({{"id", id}, {"username", person.name}, {"source", "LDAP"}, {"userDN", person.dn}});
    if (id % 10 == 0) left_alone.push_back(id);
  }
  json::object const mapping{{"MappingID", 29},
                             {"MappingName", "all"},
                             {"LDAPBranch", "dc=example,dc=com"},
                             {"DomainGroups", json::array{}},
                             {"VaultGroups", json::array{}}};
  return json::serialize(json::object{
      {"users", users},
      {"groups",
       json::array{
           {{"id", 11}, {"groupName", "Vault Admins"}, {"location", "\\System"}, {"members", json::array{2}}},
           {{"id", 50}, {"groupName", "By Hand"}, {"members", left_alone}}}},
      {"directories", json::array{{{"DomainName", "example.com"},
                                   {"DomainBaseContext", "dc=example,dc=com"},
                                   {"naming", "plain"},
                                   {"mappings", json::array{mapping}},
                                   {"users", known}}}}});
}

}  // namespace dirsync::test
