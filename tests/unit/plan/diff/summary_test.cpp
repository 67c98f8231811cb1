// What was read and what it came to.
#include "sync/plan/diff/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

struct GivenSomethingToSum : testing::Test {
  fake::Scene scene;

  void SetUp() override {
    scene.corp().people_named({"ann", "bob", "cid", "dan"});
    scene.rule().create_groups = true;
  }
  Summary summary() { return scene.plan()->plan().summary; }
  RuleSummary rule() { return summary().rules.at("all"); }
};

TEST_F(GivenSomethingToSum, WhenADirectoryIsReadThenItsFiguresAreThere) {
  scene.corp().group("ops", {"ann", "bob", "uid=gone,dc=x"});
  scene.corp().group("web", {"@ops", "cid"});
  scene.corp().disable("cid");
  auto const read = summary().directories.at("corp");
  EXPECT_EQ(read, (DirectorySummary{.groups = 2, .people = 4, .disabled = 1, .values = 5, .unresolved = 1}));
}

TEST_F(GivenSomethingToSum, WhenPeopleAreInSeveralGroupsOfARuleThenEachCountsOnce) {
  for (auto const* uid : {"ann", "bob"}) scene.vault().world.ldap_user(uid);
  scene.corp().group("ops", {"ann", "bob"});
  scene.corp().group("web", {"ann", "cid", "dan"});
  scene.corp().disable("dan");
  EXPECT_EQ(rule(), (RuleSummary{.directory = "corp",
                                 .target = "vault",
                                 .groups = 2,
                                 .names = 2,
                                 .refused = 0,
                                 .people = 3,
                                 .waiting = 1}));
}

TEST_F(GivenSomethingToSum, WhenTwoSourcesFeedOneGroupThenItIsOneName) {
  scene.rule().group_name = fake::name_template("all");
  scene.corp().group("ops", {"ann"});
  scene.corp().group("web", {"bob"});
  EXPECT_EQ(rule().groups, 2);
  EXPECT_EQ(rule().names, 1);
}

TEST_F(GivenSomethingToSum, WhenANameIsRefusedOrMissingThenItsGroupCountsAsRefused) {
  scene.vault().traits.refuse_group_name = [](std::string_view name) {
    return std::string{name == "web" ? "no such name" : ""};
  };
  scene.corp().group("ops", {"ann"});
  scene.corp().group("web", {"bob"});
  scene.corp().group("lab", {"bob"}).attributes["cn"] = "";
  EXPECT_EQ(rule().groups, 3);
  EXPECT_EQ(rule().refused, 2);
}

TEST_F(GivenSomethingToSum, WhenNobodyCanTellWhoSomebodyIsThenAmbiguous) {
  scene.corp().group("ops", {"ann", "bob"});
  for (auto const* uid : {"ann", "bob"}) scene.corp().people.at(uid).attributes["nick"] = "both";
  scene.rule().member_name = fake::name_template("{nick}");
  scene.vault().traits = fake::console_traits();
  scene.vault().world.user("both", "", UserSource::unknown);
  EXPECT_EQ(rule().people, 2);
  EXPECT_EQ(rule().ambiguous, 2);
}

TEST_F(GivenSomethingToSum, WhenTheTargetWasNotReadThenItsRulesHaveNoPartInIt) {
  scene.corp().group("ops", {"ann"});
  scene.console();
  auto const with_both = summary();
  EXPECT_TRUE(with_both.rules.contains("console"));
  EXPECT_EQ(with_both.rules.at("console").waiting, 1);
}

}  // namespace
}  // namespace dirsync::plan
