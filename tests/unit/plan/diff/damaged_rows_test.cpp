// Users and groups of a target that its answer tells without an id, without a name, or with one id for two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// ann and bob are in ops by us.
struct GivenDamagedRows : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override { scene.in_sync("ops", {"ann", "bob"}); }
  static void damage(auto& row) {
    row.left_alone = LeftAlone::damaged;
    row.protected_because = "the target does not tell it whole";
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// Both leave; of ann nobody can take anything.
  void ann_alone_stays() {
    changes();
    EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
    scene.corp().disable("ann");
    scene.corp().disable("bob");
    EXPECT_THAT(changes(), UnorderedElementsAre("vault: remove ops ann!", "vault: remove ops bob"));
    EXPECT_THAT(planned->notices(), Contains(testing::StartsWith("damaged")));
  }
};

TEST_F(GivenDamagedRows, WhenAUserHasNoIdThenTheirGrantStands) {
  auto& ann = *vault.find_user("ann");
  ann.id.clear();
  damage(ann);
  ann_alone_stays();
}

TEST_F(GivenDamagedRows, WhenAUserHasNoNameThenTheirGrantStands) {
  auto& ann = *vault.find_user("ann");
  ann.name.clear();
  ann.dn.clear();
  damage(ann);
  ann_alone_stays();
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
}

TEST_F(GivenDamagedRows, WhenTwoUsersHaveOneIdThenEachGrantIsOfTheOneWithItsName) {
  auto& bob = *vault.find_user("bob");
  auto& ann = *vault.find_user("ann");
  ann.id = bob.id;
  for (auto& grant : scene.vault().managed.grants) grant.principal_id = bob.id;
  damage(ann);
  damage(bob);
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
}

TEST_F(GivenDamagedRows, WhenAGroupHasNoIdThenItsGrantsStandAndNoSecondOneIsMade) {
  auto& ops = *vault.find_group("ops");
  ops.id.clear();
  damage(ops);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
}

TEST_F(GivenDamagedRows, WhenAGroupHasNoNameThenItsGrantsStandAndNoSecondOneIsMade) {
  auto& ops = *vault.find_group("ops");
  ops.name.clear();
  damage(ops);
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
}

TEST_F(GivenDamagedRows, WhenTwoGroupsHaveOneIdThenWhoIsDueToLeaveIsBlocked) {
  auto& web = vault.group("web");
  web.id = vault.find_group("ops")->id;
  damage(web);
  damage(*vault.find_group("ops"));
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
}

TEST_F(GivenDamagedRows, WhenAGroupOfThatNameHasNoIdThenNoneIsMade) {
  scene.corp().group("web", {"bob"});
  auto& web = vault.group("web");
  web.id.clear();
  damage(web);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("damaged web"));
}

TEST_F(GivenDamagedRows, WhenSomebodyJoinsThenTheOthersArePlannedAsEver) {
  damage(*vault.find_user("ann"));
  scene.corp().person("cid");
  vault.ldap_user("cid");
  scene.corp().join("ops", "cid");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops cid"));
}

}  // namespace
}  // namespace dirsync::plan
