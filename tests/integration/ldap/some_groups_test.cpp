// Single groups, as a whole read shows them, and groups that name somebody.
#include <gmock/gmock.h>

#include <memory>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/integration/ldap/scripted_ad.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

EntryId const kStaffId{test::uuid(100)}, kPosixId{test::uuid(101)}, kAboveId{test::uuid(102)};

std::vector<std::string> values_of(Snapshot const& snapshot, GroupIndex group) {
  auto const values = snapshot.members(group).unresolved;
  return {values.begin(), values.end()};
}

/// ann and bob; staff names ann and somebody who is not there, by DN, posix both by uid, and above has staff.
struct GivenAFewGroups : LdapFixture {
  void SetUp() override { start({}); }
  void start(std::string const& more_ldif, std::vector<std::string> global_lines = {}) {
    auto const ldif =
        test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("bob", 2) +
        test::ldif_group("staff", 100, {member(test::person_dn("ann")), member(test::person_dn("ghost"))}) +
        test::ldif_group("posix", 101, {"memberUid: ann", "memberUid: ghost"}, "posixGroup") +
        test::ldif_group("above", 102, {member(test::group_dn("staff"))}) + more_ldif;
    slapd.emplace(test::Slapd::Options{.ldif = ldif, .global_lines = std::move(global_lines)});
  }
  Result<Snapshot> read_some(std::vector<EntryId> ids, Settings const& with,
                             DirectoryQuery const& asked = query()) {
    LdapDirectory directory{with};
    return run(directory.read_groups(asked, std::move(ids)));
  }
  std::vector<EntryId> naming(EntryNames names) {
    LdapDirectory directory{settings()};
    auto const found = run(directory.groups_naming(query(), std::move(names)));
    EXPECT_TRUE(found) << (found ? "" : text(found.error()));
    return found ? *found : std::vector<EntryId>{};
  }
};

TEST_F(GivenAFewGroups, WhenOneIsAskedForThenThatOneAsInAWholeReadAndNothingElse) {
  auto const whole = read(settings());
  ASSERT_TRUE(whole) << text(whole.error());
  auto const some = read_some({kStaffId}, settings());
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_THAT(some->people(), IsEmpty());
  ASSERT_EQ(some->groups().size(), 1U);
  auto const& staff = some->groups().front();
  auto const& in_whole = whole->groups()[whole->group_by_id(kStaffId).value()];
  EXPECT_EQ(staff.id, in_whole.id);
  EXPECT_EQ(staff.dn, in_whole.dn);
  EXPECT_EQ(staff.normalized_dn, in_whole.normalized_dn);
  EXPECT_EQ(staff.changed, in_whole.changed);
  ASSERT_EQ(staff.values("cn").size(), 1U);
  EXPECT_EQ(staff.values("cn").front(), in_whole.values("cn").front());
  EXPECT_THAT(values_of(*some, 0), UnorderedElementsAre(test::person_dn("ann"), test::person_dn("ghost")));
  EXPECT_THAT(some->members(0).people, IsEmpty());
  EXPECT_EQ(some->certificate().values, 2U);
  EXPECT_EQ(some->certificate().change_numbers.source, whole->certificate().change_numbers.source);
}

TEST_F(GivenAFewGroups, WhenItListsUserNamesThenTheseAreItsValues) {
  auto const some = read_some({kPosixId}, settings());
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->groups().size(), 1U);
  EXPECT_THAT(values_of(*some, 0), UnorderedElementsAre("ann", "ghost"));
}

TEST_F(GivenAFewGroups, WhenOneHasAnotherThenItIsFoundAmongThemAndOnlyThere) {
  auto const above = read_some({kAboveId}, settings());
  ASSERT_TRUE(above) << text(above.error());
  EXPECT_THAT(values_of(*above, 0), ElementsAre(test::group_dn("staff")));
  auto const both = read_some({kAboveId, kStaffId}, settings());
  ASSERT_TRUE(both) << text(both.error());
  auto const number = both->group_by_id(kAboveId).value();
  EXPECT_THAT(both->members(number).groups, ElementsAre(both->group_by_id(kStaffId).value()));
  EXPECT_THAT(values_of(*both, number), IsEmpty());
}

TEST_F(GivenAFewGroups, WhenRulesSelectThenWhatTheirFiltersSelectAmongThem) {
  auto asked = query();
  asked.rules = {{"by-filter", GroupQuery::Matching{"(cn=staff)"}},
                 {"by-other-filter", GroupQuery::Matching{"(cn=above)"}},
                 {"by-name", GroupQuery::Named{{test::group_dn("staff")}}},
                 {"below", GroupQuery::MembersOf{test::group_dn("above")}}};
  auto const some = read_some({kStaffId, kPosixId}, settings(), asked);
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_THAT(some->selected("by-filter"), ElementsAre(some->group_by_id(kStaffId).value()));
  for (auto const* const rule : {"by-other-filter", "by-name", "below"})
    EXPECT_THAT(some->selected(rule), IsEmpty()) << rule;
}

TEST_F(GivenAFewGroups, WhenSomeAreNotThereThenTheOthersCome) {
  auto const some = read_some(
      {kStaffId, EntryId{test::uuid(1)}, EntryId{test::uuid(77)}, EntryId{"of another server"}}, settings());
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->groups().size(), 1U);
  EXPECT_EQ(some->groups().front().id, kStaffId);
  auto const none = read_some({EntryId{"of another server"}}, settings());
  ASSERT_TRUE(none) << text(none.error());
  EXPECT_THAT(none->groups(), IsEmpty());
}

TEST_F(GivenAFewGroups, WhenTheyAreNoGroupsOfAWholeReadThenTheyAreNotThere) {
  auto narrow = settings();
  narrow.groups.filter = "(cn=above)";
  auto elsewhere = settings();
  elsewhere.groups.base = kPeople;
  auto of_other_classes = settings();
  of_other_classes.group_kinds.classes = {"posixGroup"};
  for (auto const& with : {narrow, elsewhere, of_other_classes}) {
    auto const some = read_some({kStaffId}, with);
    ASSERT_TRUE(some) << text(some.error());
    EXPECT_THAT(some->groups(), IsEmpty());
    EXPECT_THAT(some->selected(kStaff), IsEmpty());
  }
}

TEST_F(GivenAFewGroups, WhenOneOfThemIsDynamicThenThatIsNotOffered) {
  std::string const url = "memberURL: ldap:///ou=people,dc=example,dc=com??one?(uid=ann)";
  start(test::ldif_group("found", 103, {url}, "groupOfURLs"), {"include /etc/ldap/schema/dyngroup.schema"});
  auto const some = read_some({kStaffId, EntryId{test::uuid(103)}}, settings());
  ASSERT_FALSE(some);
  EXPECT_EQ(some.error().code, boost::system::errc::operation_not_supported);
  EXPECT_THAT(some.error().context, AllOf(HasSubstr(test::group_dn("found")), HasSubstr("memberURL")));
  EXPECT_TRUE(read_some({kStaffId}, settings()));
}

TEST_F(GivenAFewGroups, WhenTheServerIsGoneThenAnErrorAndNotAnAbsence) {
  auto const unreachable = settings();
  slapd->stop();
  EXPECT_FALSE(read_some({kStaffId}, unreachable));
  LdapDirectory directory{unreachable};
  EXPECT_FALSE(run(directory.groups_naming(query(), {.dns = {test::person_dn("ann")}, .uids = {}})));
}

TEST_F(GivenAFewGroups, WhenGroupsNameSomebodyThenAllAreFoundHoweverTheyAreSpelt) {
  EXPECT_THAT(naming({.dns = {test::person_dn("ghost")}, .uids = {}}), ElementsAre(kStaffId));
  EXPECT_THAT(naming({.dns = {"UID=Ghost, OU=People,dc=example,dc=com"}, .uids = {}}), ElementsAre(kStaffId));
  EXPECT_THAT(naming({.dns = {}, .uids = {"ghost"}}), ElementsAre(kPosixId));
  EXPECT_THAT(naming({.dns = {test::person_dn("ann"), test::group_dn("staff")}, .uids = {"ann"}}),
              UnorderedElementsAre(kStaffId, kPosixId, kAboveId));
  EXPECT_THAT(naming({.dns = {test::person_dn("bob")}, .uids = {"bob"}}), IsEmpty());
  EXPECT_THAT(naming({.dns = {"no dn (*)"}, .uids = {"a*(b)"}}), IsEmpty());
  EXPECT_THAT(naming({}), IsEmpty());
}

TEST_F(GivenAFewGroups, WhenAGroupIsNoneOfAWholeReadThenItNamesNobody) {
  auto narrow = settings();
  narrow.groups.filter = "(cn=above)";
  LdapDirectory directory{narrow};
  auto const found = run(directory.groups_naming(query(), {.dns = {test::person_dn("ann")}, .uids = {}}));
  ASSERT_TRUE(found) << text(found.error());
  EXPECT_THAT(*found, IsEmpty());
}

/// staff has more members than come at once, and is the primary group of cal.
struct GivenAFewGroupsOfADomain : LdapFixture {
  test::ScriptedAd ad;
  std::shared_ptr<std::vector<test::ScriptedLdap::Search>> seen =
      std::make_shared<std::vector<test::ScriptedLdap::Search>>();

  GivenAFewGroupsOfADomain() {
    for (unsigned n = 0; n < 2000; ++n) members.push_back(test::person_dn("user" + std::to_string(n)));
    ad.groups = {{.cn = "staff", .number = 100, .members = members, .rid = 2000}};
    ad.people = {test::ScriptedAd::person("cal", 3, 1, 2000), test::ScriptedAd::person("eve", 4, 2, 2000)};
    ad.lie = [log = seen](auto const& search, auto&) { log->push_back(search); };
  }
  std::vector<std::string> members;
};

TEST_F(GivenAFewGroupsOfADomain, WhenOneIsReadThenWithItsPartsAndThePeopleWhosePrimaryGroupItIs) {
  test::ScriptedLdap const server{ad};
  auto with = settings_for(server.uri());
  with.users.filter.clear();
  LdapDirectory directory{with};
  auto const some = run(directory.read_groups(query(), {kStaffId}));
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_THAT(some->people(), IsEmpty());
  auto expected = members;
  expected.push_back(test::person_dn("cal"));  // eve is of another domain
  EXPECT_THAT(values_of(*some, 0), testing::UnorderedElementsAreArray(expected));
  std::vector<std::string> filters;
  for (auto const& search : *seen)
    if (search.scope == 2 && search.base == kPeople) filters.push_back(search.filter);
  EXPECT_THAT(filters, ElementsAre("(&(sAMAccountType=805306368)(|(primaryGroupID=2000)))"));
}

}  // namespace
}  // namespace dirsync::ldap
