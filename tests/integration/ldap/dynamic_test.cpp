#include <gmock/gmock.h>

#include <memory>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::ldap {
namespace {

using test::ScriptedLdap;
using testing::ElementsAre;
using testing::HasSubstr;
using Answer = ScriptedLdap::Answer;
using Entry = ScriptedLdap::Entry;
using Search = ScriptedLdap::Search;

constexpr char kBern[] = "ldap:///ou=people,dc=example,dc=com??sub?(l=Bern)";

struct GivenDynamicGroups : LdapFixture {
  std::vector<Entry> groups;
  Answer bern{.entries = {person("ann", 1), person("bob", 2)}};  // what the member URL finds
  std::shared_ptr<int> searches = std::make_shared<int>(0);      // for members

  static Entry person(std::string const& uid, unsigned number) {
    return {test::person_dn(uid), {{"entryUUID", {test::uuid(number)}}, {"uid", {uid}}}};
  }
  static Entry dynamic(std::string const& cn, unsigned number, std::vector<std::string> const& urls) {
    return {test::group_dn(cn),
            {{"objectClass", {"groupOfURLs"}}, {"entryUUID", {test::uuid(number)}}, {"memberURL", urls}}};
  }

  Result<Snapshot> read_groups() {
    ScriptedLdap const server{[this](Search const& search) -> Answer {
      if (search.base.empty())
        return {.entries = {{"", {{"objectClass", {"OpenLDAProotDSE"}}}}}, .paged = false};
      if (search.scope == 0) return {.entries = {{search.base, {}}}, .paged = false};
      if (search.filter == "(l=Bern)") return ++*searches, bern;
      if (search.base == kGroups) return {.entries = groups};
      return {.entries = {person("ann", 1), person("bob", 2), person("cal", 3)}};
    }};
    return read(settings_for(server.uri()));
  }

  static std::vector<PersonIndex> people(Snapshot const& snapshot, GroupIndex group) {
    auto const list = snapshot.members(group).people;
    return {list.begin(), list.end()};
  }
};

TEST_F(GivenDynamicGroups, WhenReadThenWhoeverTheSearchFindsIsAMember) {
  groups = {dynamic("bern", 100, {kBern}), dynamic("none", 101, {})};
  bern.entries.push_back({"cn=printer,dc=example,dc=com", {}});
  auto const snapshot = read_groups();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(people(*snapshot, 0), ElementsAre(0, 1));
  EXPECT_THAT(snapshot->members(0).unresolved, ElementsAre("cn=printer,dc=example,dc=com"));
  EXPECT_THAT(people(*snapshot, 1), ElementsAre());
  EXPECT_TRUE(std::ranges::any_of(snapshot->certificate().clauses, [](auto const& clause) {
    return clause.name == "dynamic-groups" && clause.detail.starts_with("1 groups");
  }));
}

TEST_F(GivenDynamicGroups, WhenTwoShareAUrlThenOneSearchServesBoth) {
  groups = {dynamic("bern", 100, {kBern}), dynamic("capital", 101, {kBern})};
  auto const snapshot = read_groups();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(people(*snapshot, 0), ElementsAre(0, 1));
  EXPECT_THAT(people(*snapshot, 1), ElementsAre(0, 1));
  EXPECT_EQ(*searches, 1);
}

TEST_F(GivenDynamicGroups, WhenTheServerExpandsThemItselfThenNobodyCountsTwice) {
  groups = {dynamic("bern", 100, {kBern})};
  groups[0].attributes.push_back({"member", {test::person_dn("ann"), test::person_dn("cal")}});
  auto const snapshot = read_groups();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(people(*snapshot, 0), ElementsAre(0, 1, 2));
  EXPECT_EQ(snapshot->value_count(), 3U);
}

TEST_F(GivenDynamicGroups, WhenAUrlCanNotBeSearchedThenTheGroupIsDamagedAndTheValueNamesNobody) {
  for (std::string const url : {"ldap://other.example.com/dc=x??sub", "no URL"}) {
    groups = {dynamic("bern", 100, {kBern, url})};
    auto const snapshot = read_groups();
    ASSERT_TRUE(snapshot) << text(snapshot.error());
    EXPECT_THAT(people(*snapshot, 0), ElementsAre(0, 1));
    EXPECT_THAT(snapshot->members(0).unresolved, ElementsAre(url));
    ASSERT_FALSE(snapshot->damages().empty());
    EXPECT_TRUE(snapshot->damages()[0].hides_members);
    for (auto const& word : {url, std::string{"groups.filter"}})
      EXPECT_THAT(snapshot->damages()[0].what, HasSubstr(word));
  }
}

TEST_F(GivenDynamicGroups, WhenWhatItSearchesIsNotThereThenTheSame) {
  groups = {dynamic("bern", 100, {kBern})};
  bern.result = 32;
  auto const snapshot = read_groups();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(people(*snapshot, 0), testing::IsEmpty());
  EXPECT_THAT(snapshot->members(0).unresolved, ElementsAre(kBern));
  ASSERT_FALSE(snapshot->damages().empty());
  EXPECT_TRUE(snapshot->damages()[0].hides_members);
  EXPECT_THAT(snapshot->damages()[0].what, HasSubstr("result 32"));
}

TEST_F(GivenDynamicGroups, WhenTheServerDoesNotCompleteTheSearchThenTheReadFails) {
  groups = {dynamic("bern", 100, {kBern})};
  for (auto const& [result, code] : {std::pair{4, LdapErrc::size_limit}, {50, LdapErrc::not_readable}}) {
    bern.result = result;
    auto const snapshot = read_groups();
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, code);
    EXPECT_THAT(snapshot.error().context, HasSubstr("dynamic group"));
  }
}

struct GivenSlapdWithDynlist : LdapFixture {
  void start(std::vector<std::string> const& overlay) {
    std::string const url = "memberURL: ldap:///ou=people,dc=example,dc=com??one?(|(uid=ann)(uid=bob))";
    slapd.emplace(test::Slapd::Options{
        .ldif = test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("bob", 2) +
                test::ldif_person("cal", 3) + test::ldif_group("both", 100, {url}, "groupOfURLs") +
                test::ldif_group("above", 101, {member(test::group_dn("both"))}),
        .global_lines = {"include /etc/ldap/schema/dyngroup.schema", "moduleload dynlist"},
        .database_lines = overlay});
  }
};

TEST_F(GivenSlapdWithDynlist, WhenItExpandsOrNotThenTheSameMembers) {
  for (std::vector<std::string> const& overlay :
       {std::vector<std::string>{}, {"overlay dynlist", "dynlist-attrset groupOfURLs memberURL member"}}) {
    start(overlay);
    auto const snapshot = read(settings());
    ASSERT_TRUE(snapshot) << text(snapshot.error());
    auto const both = snapshot->group_by_dn(test::group_dn("both"));
    ASSERT_TRUE(both);
    EXPECT_EQ(snapshot->members(*both).people.size(), 2U);
    EXPECT_EQ(snapshot->members(*both).unresolved.size(), 0U);
    EXPECT_EQ(snapshot->value_count(), 3U);
    auto const above = snapshot->group_by_dn(test::group_dn("above"));
    ASSERT_TRUE(above);
    EXPECT_THAT(snapshot->members(*above).groups, ElementsAre(*both));
  }
}

}  // namespace
}  // namespace dirsync::ldap
