// What settings would do that are not in force, beside what those in force would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/kept/settings.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using State = RehearsedRule::State;

/// ops {ann} was applied; what is planned from here on is only rehearsed.
struct GivenSettingsInForce : testing::Test {
  Plant plant;
  Report report;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.rule("vault").selection = MatchingGroups{"(cn=ops)"};
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann"});
    plant.run();
    plant.forget_calls();
    plant.request.rehearses.emplace();
  }
  Rehearsal const& rehearse() {
    report = plant.plan_only();
    EXPECT_TRUE(report.plan.rehearsal);
    EXPECT_EQ(plant.writes(), 0U);
    if (!report.plan.rehearsal) report.plan.rehearsal.emplace();
    return *report.plan.rehearsal;
  }
  std::vector<std::string> changes(bool only_new) const {
    std::vector<std::string> words;
    for (auto const& change : report.plan.changes)
      if (change.only_new == only_new) words.push_back(fake::in_words(change));
    return words;
  }
  std::vector<std::string> only_old() const {
    std::vector<std::string> words;
    for (auto const& change : report.plan.rehearsal->only_old) words.push_back(fake::in_words(change));
    return words;
  }
};

TEST_F(GivenSettingsInForce, WhenNewOnesTakeSomebodyOutThenThatChangeIsOnlyNew) {
  plant.rule("vault").exclude_people = fake::filter("(uid=ann)");
  auto const rules = rehearse().rules;
  EXPECT_EQ(rules.at("vault").state, State::changed);
  EXPECT_THAT(rules.at("vault").keys, ElementsAre("exclude_people"));
  EXPECT_THAT(changes(true), ElementsAre("remove ops ann"));
  EXPECT_THAT(changes(false), IsEmpty());
  EXPECT_THAT(only_old(), IsEmpty());
  EXPECT_EQ(report.exit, Exit::held) << "as the next run under them";
}

TEST_F(GivenSettingsInForce, WhenTheyAloneLetSomebodyInThenThatIsOnlyOldAndNoPartOfThePlan) {
  plant.corp.world.join("ops", "bob");
  plant.rule("vault").exclude_people = fake::filter("(uid=bob)");
  rehearse();
  EXPECT_THAT(report.plan.changes, IsEmpty());
  EXPECT_THAT(only_old(), ElementsAre("add ops bob"));
  EXPECT_EQ(report.plan.rehearsal->only_old.at(0).n, 1);
  EXPECT_EQ(report.plan.verdict, Verdict::in_sync);
  EXPECT_EQ(report.exit, Exit::done);
}

TEST_F(GivenSettingsInForce, WhenBothDoTheSameThenItBearsNoMark) {
  plant.corp.world.join("ops", "bob");
  plant.rule("vault").exclude_people = fake::filter("(uid=nobody)");
  EXPECT_TRUE(rehearse().rules.contains("vault"));
  EXPECT_THAT(changes(false), ElementsAre("add ops bob"));
  EXPECT_THAT(changes(true), IsEmpty());
  EXPECT_THAT(only_old(), IsEmpty());
}

TEST_F(GivenSettingsInForce, WhenNewOnesSelectOtherGroupsThenBothSelectionsAreRead) {
  plant.corp.world.join("ops", "bob");
  plant.corp.world.group("web", {"bob"});
  plant.rule("vault").selection = MatchingGroups{"(cn=web)"};
  auto const rules = rehearse().rules;
  EXPECT_EQ(rules.at("vault").state, State::changed);
  EXPECT_THAT(rules.at("vault").keys, ElementsAre("groups"));
  EXPECT_THAT(changes(true), ElementsAre("create-group web", "add web bob"));
  EXPECT_THAT(only_old(), ElementsAre("add ops bob"));
}

TEST_F(GivenSettingsInForce, WhenNewOnesReadOtherEntriesThenNotComparedAndWithoutMarks) {
  plant.corp.world.join("ops", "bob");
  plant.rule("vault").around["directory.corp.users.base"] = "\"ou=staff,dc=x\"";
  auto const rules = rehearse().rules;
  EXPECT_EQ(rules.at("vault").state, State::not_compared);
  EXPECT_THAT(rules.at("vault").remark, HasSubstr("directory.corp.users.base"));
  EXPECT_THAT(changes(false), ElementsAre("add ops bob"));
  EXPECT_THAT(only_old(), IsEmpty());
}

TEST_F(GivenSettingsInForce, WhenARuleIsAddedThenAllOfItIsOnlyNew) {
  plant.corp.world.join("ops", "bob");
  plant.corp.world.group("web", {"ann"});
  plant.setup.rules.push_back(fake::rule("second", "vault", "(cn=web)"));
  auto const rules = rehearse().rules;
  EXPECT_EQ(rules.at("second").state, State::added);
  EXPECT_FALSE(rules.contains("vault"));
  EXPECT_THAT(changes(true), ElementsAre("create-group web", "add web ann"));
  EXPECT_THAT(changes(false), ElementsAre("add ops bob"));
}

TEST_F(GivenSettingsInForce, WhenARuleIsGoneThenWhatItWouldDoIsOnlyOld) {
  plant.request.rehearses.reset();
  plant.corp.world.group("web", {"ann"});
  plant.setup.rules.push_back(fake::rule("second", "vault", "(cn=web)"));
  ASSERT_EQ(plant.run().exit, Exit::done);
  plant.forget_calls();
  auto const memory = plant.journal.rule_memory("second").value();
  ASSERT_TRUE(memory);
  plant.setup.rules.pop_back();
  plant.corp.world.join("web", "bob");
  plant.request.rehearses = plan::GoneRules{{"second", *memory}};
  EXPECT_EQ(rehearse().rules.at("second").state, State::gone);
  EXPECT_THAT(only_old(), ElementsAre("add web bob"));
  EXPECT_THAT(changes(false), IsEmpty());
}

TEST_F(GivenSettingsInForce, WhenAGoneRuleHadAnotherTargetThenNotCompared) {
  auto elsewhere = fake::rule("second", "console", "(cn=web)");
  plant.request.rehearses = plan::GoneRules{{"second", {plan::settings_text(elsewhere)}}};
  EXPECT_EQ(rehearse().rules.at("second").state, State::not_compared);
}

TEST_F(GivenSettingsInForce, WhenOnlyOnePersonIsAskedForThenOnlyTheirChangesAreShown) {
  plant.people({"cid"});
  for (auto const* uid : {"bob", "cid"}) plant.corp.world.join("ops", uid);
  plant.rule("vault").exclude_people = fake::filter("(|(uid=bob)(uid=cid))");
  plant.request.cut.user = "cid";
  rehearse();
  EXPECT_THAT(only_old(), ElementsAre("add ops cid"));
}

}  // namespace
}  // namespace dirsync::engine
