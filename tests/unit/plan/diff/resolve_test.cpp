#include "sync/plan/diff/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/diff/stage.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The source of our group ops is now called web.
struct GivenRenamedSource : GivenStage {
  GivenRenamedSource() {
    scene.in_sync("ops", {"ann"});
    scene.corp().groups.at("ops").attributes["cn"] = "web";
  }
  /// "exists ops", "rename ops web", "create web".
  std::vector<std::string> resolved() {
    found_ = resolve(context());
    std::vector<std::string> words;
    for (auto const& one : found_.existing)
      words.push_back(one.new_name ? "rename " + one.group.name() + " " + one.new_name->value()
                                   : "exists " + one.group.name());
    for (auto const& one : found_.to_create) words.push_back("create " + one.name.value());
    return words;
  }
  std::vector<std::string> notices() {
    auto told = words(found_.notices);
    for (auto const& stuck : found_.stuck) told.push_back("stuck: " + stuck.why.code + " " + stuck.why.group);
    for (auto const& other : found_.not_ours) told.push_back("not ours: " + other.group->name);
    return told;
  }

 private:
  Resolved found_;
};

TEST_F(GivenRenamedSource, WhenResolvedThenRenamed) {
  EXPECT_THAT(resolved(), ElementsAre("rename ops web"));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenRenamedSource, WhenTheGroupBecameProtectedThenNeitherRenamedNorMadeAgain) {
  vault.find_group("ops")->protected_because = "listed in protected_groups";
  EXPECT_THAT(resolved(), IsEmpty());
  EXPECT_THAT(notices(), ElementsAre("stuck: protected ops"));
}

TEST_F(GivenRenamedSource, WhenTheNewNameIsReservedThenTheOldOneStays) {
  scene.corp().groups.at("ops").attributes["cn"] = "Refused";
  EXPECT_THAT(resolved(), ElementsAre("exists ops"));
  EXPECT_THAT(notices(), ElementsAre("refused-name Refused"));
}

TEST_F(GivenRenamedSource, WhenOnlyTheCaseOfTheNameChangedThenItsOwnNameIsNotInTheWay) {
  scene.vault().traits.group_names_fold_case = false;
  scene.corp().groups.at("ops").attributes["cn"] = "OPS";
  EXPECT_THAT(resolved(), ElementsAre("rename ops OPS"));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenRenamedSource, WhenSomebodyElseMadeTheGroupThenItsNameStays) {
  scene.vault().managed.groups[0].created_by_us = false;
  EXPECT_THAT(resolved(), ElementsAre("exists ops"));
  EXPECT_THAT(notices(), ElementsAre("renamed-source ops"));
}

TEST_F(GivenRenamedSource, WhenAnotherGroupHasTheNewNameThenThatOneIsMeant) {
  vault.group("web");
  EXPECT_THAT(resolved(), IsEmpty());
  EXPECT_THAT(notices(), ElementsAre("not ours: web"));
}

TEST_F(GivenRenamedSource, WhenGroupsMayNotBeCreatedThenARenameMayAllTheSame) {
  scene.rule().create_groups = false;
  EXPECT_THAT(resolved(), ElementsAre("rename ops web"));
}

TEST_F(GivenRenamedSource, WhenANewGroupTakesTheNameThenNoSecondOneGetsIt) {
  scene.corp().group("other").attributes["cn"] = "WEB";
  scene.vault().traits.group_names_fold_case = false;
  EXPECT_THAT(resolved(), ElementsAre("exists ops", "create WEB"));
  EXPECT_THAT(notices(), testing::Contains(testing::StartsWith("case-differs")));
}

/// The group was made for another rule, which selects its source no more.
struct GivenAGroupOfAnotherRule : GivenRenamedSource {
  GivenAGroupOfAnotherRule() {
    scene.rules.push_back(fake::rule("admins", "vault", "(cn=nothing)"));
    scene.vault().managed.groups[0].rule = "admins";
  }
};

TEST_F(GivenAGroupOfAnotherRule, WhenItHadTheSameSourceThenItIsNotTakenOver) {
  EXPECT_THAT(resolved(), ElementsAre("create web"));
}

TEST_F(GivenAGroupOfAnotherRule, WhenItIsNotListedThenItStandsInNobodysWay) {
  std::erase_if(vault.observed.groups, [](auto const& group) { return group.name == "ops"; });
  EXPECT_THAT(resolved(), ElementsAre("create web"));
}

}  // namespace
}  // namespace dirsync::plan
