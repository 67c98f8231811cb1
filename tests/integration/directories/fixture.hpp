#pragma once
#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/dn.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/tools.hpp"

namespace dirsync::ldap {

/// Reads of a real server of any kind.
struct DirectoryFixture : LdapFixture {
  /// A read that must succeed. Throws std::runtime_error with the error.
  Snapshot must_read(Settings const& settings, DirectoryQuery const& query = LdapFixture::query()) {
    auto snapshot = read(settings, query);
    if (!snapshot) throw std::runtime_error{text(snapshot.error())};
    EXPECT_TRUE(snapshot->certificate().complete());
    return std::move(*snapshot);
  }

  static std::string key(std::string const& dn) {
    auto const normalized = normalized_dn(dn);
    return normalized ? *normalized : throw std::runtime_error{"no DN: " + dn};
  }
  static Entry const& person(Snapshot const& snapshot, std::string const& dn) {
    auto const index = snapshot.person_by_dn(key(dn));
    return index ? snapshot.people()[*index] : throw std::runtime_error{"no such person: " + dn};
  }
  static GroupIndex group(Snapshot const& snapshot, std::string const& dn) {
    auto const index = snapshot.group_by_dn(key(dn));
    return index ? *index : throw std::runtime_error{"no such group: " + dn};
  }
  static EntryId group_id(Snapshot const& snapshot, std::string const& dn) {
    return snapshot.groups()[group(snapshot, dn)].id;
  }

  static constexpr AccountStates kAllStates{.disabled = true, .expired = true, .locked = true};

  /// For account(): what it looks at.
  static DirectoryQuery account_query(AccountScheme scheme) {
    auto wanted = query();
    for (auto& name : account_attributes(scheme, kAllStates))
      wanted.person_attributes.insert(std::move(name));
    return wanted;
  }
  static AccountFinding account(
      Snapshot const& snapshot, std::string const& dn, AccountRules const& rules,
      std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) {
    return examine_account(person(snapshot, dn), rules, kAllStates, now);
  }

  /// Values of the first RDN, in order: "ann" of "uid=ann,ou=people,...".
  static std::vector<std::string> names(std::span<Entry const> entries,
                                        std::span<std::uint32_t const> indexes) {
    std::vector<std::string> names;
    for (auto const index : indexes) {
      auto const dn = entries[index].dn;
      auto const begin = dn.find('=') + 1;
      names.emplace_back(dn.substr(begin, dn.find(',') - begin));
    }
    std::ranges::sort(names);
    return names;
  }
  static std::vector<std::string> people_in(Snapshot const& snapshot, std::string const& group_dn) {
    return names(snapshot.people(), snapshot.members(group(snapshot, group_dn)).people);
  }
  static std::vector<std::string> groups_in(Snapshot const& snapshot, std::string const& group_dn) {
    return names(snapshot.groups(), snapshot.members(group(snapshot, group_dn)).groups);
  }
  static std::vector<std::string> selected(Snapshot const& snapshot, std::string const& rule) {
    return names(snapshot.groups(), snapshot.selected(rule));
  }
};

/// Reads of one real server, which all tests of a program share: each works in an area of its own,
/// "ou=NAME,SUFFIX" with ou=people and ou=groups. dirsyncd's account there may read and search, no more.
/// The area crowd is there from the start. `Server` has: kSuffix, kReader, kReaderPassword; kPersonRdn, the
/// attribute that names people; start(), tools(), person_lines(name), group_lines(name), the latter without
/// members.
template <class Server>
struct ServerFixture : DirectoryFixture {
  static auto& server() {
    static auto server = Server::start();
    return *server;
  }
  static test::LdapTools tools() { return server().tools(); }

  static std::string area(std::string const& name) { return "ou=" + name + "," + Server::kSuffix; }
  static std::string people(std::string const& name) { return "ou=people," + area(name); }
  static std::string groups(std::string const& name) { return "ou=groups," + area(name); }
  static std::string person_rdn(std::string const& person) {
    return std::string{Server::kPersonRdn} + "=" + person;
  }
  static std::string person_dn(std::string const& name, std::string const& person) {
    return person_rdn(person) + "," + people(name);
  }
  static std::string group_dn(std::string const& name, std::string const& group) {
    return "cn=" + group + "," + groups(name);
  }

  static std::string unit_ldif(std::string const& unit, std::string const& parent) {
    return "dn: ou=" + unit + "," + parent + "\nobjectClass: organizationalUnit\nou: " + unit + "\n\n";
  }
  static std::string area_ldif(std::string const& name) {
    return unit_ldif(name, Server::kSuffix) + unit_ldif("people", area(name)) +
           unit_ldif("groups", area(name));
  }
  /// `lines`: more of the entry, such as "mail: ann@example.com\n".
  static std::string person_ldif(std::string const& name, std::string const& person,
                                 std::string const& lines = {}) {
    return "dn: " + person_dn(name, person) + "\n" + Server::person_lines(person) + lines + "\n";
  }
  static std::string group_ldif(std::string const& name, std::string const& group,
                                std::vector<std::string> const& members) {
    auto ldif = "dn: " + group_dn(name, group) + "\n" + Server::group_lines(group);
    for (auto const& dn : members) ldif += member(dn) + "\n";
    return ldif + "\n";
  }

  /// Member number `number` of cn=crowd in the area crowd. Where members must exist, they are no people.
  static std::string crowd_dn(int number) { return person_dn("crowd", "n" + std::to_string(number)); }
  static constexpr int kCrowd = 3'500;  // more than two answers of Active Directory hold
  static std::string crowd_ldif() {
    std::vector<std::string> members;
    for (int number = 0; number < kCrowd; ++number) members.push_back(crowd_dn(number));
    return group_ldif("crowd", "crowd", members);
  }

  static void rename(std::string const& dn, std::string const& rdn, std::string const& parent = {}) {
    tools().modify("dn: " + dn + "\nchangetype: modrdn\nnewrdn: " + rdn + "\ndeleteoldrdn: 1\n" +
                   (parent.empty() ? "" : "newsuperior: " + parent + "\n"));
  }
  static void remove(std::string const& dn) { tools().modify("dn: " + dn + "\nchangetype: delete\n"); }
  /// `change`: such as "replace: mail\nmail: ann@example.org\n".
  static void modify(std::string const& dn, std::string const& change) {
    tools().modify("dn: " + dn + "\nchangetype: modify\n" + change);
  }

  /// To read one area, over LDAPS.
  static Settings settings(std::string const& name) {
    auto settings = settings_for(server().tls_uri());
    settings.tls.ca_file = server().ca_file();
    settings.base = area(name);
    settings.users = {people(name), ""};
    settings.groups = {groups(name), ""};
    settings.bind.method = Bind::Method::simple;
    settings.bind.dn = Server::kReader;
    settings.bind.password = Secret{Server::kReaderPassword};
    settings.timeouts = {std::chrono::seconds{20}, std::chrono::seconds{20}, std::chrono::seconds{60}};
    return settings;
  }

  std::vector<Presence> look(Settings const& settings, std::vector<EntryProbe> const& probes) {
    LdapDirectory directory{settings};
    auto answers = run(directory.look_for(probes));
    return answers ? *answers : throw std::runtime_error{text(answers.error())};
  }
};

}  // namespace dirsync::ldap
