#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "ldap/read/group_classes.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/integration/ldap/scripted_ad.hpp"

namespace dirsync::ldap {
namespace {

using test::ScriptedAd;
using test::ScriptedLdap;
using testing::HasSubstr;
using testing::SizeIs;
using Answer = ScriptedLdap::Answer;
using Search = ScriptedLdap::Search;

/// The index of the value that a search for members in parts starts with; none for other searches.
std::optional<std::size_t> slice_from(Search const& search) {
  constexpr std::string_view kAsked = "member;range=";
  for (auto const& attribute : search.attributes)
    if (attribute.starts_with(kAsked)) return std::stoul(attribute.substr(kAsked.size()));
  return std::nullopt;
}

/// The attribute of the first entry that holds the slice.
std::pair<std::string, std::vector<std::string>>& slice_of(Answer& answer) {
  return answer.entries.at(0).attributes.back();
}

struct GivenADomainController : LdapFixture {
  ScriptedAd ad;

  Settings ad_settings(std::string const& uri) const {
    auto settings = settings_for(uri);
    settings.users.filter.clear();
    return settings;
  }

  Result<Snapshot> read_ad() {
    ScriptedLdap const server{ad};
    return read(ad_settings(server.uri()));
  }

  void expect_error(LdapErrc code, std::string const& words) {
    auto const snapshot = read_ad();
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, code) << text(snapshot.error());
    EXPECT_THAT(snapshot.error().context, HasSubstr(words));
  }

  std::vector<std::string> members_in_order(std::size_t count) {
    std::vector<std::string> members;
    for (std::size_t n = 0; n < count; ++n) members.push_back(test::person_dn("user" + std::to_string(n)));
    return members;
  }
};

TEST_F(GivenADomainController, WhenReadThenItIsAskedInItsOwnWords) {
  auto const seen = std::make_shared<std::vector<Search>>();
  ad.people = {ScriptedAd::person("ann", 1)};
  ad.groups = {{.cn = "staff", .number = 100, .members = {test::person_dn("ann")}},
               {.cn = "empty", .number = 101, .rid = 2001}};
  ad.lie = [seen](Search const& search, Answer&) { seen->push_back(search); };
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->person_by_id(EntryId{test::uuid(1)}), 0U);
  auto const staff = snapshot->group_by_id(EntryId{test::uuid(100)});
  ASSERT_TRUE(staff);
  EXPECT_THAT(snapshot->members(*staff).people, SizeIs(1));
  EXPECT_THAT(snapshot->people()[0].values("mail"), SizeIs(1));
  EXPECT_THAT(snapshot->people()[0].values("objectSid"), SizeIs(0));  // nobody asked for it
  std::vector<std::string> filters;
  for (auto const& search : *seen)
    if (search.scope == 2) filters.push_back(search.filter);
  std::string const in_empty = "(|(memberOf=" + test::group_dn("empty") + "))";
  std::string const people = "(sAMAccountType=805306368)";
  // It shows no schema, so the built-in one says what may be a group.
  auto const groups =
      group_classes(builtin_schema(), traits_of(Flavour::active_directory), {}).value().filter;
  EXPECT_THAT(groups, testing::StartsWith("(|(objectClass=group)"));
  EXPECT_THAT(filters, testing::UnorderedElementsAre(groups, "(&" + people + in_empty + ")",
                                                     "(&" + groups + in_empty + ")", people,
                                                     "(&" + groups + "(cn=*))"));
}

TEST_F(GivenADomainController, WhenSomebodySaysToBeInAGroupThatShowsNoMemberThenNotReadable) {
  ad.groups = {{.cn = "staff, (all)", .number = 100}};
  ad.lie = [](Search const& search, Answer& answer) {
    if (search.base != ScriptedAd::kPeople || search.filter.find("(memberOf=") == std::string::npos) return;
    EXPECT_NE(search.filter.find("cn=staff, \\28all\\29,ou=groups"), std::string::npos) << search.filter;
    answer.entries = {{test::person_dn("ann"), {{"memberOf", {test::group_dn("staff, (all)")}}}}};
  };
  expect_error(LdapErrc::not_readable, "staff, (all)");
}

TEST_F(GivenADomainController, WhenSomebodyJoinsAnEmptyGroupMeanwhileThenChanged) {
  ad.groups = {{.cn = "staff", .number = 100}};
  ad.lie = [](Search const& search, Answer& answer) {
    if (search.base == ScriptedAd::kPeople && search.filter.find("(memberOf=") != std::string::npos)
      answer.entries = {{test::person_dn("ann"), {{"memberOf", {test::group_dn("staff")}}}}};
    if (search.base == test::group_dn("staff"))
      answer = {.entries = {{search.base, {{"member", {test::person_dn("ann")}}}}}, .paged = false};
  };
  expect_error(LdapErrc::changed, "got its first member while it was read");
}

TEST_F(GivenADomainController, WhenManyGroupsAreEmptyThenAFewSearchesLookForTheirMembers) {
  auto const searches = std::make_shared<int>(0);
  for (unsigned n = 0; n < 101; ++n)
    ad.groups.push_back({.cn = "g" + std::to_string(n), .number = 100 + n, .rid = 2000 + n});
  ad.lie = [searches](Search const& search, Answer&) {
    *searches += search.filter.find("(memberOf=") != std::string::npos ? 1 : 0;
  };
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(*searches, 6);  // 50, 50 and 1, each among people and among groups
}

TEST_F(GivenADomainController, WhenReadThenItCountsWhoShowsTheStateOfTheirAccount) {
  auto const shown = [this] {
    auto const snapshot = read_ad();
    EXPECT_TRUE(snapshot) << text(snapshot.error());
    return snapshot ? snapshot->certificate().deciding_attributes.at("useraccountcontrol") : -1;
  };
  ad.people = {ScriptedAd::person("ann", 1), ScriptedAd::person("bob", 2)};
  ad.people[0].attributes.push_back({"userAccountControl", {"512"}});
  EXPECT_EQ(shown(), 1);
  ad.people[0].attributes.pop_back();
  EXPECT_EQ(shown(), 0);
}

TEST_F(GivenADomainController, WhenAnIdIsMalformedThenAnError) {
  ad.people = {ScriptedAd::person("ann", 1)};
  ad.people[0].attributes[1].second = {"short"};
  expect_error(LdapErrc::bad_answer, "malformed objectGUID");
}

TEST_F(GivenADomainController, WhenAnEntryIsLookedForThenByItsBytes) {
  auto const filters = std::make_shared<std::vector<std::string>>();
  ad.people = {ScriptedAd::person("ann", 1)};
  ad.lie = [filters](Search const& search, Answer& answer) {
    if (search.base == test::person_dn("gone")) answer = {.result = 32, .paged = false};
    if (search.base != "dc=example,dc=com") return;
    filters->push_back(search.filter);
    answer = {.paged = false};
    if (search.filter.ends_with("\\01)")) answer.entries = {ScriptedAd::person("ann", 1)};
  };
  ScriptedLdap const server{ad};
  LdapDirectory directory{ad_settings(server.uri())};
  auto const answers = run(
      directory.look_for({{EntryId{test::uuid(1)}, test::person_dn("gone")},
                          {EntryId{test::uuid(2)}, test::person_dn("gone"), {"ou=people,dc=example,dc=com"}},
                          {EntryId{"11111111-11111111-11111111-11111111"}, "cn=x"}}));
  ASSERT_TRUE(answers) << text(answers.error());
  EXPECT_THAT(*answers, testing::ElementsAre(Presence::present, Presence::gone, Presence::unknown));
  EXPECT_EQ(filters->front(), R"((objectGUID=\00\00\00\00\00\00\00@\80\00\00\00\00\00\00\01))");
}

struct GivenAGroupInParts : GivenADomainController, testing::WithParamInterface<std::size_t> {};

TEST_P(GivenAGroupInParts, WhenReadThenAllItsMembers) {
  ad.groups = {{.cn = "all", .number = 100, .members = members_in_order(GetParam())}};
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(snapshot->members(0).unresolved, SizeIs(GetParam()));
  EXPECT_EQ(snapshot->value_count(), GetParam());
  EXPECT_EQ(snapshot->certificate().values, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Sizes, GivenAGroupInParts,
                         testing::Values(1500U, 1501U, 2999U, 3000U, 3500U, 10'000U));

/// What a server might do to a list that comes in parts.
struct PartLie {
  char const* name;
  void (*tell)(Search const&, Answer&);
  LdapErrc code;
  char const* words;
};
struct GivenALieAboutParts : GivenADomainController, testing::WithParamInterface<PartLie> {};

TEST_P(GivenALieAboutParts, WhenReadThenNeverAShortList) {
  ad.groups = {{.cn = "all", .number = 100, .members = members_in_order(3500)}};
  ad.lie = [tell = GetParam().tell](Search const& search, Answer& answer) {
    if (slice_from(search).value_or(0) > 0) tell(search, answer);
  };
  expect_error(GetParam().code, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Lies, GivenALieAboutParts,
    testing::Values(
        PartLie{"stops short", [](Search const&, Answer& answer) { slice_of(answer).second.resize(1400); },
                LdapErrc::bad_answer, "1400 members as those from number 1499 to 2998"},
        PartLie{"repeats",
                [](Search const&, Answer& answer) { slice_of(answer).first = "member;range=0-1499"; },
                LdapErrc::bad_answer, "members from number 0 when asked for those from 1499"},
        PartLie{"leaves a gap",
                [](Search const&, Answer& answer) { slice_of(answer).first = "member;range=1501-3000"; },
                LdapErrc::bad_answer, "members from number 1501 when asked for those from 1499"},
        PartLie{"runs backwards",
                [](Search const&, Answer& answer) { slice_of(answer).first = "member;range=1499-3"; },
                LdapErrc::bad_answer, "to 3"},
        PartLie{"never ends",
                [](Search const&, Answer& answer) {
                  slice_of(answer).first = "member;range=1499-1499";
                  slice_of(answer).second.resize(1);
                },
                LdapErrc::bad_answer, "not their end"},
        PartLie{"vanishes", [](Search const&, Answer& answer) { answer.entries[0].attributes.pop_back(); },
                LdapErrc::changed, "no member from number 1499 on"},
        PartLie{"has no values", [](Search const&, Answer& answer) { slice_of(answer).second.clear(); },
                LdapErrc::changed, "no member from number 1499 on"},
        PartLie{"is moved", [](Search const&, Answer& answer) { answer = {.result = 32, .paged = false}; },
                LdapErrc::changed, "no longer there"},
        PartLie{"is hidden", [](Search const&, Answer& answer) { answer.entries.clear(); }, LdapErrc::changed,
                "no longer the same"},
        PartLie{"is another",
                [](Search const&, Answer& answer) {
                  answer.entries[0].attributes[1].second = {ScriptedAd::guid(7)};
                },
                LdapErrc::changed, "no longer the same"},
        PartLie{"has another version",
                [](Search const&, Answer& answer) { answer.entries[0].attributes[3].second = {"101"}; },
                LdapErrc::changed, "was changed"},
        PartLie{"moves up by one",
                [](Search const&, Answer& answer) {
                  auto& values = slice_of(answer).second;
                  std::rotate(values.begin(), values.begin() + 1, values.end());
                },
                LdapErrc::changed, "was changed"},
        PartLie{"gives a member twice",
                [](Search const&, Answer& answer) { slice_of(answer).second[5] = test::person_dn("user7"); },
                LdapErrc::changed, "twice"},
        PartLie{"is refused", [](Search const&, Answer& answer) { answer = {.result = 50, .paged = false}; },
                LdapErrc::not_readable, "reading members in parts"}),
    [](auto const& lie) {
      std::string name;
      for (std::string_view const words = lie.param.name; auto const c : words)
        if (c != ' ') name.push_back(c);
      return name;
    });

TEST_F(GivenADomainController, WhenAGroupChangesOnceWhileItIsReadThenItIsReadAgain) {
  ad.groups = {{.cn = "all", .number = 100, .members = members_in_order(3500)}};
  auto const changes = std::make_shared<int>(0);
  ad.lie = [changes](Search const& search, Answer& answer) {
    if (slice_from(search).value_or(0) > 0 && ++*changes == 1)
      answer.entries[0].attributes[3].second = {"101"};
  };
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->value_count(), 3500U);
  EXPECT_GT(*changes, 2);
}

TEST_F(GivenADomainController, WhenAnotherAttributeComesInPartsThenAnError) {
  ad.people = {ScriptedAd::person("ann", 1)};
  ad.people[0].attributes.push_back({"otherMailbox;range=0-1499", {"x"}});
  expect_error(LdapErrc::not_readable, "otherMailbox;range=0-1499");
}

struct GivenPrimaryGroups : GivenADomainController {
  GivenPrimaryGroups() {
    ad.groups = {{.cn = "domain-users", .number = 100, .members = {test::person_dn("bob")}, .rid = 513},
                 {.cn = "elsewhere", .number = 101, .domain = 2, .rid = 513}};
    ad.people = {ScriptedAd::person("ann", 1), ScriptedAd::person("bob", 2, 1, 9999),
                 ScriptedAd::person("eve", 3, 2)};
  }
};

TEST_F(GivenPrimaryGroups, WhenReadThenPeopleAreMembersOfTheOneInTheirDomain) {
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  auto const list = [&snapshot](GroupIndex group) {
    auto const people = snapshot->members(group).people;
    return std::vector(people.begin(), people.end());
  };
  EXPECT_THAT(list(0), testing::ElementsAre(0, 1));  // by primaryGroupID and by value
  EXPECT_THAT(list(1), testing::ElementsAre(2));
  EXPECT_TRUE(std::ranges::any_of(snapshot->certificate().clauses, [](auto const& clause) {
    return clause.name == "primary-groups" && clause.detail.starts_with("2 people");
  }));
}

TEST_F(GivenPrimaryGroups, WhenSomeoneIsAContactThenNoPrimaryGroupIsNeeded) {
  ad.people.push_back(
      {test::person_dn("cal"),
       {{"objectClass", {"top", "person", "contact"}}, {"objectGUID", {ScriptedAd::guid(4)}}}});
  auto const snapshot = read_ad();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 4U);
}

TEST_F(GivenPrimaryGroups, WhenWhatTheyRestOnIsHiddenOrBrokenThenAnError) {
  using Change = std::function<void(ScriptedAd&)>;
  for (auto const& [change, code, words] : std::vector<std::tuple<Change, LdapErrc, std::string>>{
           {[](auto& broken) { broken.people[0].attributes.erase(broken.people[0].attributes.begin()); },
            LdapErrc::not_readable, "objectClass"},
           {[](auto& broken) { broken.people[0].attributes.erase(broken.people[0].attributes.begin() + 2); },
            LdapErrc::not_readable, "objectSid"},
           {[](auto& broken) { broken.people[0].attributes.erase(broken.people[0].attributes.begin() + 3); },
            LdapErrc::not_readable, "primaryGroupID"},
           {[](auto& broken) { broken.people[0].attributes[2].second = {"S-1-5-21"}; }, LdapErrc::bad_answer,
            "objectSid"},
           {[](auto& broken) { broken.people[0].attributes[3].second = {"513x"}; }, LdapErrc::bad_answer,
            "primaryGroupID"}}) {
    auto const whole = ad;
    change(ad);
    expect_error(code, words);
    ad = whole;
  }
  ad.lie = [](Search const& search, Answer& answer) {
    if (search.scope == 2 && search.base == ScriptedAd::kGroups)
      answer.entries[0].attributes.erase(answer.entries[0].attributes.begin() + 2);
  };
  expect_error(LdapErrc::not_readable, "objectSid");
}

}  // namespace
}  // namespace dirsync::ldap
