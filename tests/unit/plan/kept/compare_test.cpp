#include "sync/plan/kept/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// ops {ann, bob, cid} is in sync under settings that are remembered, and dan joins.
struct GivenARuleWithKeptSettings : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob", "cid"});
    scene.remember();
    scene.corp().person("dan");
    scene.vault().world.ldap_user("dan");
    scene.corp().join("ops", "dan");
  }
  std::set<std::string> reasons() {
    planned = scene.plan();
    return planned->reasons();
  }
  std::string text() const { return planned->reason("configuration-changed")->text; }
};

TEST_F(GivenARuleWithKeptSettings, WhenNothingChangedThenNothingIsHeld) { EXPECT_THAT(reasons(), IsEmpty()); }

TEST_F(GivenARuleWithKeptSettings, WhenTheSameFollowsFromTheNewOnesThenNothingIsHeld) {
  scene.rule().exclude_people = fake::filter("(uid=nobody)");
  scene.rule().foreign_members = ForeignMembers::remove;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenARuleWithKeptSettings, WhenSomethingFollowsFromTheNewOnesAloneThenThatIsCounted) {
  scene.rule().exclude_people = fake::filter("(|(uid=ann)(uid=bob))");
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_EQ(planned->reason("configuration-changed")->count, 2);
  EXPECT_THAT(text(), HasSubstr("(exclude_people); 2 changes follow from the new ones alone"));
  EXPECT_TRUE(planned->plan().held);
}

TEST_F(GivenARuleWithKeptSettings, WhenForeignMembersAreToGoFromNowOnThenHeld) {
  scene.corp().person("eve");
  scene.vault().world.ldap_user("eve");
  scene.vault().world.add("ops", "eve");
  scene.rule().foreign_members = ForeignMembers::remove;
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_EQ(planned->reason("configuration-changed")->count, 1);
}

TEST_F(GivenARuleWithKeptSettings, WhenAnExcludedGroupIsEnteredFromNowOnThenHeld) {
  scene.corp().group("inner", {"eve"});
  scene.corp().person("eve");
  scene.vault().world.ldap_user("eve");
  scene.corp().join("ops", "@inner");
  scene.rule().exclude = {fake::dn_of_group("inner")};
  scene.remember();
  EXPECT_THAT(reasons(), IsEmpty());
  scene.rule().exclude.clear();
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_THAT(planned->changes(), Contains("vault: add ops eve"));
}

TEST_F(GivenARuleWithKeptSettings, WhenTheReadsAreOthersThenAllOfTheRuleWaits) {
  auto const before = scene.rule();
  auto const waits = [this, &before] {
    EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
    EXPECT_EQ(planned->reason("configuration-changed")->count, 1);
    EXPECT_THAT(text(), HasSubstr("so all wait: 1"));
    scene.rule() = before;
  };
  scene.rule().around["target.vault.url"] = "\"https://elsewhere\"";
  waits();
  scene.rule().selection = MatchingGroups{"(|(cn=ops)(cn=none))"};
  waits();
}

/// The reads have it all the same.
TEST_F(GivenARuleWithKeptSettings, WhenTheyLookedAtAnotherAttributeThenWhatTheyWouldDoIsWorkedOut) {
  scene.rule().exclude_people = fake::filter("(employeeType=robot)");
  scene.remember();
  scene.rule().exclude_people.reset();
  EXPECT_THAT(reasons(), IsEmpty());
  scene.corp().people.at("dan").attributes["employeeType"] = "robot";
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_THAT(text(), HasSubstr("(exclude_people); 1 change follows from the new ones alone"));
}

TEST_F(GivenARuleWithKeptSettings, WhenTheyAreNotKnownThenAllOfTheRuleWaits) {
  scene.facts.rules["all"].settings = "";
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_THAT(text(), HasSubstr("are not known"));
}

TEST_F(GivenARuleWithKeptSettings, WhenALimitIsTightenedThenTheNextJoinerIsNotHeldForIt) {
  scene.rule().limits.additions = PercentLimit::exactly(1);
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenARuleWithKeptSettings, WhenAnotherRuleFeedsTheGroupThenItsChangesThereWaitAsWell) {
  scene.rules.push_back(fake::rule("second", "vault", "(cn=other)"));
  scene.rules.back().group_name = fake::name_template("ops");
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.corp().group("other", {"eve"});
  scene.corp().person("eve");
  scene.vault().world.ldap_user("eve");
  for (auto const* rule : {"all", "second"}) scene.remember(rule);
  EXPECT_THAT(reasons(), IsEmpty());
  scene.rule().around["directory.corp.base"] = "another";
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_EQ(planned->reason("configuration-changed")->count, 2);
}

/// eve has another user name by now: her old user goes, and under the settings of before her new one came.
TEST_F(GivenARuleWithKeptSettings, WhenOnlyThoseOfBeforeGiveBackWhatBothTakeThenHeld) {
  auto& console = scene.console();
  scene.corp().person("eve");
  scene.corp().group("web", {"eve"});
  scene.rule("console").selection = MatchingGroups{"(cn=web)"};
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.granted("web", {"eve"}, "console");
  scene.corp().people.at("eve").attributes["uid"] = "eve.married";
  console.world.user("eve.married", "", UserSource::unknown);
  for (auto const* rule : {"all", "console"}) scene.remember(rule);
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_THAT(planned->changes(), Contains("console: add web eve.married"));
  scene.rule("console").exclude_people = fake::filter("(uid=eve.married)");
  EXPECT_THAT(reasons(), ElementsAre("configuration-changed"));
  EXPECT_THAT(planned->changes(), Contains("console: remove web eve"));
}

TEST_F(GivenARuleWithKeptSettings, WhenARuleIsTakenOutAndAnotherFeedsTheGroupThenHeldOnce) {
  scene.rules.push_back(fake::rule("second", "vault", "(cn=other)"));
  scene.rules.back().group_name = fake::name_template("ops");
  scene.remember("second");
  scene.rules.erase(scene.rules.begin());
  scene.corp().group("other", {"ann"});
  EXPECT_THAT(reasons(), ElementsAre("rule-gone"));
  EXPECT_EQ(planned->reason("rule-gone")->count, 2);
  EXPECT_THAT(planned->changes(), ElementsAre("vault: remove ops bob", "vault: remove ops cid"));
  scene.corp().disable("bob");
  EXPECT_THAT(reasons(), ElementsAre("rule-gone"));
  EXPECT_EQ(planned->reason("rule-gone")->count, 1) << "a leaver leaves whatever rule there was";
}

TEST_F(GivenARuleWithKeptSettings, WhenTheDirectoryOfAPersonIsTakenOutThenTheirRemovalIsHeld) {
  scene.vault().managed.grants[0].id = EntryId{"p-elsewhere"};
  scene.facts.last_seen_in[EntryId{"p-elsewhere"}] = "taken-out";
  scene.corp().leave("ops", "ann");
  EXPECT_THAT(reasons(), ElementsAre("rule-gone"));
}

}  // namespace
}  // namespace dirsync::plan
