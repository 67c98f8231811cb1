#include "daemon/doctor/directory.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "ldap/examine/referral_entries.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using ldap::LdapErrc;
using testing::HasSubstr;

struct GivenADirectoryThatLetsUsIn : testing::Test {
  GivenADirectoryThatLetsUsIn() {
    found.server = "ldaps://a";
    found.flavour = ldap::Flavour::openldap;
    found.people = {.base = "ou=people,dc=x", .filter = "(a=b)", .base_error = {}, .search_error = {}};
    found.people.entries = 30;
    found.groups = {.base = "ou=groups,dc=x", .filter = "(c=d)", .base_error = {}, .search_error = {}};
    found.groups.entries = 11;
    found.sampled_people = 30;
    found.sampled_groups = 11;
    found.members.groups = 11;
    found.members.with_values = 11;
    found.survey.emplace();
  }
  Checks judged() {
    CheckList checks{"corp"};
    judge_directory(found, {settings, "ldaps://a", ""}, checks);
    auto made = checks.take();
    expect_remedies(made);
    return made;
  }
  State state(std::string const& id) { return the(id, judged()).state; }

  ldap::Settings settings;
  ldap::Examination found;
};

TEST_F(GivenADirectoryThatLetsUsIn, WhenAllIsWellThenNothingFails) {
  auto const made = judged();
  EXPECT_FALSE(has_failed(made));
  EXPECT_EQ(the("people", made).state, State::ok);
  EXPECT_EQ(the("referrals", made).state, State::ok);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenTheLookStoppedThenTheRestIsSkipped) {
  found.stopped = Error{LdapErrc::wrong_flavour, "not known; set flavour"};
  auto const made = judged();
  EXPECT_EQ(the("server", made).state, State::fail);
  EXPECT_EQ(the("referrals", made).state, State::skip);
  EXPECT_EQ(made.size(), directory_ids().size());
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenABaseIsHiddenThenWhatIsBelowIsSkipped) {
  found.groups.base_error = Error{LdapErrc::base_missing, "not shown; check its spelling"};
  auto const made = judged();
  EXPECT_EQ(the("bases", made).state, State::fail);
  EXPECT_EQ(the("groups", made).state, State::skip);
  EXPECT_EQ(the("people", made).state, State::ok);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenAFilterFindsNobodyThenThatFails) {
  found.people.entries = 0;
  auto const check = the("people", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.remedy, HasSubstr("users.filter"));
  EXPECT_THAT(check.show, HasSubstr("ldapsearch"));
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenALimitCutsASearchThenBothChecksSaySo) {
  found.people.search_error = Error{LdapErrc::size_limit, "result 4; lift the limit"};
  auto const made = judged();
  EXPECT_EQ(the("people", made).state, State::fail);
  EXPECT_EQ(the("limits", made).state, State::fail);
  EXPECT_EQ(the("limits", made).remedy, "lift the limit");
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenARuleSelectsNothingThenThatFails) {
  found.rules.push_back({.asked = {"rule a", "(cn=x)"}, .error = {}});
  EXPECT_EQ(state("rules"), State::fail);
  found.rules.front().entries = 2;
  EXPECT_EQ(state("rules"), State::ok);
  found.rules.front().error = Error{LdapErrc::bad_filter, "malformed; write it well"};
  EXPECT_EQ(state("rules"), State::fail);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenARuleMaySelectNothingThenNothingFails) {
  found.rules.push_back({.asked = {"rule a", "(cn=x)", true}, .error = {}});
  auto const check = the("rules", judged());
  EXPECT_EQ(check.state, State::ok);
  EXPECT_THAT(check.text, HasSubstr("selects no group"));
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenEveryRuleAllowsThatNothingIsThereThenNothingFails) {
  found.people.entries = found.groups.entries = 0;
  found.groups.may_be_empty = true;
  EXPECT_EQ(state("groups"), State::ok);
  EXPECT_EQ(state("people"), State::fail);
  found.people.may_be_empty = true;
  EXPECT_EQ(state("people"), State::ok);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenThereIsOneOfAKindThenItIsSpokenOfAsOne) {
  found.people.entries = found.groups.entries = 1;
  found.rules.push_back({.asked = {"rule a", "(cn=x)"}, .error = {}});
  found.rules.front().entries = 1;
  auto const made = judged();
  EXPECT_THAT(the("people", made).text, testing::StartsWith("1 person below"));
  EXPECT_THAT(the("groups", made).text, testing::StartsWith("1 group below"));
  EXPECT_EQ(the("rules", made).text, "rule a selects 1 group");
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenANameIsUnknownThenTheNearestIsOffered) {
  found.attributes.push_back({.asked = {"employetype", "users.disabled", true, false},
                              .is_known = false,
                              .nearest = "employeeType"});
  auto const check = the("attributes", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.text, HasSubstr("users.disabled names employetype"));
  EXPECT_THAT(check.remedy, HasSubstr("employeeType"));
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenNobodyShowsANameThenOnlyWhatMustBeShownWarns) {
  found.attributes.push_back({.asked = {"mail", "member_name of rule a", true, true}, .nearest = {}});
  EXPECT_EQ(state("attributes"), State::warn);
  found.attributes.front().asked.must_be_shown = false;
  EXPECT_EQ(state("attributes"), State::ok);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenMembersAreHiddenThenTheGroupsAreNamed) {
  found.members.hidden = {"cn=a,dc=x", "cn=b,dc=x", "cn=c,dc=x", "cn=d,dc=x"};
  auto const check = the("members", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.text, testing::AllOf(HasSubstr("4 groups"), HasSubstr("cn=c,dc=x"),
                                         testing::Not(HasSubstr("cn=d,dc=x"))));
  found.members.hidden.clear();
  found.members.with_values = 0;
  EXPECT_EQ(state("members"), State::fail);
  found.members.error = Error{LdapErrc::not_readable, "hidden; give access"};
  EXPECT_EQ(the("members", judged()).remedy, "give access");
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenTheServerAnswersAFilterOtherwiseThenBothAnswersStandThere) {
  auto& filter = found.filters.emplace_back();
  filter.asked = {"users.disabled", "(a=b)"};
  filter.ours = filter.theirs = 3;
  EXPECT_EQ(state("own-filters"), State::ok);
  filter.ours = 4;
  filter.different = 1;
  filter.only_ours = {"uid=x"};
  auto const check = the("own-filters", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.text, HasSubstr("dirsyncd finds 4, the server 3"));
  EXPECT_THAT(check.text, HasSubstr("uid=x"));
  filter.error = Error{LdapErrc::bad_filter, "no"};
  EXPECT_EQ(state("own-filters"), State::fail);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenPartsLieElsewhereThenWhatIsDoneWithThemDecides) {
  using Mode = ldap::ReferralSettings::Mode;
  found.referrals.entries = 2;
  found.referrals.dns = {"ou=far,dc=x"};
  found.referrals.narrower_base = "ou=near,dc=x";
  settings.referrals.mode = Mode::error;
  auto const check = the("referrals", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.text, HasSubstr("ou=far,dc=x"));
  EXPECT_THAT(check.remedy, HasSubstr("ou=near,dc=x"));
  settings.referrals.mode = Mode::ignore;
  EXPECT_EQ(state("referrals"), State::warn);
  settings.referrals.mode = Mode::follow;
  EXPECT_EQ(state("referrals"), State::ok);
}

TEST_F(GivenADirectoryThatLetsUsIn, WhenAClassIsNotReadThenThatWarns) {
  ldap::GroupKind kind;
  kind.classes = {"groupOfEntries"};
  kind.entries = 5;
  kind.attributes = {{"member", 5}};
  found.survey->groups.kinds = {kind};
  auto const check = the("classes", judged());
  EXPECT_EQ(check.state, State::warn);
  EXPECT_THAT(check.text, HasSubstr("not read 5 groupOfEntries"));
  found.survey->groups.kinds.front().is_read = true;
  EXPECT_EQ(state("classes"), State::ok);
}

TEST(GivenReferralEntries, WhenABaseAvoidsThemThenItIsTheOneNearestToTheRoot) {
  using ldap::base_without_referrals;
  std::vector<std::string> const entries{"uid=a,ou=x, ou=corp,dc=x", "uid=b,ou=y,ou=corp,dc=x"};
  EXPECT_EQ(base_without_referrals(entries, {"ou=far,dc=x"}), "ou=corp,dc=x");
  EXPECT_EQ(base_without_referrals(entries, {"ou=far,ou=corp,dc=x"}), "");
  EXPECT_EQ(base_without_referrals({"uid=a\\,b,ou=x,dc=x"}, {"ou=y,dc=x"}), "ou=x,dc=x");
  EXPECT_EQ(base_without_referrals({}, {"ou=y,dc=x"}), "");
}

}  // namespace
}  // namespace dirsync::doctor
