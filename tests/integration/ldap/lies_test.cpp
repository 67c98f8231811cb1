#include "sync/model/text.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::ldap {
namespace {

using test::ScriptedLdap;
using Answer = ScriptedLdap::Answer;
using Search = ScriptedLdap::Search;

ScriptedLdap::Entry group(std::string const& cn, unsigned number) {
  return {test::group_dn(cn),
          {{"objectClass", {"groupOfNames"}},
           {"entryUUID", {test::uuid(number)}},
           {"member", {test::person_dn("ann")}}}};
}

ScriptedLdap::Entry person(std::string const& uid, unsigned number) {
  return {test::person_dn(uid), {{"entryUUID", {test::uuid(number)}}, {"uid", {uid}}}};
}

/// An honest server with one group and one person; tests turn single answers into lies.
Answer honest(Search const& search) {
  if (search.base.empty()) return {.entries = {{"", {{"objectClass", {"OpenLDAProotDSE"}}}}}, .paged = false};
  if (search.scope == ScriptedLdap::kBase) return {.entries = {{search.base, {}}}, .paged = false};
  if (search.base == kGroups) return {.entries = {group("staff", 100)}};
  return {.entries = {person("ann", 1)}};
}

struct GivenAnswers : LdapFixture {
  Result<Snapshot> read_from(std::function<Answer(Search const&)> script) {
    ScriptedLdap const server{std::move(script)};
    return read(settings_for(server.uri()));
  }
  /// Honest but for the groups' first search.
  Result<Snapshot> read_groups(Answer const& groups) {
    return read_from([groups](Search const& search) {
      return search.base == kGroups && search.scope == ScriptedLdap::kSub && search.nth == 1 ? groups
                                                                                             : honest(search);
    });
  }
};

TEST_F(GivenAnswers, WhenTheyAreHonestThenComplete) {
  auto const snapshot = read_from(honest);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->members(0).people.size(), 1U);
}

struct ResultCode {
  int result;
  LdapErrc code;
  char const* remedy;
};
struct GivenResultAfterSomeEntries : GivenAnswers, testing::WithParamInterface<ResultCode> {};

TEST_P(GivenResultAfterSomeEntries, WhenReadThenAnErrorWithCodeAndRemedy) {
  auto const snapshot =
      read_groups({.entries = {group("staff", 100)}, .result = GetParam().result, .words = "server's words"});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, GetParam().code) << text(snapshot.error());
  for (std::string const& word :
       {std::string{"search for groups"}, "result " + std::to_string(GetParam().result),
        std::string{"server's words"}, std::string{GetParam().remedy}})
    EXPECT_NE(snapshot.error().context.find(word), std::string::npos)
        << word << " in " << text(snapshot.error());
}

INSTANTIATE_TEST_SUITE_P(
    Codes, GivenResultAfterSomeEntries,
    testing::Values(ResultCode{1, LdapErrc::refused, "log"}, ResultCode{3, LdapErrc::time_limit, "index"},
                    ResultCode{4, LdapErrc::size_limit, "limits"},
                    ResultCode{9, LdapErrc::referral, "server"}, ResultCode{10, LdapErrc::referral, "server"},
                    ResultCode{11, LdapErrc::admin_limit, "look-through"},
                    ResultCode{12, LdapErrc::bad_answer, "version"},
                    ResultCode{32, LdapErrc::base_missing, "base"},
                    ResultCode{50, LdapErrc::not_readable, "read access"},
                    ResultCode{51, LdapErrc::busy, "again"}, ResultCode{52, LdapErrc::busy, "again"},
                    ResultCode{53, LdapErrc::refused, "log"}, ResultCode{80, LdapErrc::refused, "log"}));

TEST_F(GivenAnswers, WhenAPageHasNoCookieControlThenBadAnswer) {
  auto const snapshot = read_groups({.entries = {group("staff", 100)}, .paged = false});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::bad_answer);
}

TEST_F(GivenAnswers, WhenAPageCookieComesAgainThenBadAnswer) {
  auto const snapshot = read_from([](Search const& search) -> Answer {
    if (search.base != kGroups || search.scope != ScriptedLdap::kSub) return honest(search);
    auto const number = static_cast<unsigned>(search.nth);
    return {.entries = {group("g" + std::to_string(number), number)}, .cookie = number % 2 == 0 ? "a" : "b"};
  });
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::bad_answer);
  EXPECT_NE(snapshot.error().context.find("cookie"), std::string::npos);
}

TEST_F(GivenAnswers, WhenThePagesOverlapThenDuplicateId) {
  auto const snapshot = read_from([](Search const& search) -> Answer {
    if (search.base != kGroups || search.scope != ScriptedLdap::kSub || search.nth > 2) return honest(search);
    return {.entries = {group("staff", 100)}, .cookie = search.nth == 1 ? "next" : ""};
  });
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::duplicate_id);
}

TEST_F(GivenAnswers, WhenMembersComeInPartThenNotReadable) {
  auto cut = group("staff", 100);
  cut.attributes.back().first = "member;lang-de";
  auto const snapshot = read_groups({.entries = {cut}});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::not_readable);
  EXPECT_NE(snapshot.error().context.find("member;lang-de"), std::string::npos);
}

TEST_F(GivenAnswers, WhenABaseGivesNoEntryThenBaseMissing) {
  auto const snapshot = read_from([](Search const& search) -> Answer {
    return search.base == kPeople && search.scope == ScriptedLdap::kBase ? Answer{.paged = false}
                                                                         : honest(search);
  });
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::base_missing);
  EXPECT_NE(snapshot.error().context.find(kPeople), std::string::npos);
}

TEST_F(GivenAnswers, WhenARuleFindsAGroupThatWasNotReadThenIncomplete) {
  auto const snapshot = read_from([](Search const& search) -> Answer {
    auto const is_rule = search.base == kGroups && search.scope == ScriptedLdap::kSub && search.nth == 2;
    return is_rule ? Answer{.entries = {group("new", 101)}} : honest(search);
  });
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::incomplete);
}

TEST_F(GivenAnswers, WhenAMemberValueIsNoNameThenItIsKeptAsUnresolved) {
  auto odd = group("staff", 100);
  odd.attributes.back().second = {test::person_dn("ann"), "no dn", ""};
  auto const snapshot = read_groups({.entries = {odd}});
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->members(0).people.size(), 1U);
  EXPECT_EQ(snapshot->members(0).unresolved.size(), 2U);
  auto const& noted = snapshot->certificate().clauses.back();
  EXPECT_EQ(noted.name, "unresolved");
  EXPECT_TRUE(is_utf8(noted.detail)) << noted.detail;
  EXPECT_NE(noted.detail.find("2 member values"), std::string::npos) << noted.detail;
  EXPECT_EQ(snapshot->value_count(), 3U);
}

TEST_F(GivenAnswers, WhenAMemberValueIsNotUtf8ThenItIsDamagedAndNotAnotherName) {
  auto odd = group("staff", 100);
  odd.attributes.back().second = {"uid=\xFF\xFE,ou=people,dc=example,dc=com"};
  auto const snapshot = read_groups({.entries = {odd}});
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_TRUE(snapshot->members(0).people.empty());
  ASSERT_EQ(snapshot->damages().size(), 1U);
  EXPECT_NE(snapshot->damages()[0].what.find("\"uid=??,ou=people"), std::string::npos)
      << snapshot->damages()[0].what;
}

TEST_F(GivenAnswers, WhenAnotherAttributeHasAnOptionThenTheGroupIsRead) {
  auto titled = group("staff", 100);
  titled.attributes.push_back({"cn;lang-de", {"Belegschaft"}});
  auto const snapshot = read_groups({.entries = {titled}});
  EXPECT_TRUE(snapshot) << text(snapshot.error());
}

TEST_F(GivenAnswers, WhenAGroupContainsItselfThenItIsReadLikeAnyOther) {
  auto self = group("staff", 100);
  self.attributes.back().second.push_back(test::group_dn("staff"));
  auto const snapshot = read_groups({.entries = {self}});
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->members(0).people.size(), 1U);
  ASSERT_EQ(snapshot->members(0).groups.size(), 1U);
  EXPECT_EQ(snapshot->members(0).groups[0], 0U);
}

TEST_F(GivenAnswers, WhenAnEntrysOwnDnIsMalformedThenItIsSetAsideByName) {
  auto nameless = group("staff", 100);
  nameless.dn = "no dn";
  auto const snapshot = read_groups({.entries = {nameless}});
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  ASSERT_EQ(snapshot->damages().size(), 1U);
  EXPECT_EQ(entry_of(*snapshot, snapshot->damages()[0]).dn, "no dn");
  EXPECT_EQ(snapshot->members(0).people.size(), 1U);
}

}  // namespace
}  // namespace dirsync::ldap
