#include "tests/unit/init/surveys.hpp"

namespace dirsync::init {
namespace {

using ldap::Flavour;
using ldap::Survey;

constexpr char kSuffix[] = "dc=example,dc=com";

/// `people` with a uid, cn and mail of their own, `groups` below ou=groups.
Survey survey_of(Flavour flavour, std::uint64_t people, std::uint64_t groups) {
  Survey survey;
  survey.server = {.uri = "ldaps://ldap.example.com",
                   .flavour = flavour,
                   .is_freeipa = false,
                   .vendor = "OpenLDAP",
                   .naming_contexts = {kSuffix},
                   .hidden_contexts = {},
                   .schema_remark = {}};
  survey.base = kSuffix;
  survey.people_bases = {{"ou=people,dc=example,dc=com", people, 0, {people, {}}}};
  survey.group_bases = {{"ou=groups,dc=example,dc=com", groups, 0, {groups, {}}}};
  survey.people.base = survey.people_bases.front().base;
  survey.people.looked = {people, {}};
  for (auto const* const name : {"uid", "cn", "mail"})
    survey.people.attributes.push_back({.name = name, .people = people, .shared_values = 0, .examples = {}});
  survey.groups.base = survey.group_bases.front().base;
  survey.groups.looked = {groups, {}};
  return survey;
}

ldap::AttributeLook& look(Survey& survey, std::size_t number) { return survey.people.attributes.at(number); }

ldap::GroupKind kind(std::vector<std::string> classes, std::uint64_t entries,
                     std::map<std::string, std::uint64_t> attributes, bool is_read = true) {
  return {.classes = std::move(classes),
          .entries = entries,
          .attributes = std::move(attributes),
          .is_read = is_read,
          .example = "cn=one,ou=groups,dc=example,dc=com"};
}

}  // namespace

Survey survey_of_openldap() {
  auto survey = survey_of(Flavour::openldap, 30, 11);
  look(survey, 1).shared_values = 1;
  look(survey, 1).examples = {
      {"Jo Doe", 2, {"uid=jo,ou=people,dc=example,dc=com", "uid=jd,ou=people,dc=example,dc=com"}}};
  survey.groups.kinds = {kind({"groupOfNames"}, 11, {{"member", 11}})};
  survey.groups.memberships = 47;
  survey.groups.nested = 5;
  survey.groups.nested_example = "cn=team-a,ou=groups,dc=example,dc=com";
  survey.groups.names = {"team-a", "pam-unix", "pam-windows", "iot-operators", "iot-alerts"};
  return survey;
}

Survey survey_of_openldap_with_rfc2307bis() {
  auto survey = survey_of(Flavour::openldap, 5'000, 400);
  survey.people_bases.front().elsewhere = 12;
  look(survey, 0).people = 200;
  survey.groups.kinds = {kind({"groupOfNames", "posixGroup"}, 380, {{"member", 380}, {"memberUid", 20}}),
                         kind({"roleGroup"}, 20, {{"memberURL", 20}})};
  survey.groups.memberships = 60'000;
  survey.groups.names = {"app:basis:staff", "app:basis:guests", "Operators"};
  survey.people.disabled = {{"loginDisabled", 40, 12, false}, {"shadowExpire", 3, 1, true}};
  survey.people.attributes.push_back(
      {.name = "employeeNumber", .people = 5'000, .shared_values = 0, .examples = {}});
  return survey;
}

Survey survey_of_389ds() {
  auto survey = survey_of(Flavour::ds389, 20'000, 90);
  survey.server.vendor = "389 Project 389-Directory/2.3.1 B2023.1";
  survey.people.looked.cut = "only the first 20000 entries were looked at";
  survey.groups.kinds = {kind({"groupOfUniqueNames"}, 90, {{"uniqueMember", 88}}),
                         kind({"mailList"}, 4, {{"member", 4}}, false)};
  survey.groups.memberships = 9'000;
  survey.groups.names = {"staff", "guests"};
  survey.people.disabled = {{"nsAccountLock", 300, 280, true}};
  survey.referrals = {.entries = 1, .examples = {"ou=branch,dc=example,dc=com"}, .met = 1};
  return survey;
}

Survey survey_of_freeipa() {
  auto survey = survey_of(Flavour::ds389, 120, 35);
  survey.server.vendor = "389 Project 389-Directory/2.4.5 B2024.1";
  survey.server.is_freeipa = true;
  survey.people_bases.front().base = survey.people.base = "cn=users,cn=accounts,dc=example,dc=com";
  survey.group_bases.front().base = survey.groups.base = "cn=groups,cn=accounts,dc=example,dc=com";
  survey.groups.kinds = {kind({"ipaobject", "ipausergroup", "posixgroup"}, 30, {{"member", 28}}),
                         kind({"ipausergroup"}, 5, {{"member", 5}})};
  survey.groups.memberships = 800;
  survey.groups.names = {"admins", "editors", "ipausers", "vault-unix", "vault-network"};
  survey.people.disabled = {{"nsAccountLock", 120, 4, true}};
  return survey;
}

Survey survey_of_active_directory() {
  auto survey = survey_of(Flavour::active_directory, 900, 150);
  survey.server.vendor = "Active Directory";
  for (auto* const bases : {&survey.people_bases, &survey.group_bases}) bases->front().base = kSuffix;
  survey.people.base = survey.groups.base = kSuffix;
  look(survey, 0).people = 0;
  survey.people.attributes.push_back(
      {.name = "sAMAccountName", .people = 900, .shared_values = 0, .examples = {}});
  survey.people.disabled = {{"userAccountControl", 900, 77, true}};
  survey.people.in_primary_groups = 900;
  survey.groups.kinds = {kind({"group"}, 150, {{"member", 120}})};
  survey.groups.memberships = 4'000;
  survey.groups.names = {"Domain Users", "Vault Admins", "R&D"};
  return survey;
}

Survey survey_of_nothing() { return survey_of(Flavour::openldap, 0, 0); }

}  // namespace dirsync::init
