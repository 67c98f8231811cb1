// Single users and groups: whom their own entries tell of, and when the list of members is asked all the
// same.
#include <gmock/gmock.h>

#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class GivenAMemberInQuestion : public ScriptedVault {
 protected:
  static constexpr char kUser[] = "GET /API/Users/26/";
  static constexpr char kGroupOfThatId[] = "GET /API/UserGroups/26/?includeMembers=true";
  static constexpr char kNamesakes[] = "GET /API/UserGroups?search=jsmith";
  static constexpr char kGroupAlone[] = "GET /API/UserGroups/57/";
  static constexpr char kNone[] = R"({"value":[],"count":0})";

  GivenAMemberInQuestion() {
    whole_list_shows(member(26, "jsmith"));
    user_is_in(R"({"groupID":57,"groupName":"UnixAdmins","groupType":"Vault"})");
    script->on(kGroupOfThatId, {{404, R"({"ErrorCode":"PASWS199E","ErrorMessage":"none"})", {}}});
    script->on(kNamesakes, {{200, kNone, {}}});
    script->on(kGroupAlone, {{200, alone("UnixAdmins"), {}}});
  }
  static std::string alone(std::string const& name, std::string const& location = R"(\\)") {
    return R"({"id":57,"groupType":"Vault","groupName":")" + name + R"(","location":")" + location +
           R"(","description":""})";
  }
  void whole_list_shows(std::string const& members) {
    script->on(kGroups, {{200, groups(with_members(members)), {}}});
    script->on(kGroup, {{200, with_members(members), {}}});
  }
  void user_is_in(std::string const& memberships, std::string const& name = "jsmith") {
    script->on(kUser,
               {{200,
                 R"({"id":26,"username":")" + name +
                     R"(","source":"LDAP","userDN":"CN=John,DC=x","groupsMembership":[)" + memberships + "]}",
                 {}}});
  }
  /// After a whole read, whose calls are forgotten.
  Result<Observed> read_member() {
    EXPECT_TRUE(read());
    script->sent.clear();
    SomeOfTarget wanted;
    wanted.groups = {"57"};
    wanted.users = {"26"};
    wanted.members["57"] = {"26"};
    return test::run(io, target().read_some(std::move(wanted)));
  }
  /// As whom they are in the one group that was read.
  void expect_in_it(Result<Observed> const& some) {
    ASSERT_TRUE(some) << text(some.error());
    ASSERT_THAT(some->users, SizeIs(1));
    EXPECT_EQ(some->users.front().dn, "CN=John,DC=x");
    ASSERT_THAT(some->groups, SizeIs(1));
    EXPECT_EQ(some->groups.front().name, "UnixAdmins");
    EXPECT_THAT(some->groups.front().users, ElementsAre(0U));
    EXPECT_FALSE(some->groups.front().members_unread);
  }
  void expect_the_list_is_asked(Result<Observed> const& some) {
    EXPECT_TRUE(some) << text(some.error());
    EXPECT_EQ(script->count(kGroup), 1);
  }
};

TEST_F(GivenAMemberInQuestion, WhenTheirOwnEntryTellsOfTheGroupThenItsListIsNotRead) {
  expect_in_it(read_member());
  EXPECT_EQ(script->count(kGroup), 0);
  EXPECT_THAT(script->sent, SizeIs(4));
}

TEST_F(GivenAMemberInQuestion, WhenItWasReadSoThenTheyCanBeTakenOut) {
  script->on(kRemove, {{204, "", {}}});
  ASSERT_TRUE(read_member());
  EXPECT_EQ(apply(change(Verb::remove)).outcome, Outcome::done);
}

TEST_F(GivenAMemberInQuestion, WhenTheGroupIsOfTheSystemThenItIsProtectedAsInAWholeRead) {
  script->on(kGroupAlone, {{200, alone("UnixAdmins", R"(\\System)"), {}}});
  auto const some = read_member();
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_THAT(some->groups, SizeIs(1));
  EXPECT_NE(some->groups.front().protected_because, "");
}

TEST_F(GivenAMemberInQuestion, WhenTheServerGivesMembersUnaskedThenTheyAreMembersAllTheSame) {
  script->on(kGroupAlone, {{200, with_members(member(26, "JSmith") + "," + member(99, "ghost")), {}}});
  auto const some = read_member();
  expect_in_it(some);
  ASSERT_THAT(some->groups.front().others, SizeIs(1));
  EXPECT_EQ(some->groups.front().others.front().name, "ghost");
}

TEST_F(GivenAMemberInQuestion, WhenTheirEntryDoesNotNameTheGroupThenTheListIsRead) {
  for (auto const* memberships : {"", R"({"groupID":58,"groupName":"Other","groupType":"Vault"})",
                                  R"({"groupID":57,"groupName":"UnixAdmins","groupType":"Directory"})",
                                  R"({"groupName":"UnixAdmins"})"}) {
    SCOPED_TRACE(memberships);
    user_is_in(memberships);
    auto const some = read_member();
    expect_the_list_is_asked(some);
    expect_in_it(some);
  }
}

TEST_F(GivenAMemberInQuestion, WhenTheirEntryTellsOfNoGroupsThenTheListIsRead) {
  script->on(kUser, {{200, R"({"id":26,"username":"jsmith","source":"LDAP","userDN":"CN=John,DC=x"})", {}}});
  auto const some = read_member();
  expect_the_list_is_asked(some);
  expect_in_it(some);
}

TEST_F(GivenAMemberInQuestion, WhenAGroupBearsTheirNameByNowThenTheListIsRead) {
  script->on(kNamesakes,
             {{200, R"({"value":[{"id":70,"groupType":"Vault","groupName":"JSmith"}],"count":1})", {}}});
  expect_the_list_is_asked(read_member());
}

TEST_F(GivenAMemberInQuestion, WhenSomebodyUnknownHadTheirNameAtTheLastWholeReadThenTheListIsRead) {
  whole_list_shows(member(26, "jsmith") + "," + member(99, "JSMITH"));
  auto const some = read_member();
  expect_the_list_is_asked(some);
  ASSERT_THAT(some->groups, SizeIs(1));
  EXPECT_THAT(some->groups.front().others, SizeIs(1)) << "a call by name could mean that one";
}

TEST_F(GivenAMemberInQuestion, WhenTheNameIsTooShortToSearchForThenTheListIsRead) {
  user_is_in(R"({"groupID":57,"groupName":"UnixAdmins","groupType":"Vault"})", "j.s");
  expect_the_list_is_asked(read_member());
}

TEST_F(GivenAMemberInQuestion, WhenTheListCouldNotBeUsedByAWholeReadThenItIsReadAgainAndTellsSo) {
  script->on(kGroups, {{200, groups(with_members(R"({"id":26})")), {}}});
  script->on(kGroup, {{200, with_members(R"({"id":26})"), {}}});
  EXPECT_FALSE(read_member());
  EXPECT_EQ(script->count(kGroup), 1);
}

TEST_F(GivenAMemberInQuestion, WhenTheGroupIsGoneThenItIsLeftOut) {
  script->on(kGroupAlone, {{404, R"({"ErrorCode":"PASWS199E","ErrorMessage":"none"})", {}}});
  script->on(kGroup, {{404, R"({"ErrorCode":"PASWS199E","ErrorMessage":"none"})", {}}});
  auto const some = read_member();
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_THAT(some->groups, IsEmpty());
}

TEST_F(GivenAMemberInQuestion, WhenACallFailsThenAnErrorAndNotAnAbsence) {
  for (auto const* call : {kUser, kNamesakes, kGroupAlone, kGroupOfThatId}) {
    SCOPED_TRACE(call);
    auto const before = script->answers.at(call);
    script->on(call, {{500, "", {}}});
    EXPECT_FALSE(read_member());
    script->answers.at(call) = before;
  }
}

struct GivenSomebodyWhoMayJoin : GivenAMemberInQuestion {
  Result<Observed> read_joiner() {
    whole_list_shows("");
    user_is_in("");
    EXPECT_TRUE(read());
    script->sent.clear();
    SomeOfTarget wanted;
    wanted.groups = {"57"};
    wanted.users = {"26"};
    wanted.joining = {"26"};
    return test::run(io, target().read_some(std::move(wanted)));
  }
};

TEST_F(GivenSomebodyWhoMayJoin, WhenNobodyElseBearsTheirNameThenTheyAreReadAndWhoIsInTheGroup) {
  auto const some = read_joiner();
  expect_the_list_is_asked(some);
  ASSERT_TRUE(some);
  EXPECT_THAT(some->users, SizeIs(1));
  ASSERT_THAT(some->groups, SizeIs(1));
  EXPECT_THAT(some->groups.front().users, IsEmpty());
  EXPECT_EQ(script->count(kNamesakes), 1);
}

TEST_F(GivenSomebodyWhoMayJoin, WhenAGroupBearsTheirNameByNowThenTheyAreLeftOut) {
  script->on(kNamesakes,
             {{200, R"({"value":[{"id":70,"groupType":"Vault","groupName":"JSmith"}],"count":1})", {}}});
  auto const some = read_joiner();
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_THAT(some->users, IsEmpty());
  EXPECT_THAT(some->groups, SizeIs(1));
}

TEST_F(GivenSomebodyWhoMayJoin, WhenNobodyTellsWhetherOneDoesThenAnError) {
  script->on(kNamesakes, {{500, "", {}}});
  EXPECT_FALSE(read_joiner());
}

TEST_F(GivenAMemberInQuestion, WhenNobodySaysWhoMattersThenTheListIsRead) {
  ASSERT_TRUE(read());
  script->sent.clear();
  SomeOfTarget wanted;
  wanted.groups = {"57"};
  wanted.users = {"26"};
  auto const some = test::run(io, target().read_some(std::move(wanted)));
  expect_the_list_is_asked(some);
  EXPECT_EQ(script->count(kNamesakes), 0);
}

}  // namespace
}  // namespace dirsync::vault
