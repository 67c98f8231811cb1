#include "tests/system/company.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace dirsync::test {
namespace {
namespace json = boost::json;

/// RFC 4514, 2.4, as far as these names need it.
std::string escaped(std::string const& value) {
  std::string text;
  for (auto const c : value) {
    if (std::string_view{"\",+\\<>;#"}.find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

void collect(Company const& company, Group const& group, std::set<std::string>& seen,
             std::set<std::string>& people) {
  if (!seen.insert(group.cn).second) return;
  people.insert(group.people.begin(), group.people.end());
  for (auto const& nested : group.groups) collect(company, company.group(nested), seen, people);
}

std::string padded(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string Person::dn() const {
  return (named_by_cn ? "cn=" + escaped(name) : "uid=" + uid) + ",ou=people,dc=example,dc=com";
}

std::string Group::dn() const { return "cn=" + escaped(cn) + ",ou=groups,dc=example,dc=com"; }

Person const& Company::person(std::string const& uid) const {
  auto const found = std::ranges::find(people, uid, &Person::uid);
  if (found == people.end()) throw std::runtime_error{"no person " + uid};
  return *found;
}

Group& Company::group(std::string const& cn) {
  auto const found = std::ranges::find(groups, cn, &Group::cn);
  if (found == groups.end()) throw std::runtime_error{"no group " + cn};
  return *found;
}

std::set<std::string> Company::everybody_in(std::string const& cn) const {
  std::set<std::string> seen, found;
  collect(*this, group(cn), seen, found);
  return found;
}

std::string Company::ldif() const {
  auto text =
      "dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: example\n\n"
      "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n\n"
      "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n\n"
      "dn: " +
      std::string{kReaderDn} +
      "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: dirsyncd\nuserPassword: " +
      kReaderPassword + "\n\n";
  for (auto const& person : people)
    text += "dn: " + person.dn() + "\nobjectClass: inetOrgPerson\nuid: " + person.uid +
            "\ncn: " + person.name + "\nsn: " + person.name + "\nmail: " + person.mail() + "\n\n";
  std::unordered_map<std::string_view, Person const*> by_uid;  // a large company names its people often
  for (auto const& person : people) by_uid.emplace(person.uid, &person);
  for (auto const& group : groups) {
    text += "dn: " + group.dn() + "\nobjectClass: groupOfNames\ncn: " + group.cn + "\n";
    for (auto const& uid : group.people) text += "member: " + by_uid.at(uid)->dn() + "\n";
    for (auto const& nested : group.groups) text += "member: " + this->group(nested).dn() + "\n";
    text += "\n";
  }
  return text;
}

std::string Company::vault_state() const {
  json::array users{{{"id", 2},
                     {"username", "Administrator"},
                     {"userType", "Built-InAdmins"},
                     {"vaultAuthorization", json::array{"AuditUsers"}}},
                    {{"id", 26},
                     {"username", "svc-dirsync"},
                     {"password", kVaultPassword},
                     {"vaultAuthorization", json::array{"AuditUsers", "AddUpdateUsers"}}},
                    {{"id", 28}, {"username", "local.operator"}}};
  json::array known;
  int id = 1000;
  for (auto const& person : people) {
    ++id;
    known.push_back(
        {{"sAMAccountName", person.uid}, {"userPrincipalName", person.mail()}, {"dn", person.dn()}});
    if (person.in_vault)
      users.push_back({{"id", id}, {"username", person.uid}, {"source", "LDAP"}, {"userDN", person.dn()}});
  }
  json::array const vault_groups{
      {{"id", 11}, {"groupName", "Vault Admins"}, {"location", "\\System"}, {"members", json::array{2}}},
      {{"id", 50}, {"groupName", "By Hand"}, {"members", json::array{28, 1001}}}};
  json::object const mapping{{"MappingID", 29},
                             {"MappingName", "all"},
                             {"LDAPBranch", "dc=example,dc=com"},
                             {"DomainGroups", json::array{}},
                             {"VaultGroups", json::array{}}};
  json::object const directory{{"DomainName", "example.com"},
                               {"DomainBaseContext", "dc=example,dc=com"},
                               {"naming", "plain"},
                               {"mappings", json::array{mapping}},
                               {"users", known}};
  return json::serialize(
      json::object{{"users", users}, {"groups", vault_groups}, {"directories", json::array{directory}}});
}

std::string Company::console_state() const {
  json::array users;
  for (auto const& person : people)
    if (person.in_console)
      users.push_back({{"userName", person.mail()}, {"displayName", person.name}, {"email", person.mail()}});
  users.push_back({{"userName", "by.hand@root.local"}, {"groups", json::array{"By Hand"}}});
  return json::serialize(json::object{
      {"base", "seed"},
      {"groups", json::array{{{"name", "By Hand"}, {"roles", json::array{"Device Administrator"}}}}},
      {"users", users}});
}

Company sample_company() {
  Company company;
  for (int n = 1; n <= 26; ++n)
    company.people.push_back({"u" + padded(n), "Person " + padded(n), false, n % 4 != 0, n % 5 != 0});
  company.people.push_back({"o'brien", "O'Brien, Sinéad", true});
  company.people.push_back({"lee~park", "Lee+Park \"Zed\" <1>", true, false});
  company.people.push_back({"josé", "José; Núñez", true});
  company.people.push_back({"k.müller", "Müller \\ Söhne", true, false, false});

  company.groups = {
      {"team-a", {"u01", "u02", "u03", "u04", "u05"}, {"team-b"}},
      {"team-b", {"u06", "u07", "u08", "o'brien"}, {}},
      {"team-c", {"u09", "u10", "lee~park"}, {"team-d"}},
      {"team-d", {"u11", "u12", "josé"}, {"team-c"}},  // the two hold each other
      {"team-e", {"u13", "u14", "u15", "k.müller"}, {"team-c", "team-b"}},
      {"pam-unix", {"u16"}, {"team-a"}},
      {"pam-windows", {"u17", "u01"}, {"team-c"}},
      {"pam-Östra; #1, R=D", {"u18"}, {"team-e"}},
      {"iot-operators", {"u19", "u20"}, {"team-a"}},
      {"iot-Süd+Nord, Plant/3", {"u21"}, {"team-d"}},
      {"iot-alerts", {"u22", "u01"}, {"team-e"}},
  };
  return company;
}

}  // namespace dirsync::test
