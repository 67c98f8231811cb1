#include <gmock/gmock.h>

#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string const kOddDn = "cn=M\\C3\\BCller\\2C J\\C3\\B6rg \\2B1\\5C,ou=people,dc=example,dc=com";

struct GivenGroupsOfEveryKind : LdapFixture {
  void SetUp() override {
    slapd.emplace(test::Slapd::Options{
        .ldif =
            test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("bob", 2) +
            test::ldif_person("joerg", 3, kOddDn) +
            test::ldif_group("staff", 100, {member(test::person_dn("ann")), member(test::group_dn("devs"))}) +
            test::ldif_group("devs", 101,
                             {member("UID=Bob , OU=People,dc=example, dc=com"),
                              member("uid=former,ou=people,dc=example,dc=com")}) +
            test::ldif_group("ring-a", 102,
                             {member(test::group_dn("ring-b")), member(test::person_dn("ann"))}) +
            test::ldif_group("ring-b", 103, {member(test::group_dn("ring-a"))}) +
            test::ldif_group("unix", 104, {"memberUid: ann", "memberUid: ghost"}, "posixGroup") +
            test::ldif_group("empty", 105, {}, "posixGroup") +
            test::ldif_group(
                "unique", 106,
                {"uniqueMember: " + test::person_dn("bob") + "#'0101'B", "uniqueMember: " + kOddDn},
                "groupOfUniqueNames"),
        .global_lines = {},
        .database_lines = {},
        .access = {"access to * by * read"}});
  }

  static std::vector<std::string> mails(Snapshot const& snapshot, std::string const& cn) {
    std::vector<std::string> mails;
    auto const group = snapshot.group_by_dn(test::group_dn(cn));
    EXPECT_TRUE(group) << cn;
    if (!group) return mails;
    for (auto const person : snapshot.members(*group).people)
      mails.emplace_back(snapshot.people()[person].values("mail").front());
    return mails;
  }
};

TEST_F(GivenGroupsOfEveryKind, WhenReadThenMembersResolve) {
  auto const snapshot = read(settings());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 3U);
  EXPECT_EQ(snapshot->groups().size(), 7U);
  EXPECT_THAT(mails(*snapshot, "staff"), ElementsAre("ann@example.com"));
  EXPECT_THAT(mails(*snapshot, "devs"), ElementsAre("bob@example.com"));
  EXPECT_THAT(mails(*snapshot, "unix"), ElementsAre("ann@example.com"));
  EXPECT_THAT(mails(*snapshot, "empty"), ElementsAre());
  EXPECT_THAT(mails(*snapshot, "unique"), UnorderedElementsAre("bob@example.com", "joerg@example.com"));
  auto const staff = snapshot->members(*snapshot->group_by_dn(test::group_dn("staff")));
  EXPECT_THAT(std::vector(staff.groups.begin(), staff.groups.end()),
              ElementsAre(*snapshot->group_by_dn(test::group_dn("devs"))));
  auto const devs = snapshot->members(*snapshot->group_by_dn(test::group_dn("devs")));
  EXPECT_THAT(std::vector(devs.unresolved.begin(), devs.unresolved.end()),
              ElementsAre("uid=former,ou=people,dc=example,dc=com"));
  auto const unix = snapshot->members(*snapshot->group_by_dn(test::group_dn("unix")));
  EXPECT_THAT(std::vector(unix.unresolved.begin(), unix.unresolved.end()), ElementsAre("ghost"));
  EXPECT_EQ(snapshot->person_by_id(EntryId{test::uuid(3)}),
            snapshot->person_by_dn("cn=m\xC3\xBCller\\, j\xC3\xB6rg \\+1\\\\,ou=people,dc=example,dc=com"));
  EXPECT_TRUE(snapshot->person_by_id(EntryId{test::uuid(3)}));
}

TEST_F(GivenGroupsOfEveryKind, WhenRulesSelectThenEachHasItsGroups) {
  DirectoryQuery query;
  query.rules = {
      {"filter", GroupQuery::Matching{"(|(cn=un*)(cn=staff))"}},
      {"named", GroupQuery::Named{{"CN=Devs,ou=groups,dc=example,dc=com", test::group_dn("gone")}}},
      {"below", GroupQuery::MembersOf{test::group_dn("ring-a")}},
      {"nothing", GroupQuery::Matching{"(cn=none)"}}};
  auto const snapshot = read(settings(), query);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  auto const names = [&snapshot](std::string const& rule) {
    std::vector<std::string_view> dns;
    for (auto const group : snapshot->selected(rule)) dns.push_back(snapshot->groups()[group].dn);
    return dns;
  };
  EXPECT_THAT(names("filter"), UnorderedElementsAre(test::group_dn("staff"), test::group_dn("unix"),
                                                    test::group_dn("unique")));
  EXPECT_THAT(names("named"), ElementsAre(test::group_dn("devs")));
  EXPECT_THAT(names("below"), ElementsAre(test::group_dn("ring-b")));
  EXPECT_THAT(names("nothing"), ElementsAre());
  EXPECT_EQ(snapshot->certificate().clauses.back().name, "selection");
  EXPECT_THAT(snapshot->certificate().clauses.back().detail, HasSubstr("cn=gone"));
}

TEST_F(GivenGroupsOfEveryKind, WhenPagesAreSmallThenTheSameIsRead) {
  auto small = settings();
  small.page_size = 2;
  auto const snapshot = read(small);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 3U);
  EXPECT_EQ(snapshot->groups().size(), 7U);
  EXPECT_GE(snapshot->certificate().pages, 10U);  // 4 for groups, 2 for people, 4 for the rule
}

TEST_F(GivenGroupsOfEveryKind, WhenReadThenTheCertificateSaysWhatWasProven) {
  auto const snapshot = read(settings());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  auto const& certificate = snapshot->certificate();
  EXPECT_TRUE(certificate.complete());
  EXPECT_EQ(certificate.server, slapd->uri());
  EXPECT_EQ(certificate.searches, 5U);  // two bases, groups, people, one rule
  EXPECT_EQ(certificate.values, 11U);
  std::vector<std::string> names;
  for (auto const& clause : certificate.clauses) names.push_back(clause.name);
  EXPECT_THAT(names, ElementsAre("value-count", "result-codes", "referrals", "paging", "base-readable",
                                 "entry-count", "ids", "members-readable", "connections", "unresolved"));
  EXPECT_EQ(certificate.clauses.back().detail,
            "2 member values name no entry that was read, such as "
            "\"uid=former,ou=people,dc=example,dc=com\" \"ghost\"");
}

TEST_F(GivenGroupsOfEveryKind, WhenGroupsAreNarrowedThenOnlyThoseAreRead) {
  auto narrow = settings();
  narrow.groups.filter = "(cn=ring-*)";
  narrow.users.scope = Scope::base;
  narrow.users.base = test::person_dn("ann");
  auto const snapshot = read(narrow);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->groups().size(), 2U);
  EXPECT_EQ(snapshot->people().size(), 1U);
}

TEST_F(GivenGroupsOfEveryKind, WhenAFilterIsNotWholeThenItIsRefusedBeforeItIsSent) {
  auto broken = settings();
  broken.groups.filter = "(cn=a))(|(cn=b)";
  expect_failure(broken, LdapErrc::bad_filter, {"groups.filter"});
}

TEST_F(GivenGroupsOfEveryKind, WhenAnotherFlavourIsConfiguredThenBothAreNamed) {
  auto other = settings();
  other.flavour = Flavour::active_directory;
  expect_failure(other, LdapErrc::wrong_flavour, {"\"ad\" is configured", "that of \"openldap\""});
}

struct GivenAPlaceToLook : LdapFixture {
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif(), .access = access()}); }
  virtual std::vector<std::string> access() const { return {"access to * by * read"}; }
  std::vector<Presence> look(std::vector<EntryProbe> const& probes) {
    LdapDirectory directory{settings()};
    auto const answers = run(directory.look_for(probes));
    EXPECT_TRUE(answers) << text(answers.error());
    return answers ? *answers : std::vector<Presence>{};
  }
};

TEST_F(GivenAPlaceToLook, WhenEntriesAreLookedForThenGoneOnlyWhenBothWaysSaySo) {
  EntryId const ann{test::uuid(1)}, nobody{test::uuid(9)};
  auto const answers = look({{ann, test::person_dn("ann")},                                  // where it was
                             {ann, test::person_dn("old-name")},                             // renamed
                             {nobody, test::person_dn("nobody"), {test::person_dn("ann")}},  // deleted
                             {nobody, test::person_dn("ann")},  // another entry has its name
                             {nobody, "no dn"},
                             {nobody, ""},
                             {EntryId{"not-a-uuid"}, test::person_dn("nobody")}});
  EXPECT_THAT(answers, ElementsAre(Presence::present, Presence::present, Presence::gone, Presence::unknown,
                                   Presence::unknown, Presence::unknown, Presence::unknown));
}

TEST_F(GivenAPlaceToLook, WhenTheServerIsGoneThenAnError) {
  auto const unreachable = settings();
  slapd->stop();
  LdapDirectory directory{unreachable};
  auto const answers = run(directory.look_for({{EntryId{test::uuid(1)}, test::person_dn("ann")}}));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().code, LdapErrc::connect_failed);
}

struct GivenAHiddenSuffix : GivenAPlaceToLook {
  std::vector<std::string> access() const override {
    return {"access to dn.exact=\"\" by * read", "access to * by * none"};
  }
};

TEST_F(GivenAHiddenSuffix, WhenEntriesAreLookedForThenUnknown) {
  EXPECT_THAT(look({{EntryId{test::uuid(1)}, test::person_dn("ann")}}), ElementsAre(Presence::unknown));
}

}  // namespace
}  // namespace dirsync::ldap
