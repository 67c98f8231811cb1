#include "sync/plan/diff/joining.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// "Ops" is fed by group ops, in sync; then group other comes to give the same name.
struct GivenASecondSource : testing::Test {
  fake::Scene scene;
  void SetUp() override {
    scene.rule().group_name = fake::name_template("{description}");
    scene.rule().on_collision = OnCollision::hold;
    scene.corp().people_named({"ann", "bob"});
    scene.corp().group("ops", {"ann"}).attributes["description"] = "Ops";
    scene.corp().group("other", {"bob"}).attributes["description"] = "Ops";
    scene.vault().world.ldap_user("bob");
    scene.granted("Ops", {"ann"});
    recorded({"g-ops"});
  }
  void recorded(std::vector<std::string> const& sources) {
    auto& group = scene.vault().managed.groups.at(0);
    group.sources.clear();
    for (auto const& source : sources) group.sources.emplace_back(source);
  }
  void second_rule() {
    scene.rule().selection = NamedGroups{{fake::dn_of_group("ops")}};
    scene.rules.push_back(scene.rule());
    scene.rules.back().name = "second";
    scene.rules.back().selection = NamedGroups{{fake::dn_of_group("other")}};
  }
};

TEST_F(GivenASecondSource, WhenItJoinsThenThePlanIsHeldWithAllNames) {
  auto const planned = scene.plan();
  EXPECT_THAT(planned->changes(), ElementsAre("vault: add Ops bob"));
  EXPECT_THAT(planned->notices(), ElementsAre("united Ops"));
  auto const* reason = planned->reason("source-joined");
  ASSERT_NE(reason, nullptr);
  EXPECT_TRUE(planned->plan().held);
  EXPECT_EQ(reason->count, 1);
  EXPECT_THAT(reason->text, HasSubstr(fake::dn_of_group("ops") + ", " + fake::dn_of_group("other")));
}

TEST_F(GivenASecondSource, WhenItHadJoinedBeforeThenItIsOnlyTold) {
  recorded({"g-ops", "g-other"});
  auto const planned = scene.plan();
  EXPECT_THAT(planned->notices(), ElementsAre("united Ops"));
  EXPECT_FALSE(planned->plan().held);
}

TEST_F(GivenASecondSource, WhenTheRuleUnitesThenAtOnce) {
  scene.rule().on_collision = OnCollision::unite;
  auto const planned = scene.plan();
  EXPECT_THAT(planned->notices(), ElementsAre("united Ops"));
  EXPECT_FALSE(planned->plan().held);
}

TEST_F(GivenASecondSource, WhenOneOfTwoRulesHoldsThenItIsHeld) {
  second_rule();
  scene.rules.back().on_collision = OnCollision::unite;
  EXPECT_THAT(scene.plan()->reasons(), ElementsAre("source-joined"));
}

TEST_F(GivenASecondSource, WhenOneOfTwoRulesRefusesThenOnlyLeaversLeave) {
  second_rule();
  scene.rules.back().on_collision = OnCollision::refuse;
  auto planned = scene.plan();
  EXPECT_THAT(planned->changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("collision Ops"));
  scene.corp().disable("ann");
  planned = scene.plan();
  EXPECT_THAT(planned->changes(), ElementsAre("vault: remove Ops ann"));
}

TEST_F(GivenASecondSource, WhenTwoRulesSelectTheSameGroupThenItIsOneSource) {
  second_rule();
  scene.rules.back().selection = NamedGroups{{fake::dn_of_group("ops")}};
  auto const planned = scene.plan();
  EXPECT_THAT(planned->notices(), Not(Contains("united Ops")));
  EXPECT_FALSE(planned->plan().held);
}

TEST_F(GivenASecondSource, WhenTheGroupIsToBeCreatedThenBothJoin) {
  scene.vault().world.observed.groups.clear();
  scene.vault().managed = {};
  auto const planned = scene.plan();
  EXPECT_THAT(planned->reasons(), ElementsAre("source-joined"));
  auto const* create = planned->change("vault: create-group Ops");
  ASSERT_NE(create, nullptr);
  EXPECT_EQ(create->id, EntryId{"g-ops+g-other"}) << "both are recorded with the creation";
}

TEST_F(GivenASecondSource, WhenItBringsNothingYetThenItIsNotRecordedEither) {
  scene.corp().leave("other", "bob");
  auto const planned = scene.plan();
  EXPECT_THAT(planned->changes(), IsEmpty());
  EXPECT_FALSE(planned->plan().held);
  EXPECT_THAT(planned->draft.store_updates.at("vault").update_groups, IsEmpty());
}

}  // namespace
}  // namespace dirsync::plan
