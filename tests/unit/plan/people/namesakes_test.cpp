// People of two directories who may or may not be the same: nothing is guessed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/two_sides.hpp"

namespace dirsync::plan {
namespace {

using fake::GivenTwoDirectories;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// corp and lab both have an ann, and both put theirs into ops.
struct GivenNamesakes : GivenTwoDirectories {
  void SetUp() override {
    scene.corp_person("ann");
    scene.lab_person("ann");
    scene.corp().group("ops", {"ann"});
    scene.lab_group("ops", {"ann"});
    scene.granted("ops", {});
  }
};

TEST_F(GivenNamesakes, WhenNeitherIsKnownByDnThenBothAreSetAsideWithBothNamed) {
  scene.vault().domains[""] = "example.com";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("uid=ann,ou=people,dc=lab and uid=ann,ou=people,dc=x"),
                                   HasSubstr("uid=ann,ou=people,dc=x and uid=ann,ou=people,dc=lab")));
}

TEST_F(GivenNamesakes, WhenOneIsMatchedByDnThenThatOneAlone) {
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].id, EntryId{"p-ann"});
  EXPECT_THAT(notices(), ElementsAre("ambiguous ann"));
}

TEST_F(GivenNamesakes, WhenEachIsMatchedByDnThenBoth) {
  vault.user("ann", fake::dn_of_person("ann"));
  vault.user("ann2", fake::TwoSides::lab_dn("ann"));
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: add ops ann2"));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenNamesakes, WhenBothHaveTheSameDnThenNeitherIsTaken) {
  scene.lab().people.at("ann").dn = fake::dn_of_person("ann");
  scene.lab().groups.at("ops").values = {fake::dn_of_person("ann")};
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(texts(), Each(HasSubstr("both have an entry uid=ann,ou=people,dc=x")));
}

TEST_F(GivenNamesakes, WhenTheOtherDirectoryFeedsAnotherTargetThenItsPeopleDoNotMatter) {
  scene.console();
  scene.rule("lab").target = "console";
  scene.lab().people.at("ann").dn = fake::dn_of_person("ann");
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), Contains("vault: add ops ann"));
}

TEST_F(GivenNamesakes, WhenTheyAreOneEntryReadTwiceThenWantedOnce) {
  scene.lab().people.at("ann").id = "p-ann";
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].id, EntryId{"p-ann"});
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenNamesakes, WhenTheirAccessWasGrantedBeforeThenItStays) {
  scene.grant_to("ops", "ann", "p-ann", "uid=ann,ou=former,dc=x");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(vault.members("ops"), std::set<std::string>{"ann"});
}

struct GivenConsoleNamesakes : GivenNamesakes {
  fake::TargetWorld& console = scene.console().world;
  void SetUp() override {
    GivenNamesakes::SetUp();
    scene.rules.erase(scene.rules.begin());
    scene.rule("lab").target = "console";
    scene.targets.erase("vault");
    scene.granted("ops", {}, "console");
    console.user("ann", "", UserSource::unknown);
  }
};

TEST_F(GivenConsoleNamesakes, WhenPlannedThenNeitherIsTakenForTheUser) {
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices("console"), ElementsAre("ambiguous ann", "ambiguous ann"));
}

TEST_F(GivenConsoleNamesakes, WhenJoinedThenOneAddition) {
  scene.corp().people.at("ann").attributes["employeeNumber"] = "17";
  scene.lab().people.at("ann").attributes["employeeNumber"] = "17";
  scene.join_by("employeeNumber");
  EXPECT_THAT(changes(), ElementsAre("console: add ops ann"));
  EXPECT_THAT(notices("console"), IsEmpty());
}

TEST_F(GivenConsoleNamesakes, WhenTheUserWasGrantedToALivingOneWhoIsRenamedThenTheOtherIsNotTakenForThem) {
  console.add("ops", "ann");
  auto grant = fake::grant(console, "ops", "ann", "console");
  scene.console().managed.grants = {grant};
  scene.corp().people.at("ann").attributes["uid"] = "ann.married";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices("console"), ElementsAre("ambiguous ann"));
}

/// bob left ops, and cid joined it. A console's requests name everything by its id.
struct GivenTwinsInAConsole : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& console = scene.console().world;
  std::unique_ptr<fake::Planned> planned;
  void SetUp() override {
    scene.rule().target = "console";
    scene.targets.erase("vault");
    for (auto const* uid : {"ann", "bob", "cid"}) scene.corp().person(uid);
    scene.corp().group("ops", {"ann", "cid"});
    console.user("cid", "", UserSource::unknown);
    scene.granted("ops", {"ann", "bob"}, "console");
  }
  std::vector<std::string> changes() { return (planned = scene.plan())->changes(); }
};

TEST_F(GivenTwinsInAConsole, WhenAnotherGroupBearsTheNameOfOursThenOursGoesOn) {
  auto& twin = console.observed.groups.emplace_back();
  twin.id = "g-twin";
  twin.name = "ops";
  EXPECT_THAT(changes(), UnorderedElementsAre("console: remove ops bob", "console: add ops cid"));
  for (auto const& change : planned->plan().changes)
    EXPECT_EQ(change.group_id, console.find_group("ops")->id);
}

TEST_F(GivenTwinsInAConsole, WhenUsersDifferByCaseAloneThenWhoLeavesIsTakenOutAndNobodyIsGuessed) {
  for (auto const* name : {"BOB", "Cid"}) console.user(name, "", UserSource::unknown);
  EXPECT_THAT(changes(), ElementsAre("console: remove ops bob"));
  EXPECT_THAT(planned->notices("console"), ElementsAre("ambiguous cid"));
}

}  // namespace
}  // namespace dirsync::plan
