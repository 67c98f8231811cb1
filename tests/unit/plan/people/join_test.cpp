// One person in two directories, joined by a key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/judge/cut.hpp"
#include "tests/unit/plan/two_sides.hpp"

namespace dirsync::plan {
namespace {

using fake::GivenTwoDirectories;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kBoth[] = "l-ann+p-ann";

/// The Vault knows ann by the DN of corp. lab calls her asmith. Both have her number, and put her into ops.
struct GivenJoinedPerson : GivenTwoDirectories {
  void SetUp() override {
    scene.corp_person("ann", "17");
    scene.lab_person("asmith", "17").id = "l-ann";
    scene.corp().group("ops", {"ann"});
    scene.lab_group("ops", {"asmith"});
    scene.granted("ops", {});
    vault.user("ann", fake::dn_of_person("ann"));
    scene.join_by("employeeNumber");
  }
  void grant() { scene.grant_to("ops", "ann", kBoth, fake::dn_of_person("ann")); }
  void nobody_is_removed(std::string const& when) {
    EXPECT_THAT(changes(), Not(Contains(HasSubstr("remove")))) << when;
  }
};

TEST_F(GivenJoinedPerson, WhenPlannedThenWantedOnceUnderBothIds) {
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].id, EntryId{kBoth});
  EXPECT_EQ(planned->plan().changes[0].path, "cn=ops,ou=groups,dc=x > uid=ann,ou=people,dc=x");
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenJoinedPerson, WhenTheirNumbersDifferBySpaceAndCaseThenStillOne) {
  scene.corp().people.at("ann").attributes["employeeNumber"] = " a  17";
  scene.lab().people.at("asmith").attributes["employeeNumber"] = "A 17 ";
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
}

TEST_F(GivenJoinedPerson, WhenTheAttributeTellsCaseThenSoDoesTheKey) {
  scene.join_by("homeDirectory");
  scene.corp().people.at("ann").attributes["homeDirectory"] = "/home/Ann";
  scene.lab().people.at("asmith").attributes["homeDirectory"] = "/home/ann";
  changes();
  EXPECT_THAT(notices(), ElementsAre("waiting asmith"));
  scene.lab().people.at("asmith").attributes["homeDirectory"] = "/home/Ann";
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenJoinedPerson, WhenTheAttributesDifferThenBothRulesMustFindTheValuesEqual) {
  scene.lab().join_attribute = "homeDirectory";
  scene.corp().people.at("ann").attributes["employeeNumber"] = "A17";
  auto& home = scene.lab().people.at("asmith").attributes["homeDirectory"];
  home = "a17";
  changes();
  EXPECT_THAT(notices(), ElementsAre("waiting asmith"));
  home = "A17";
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenJoinedPerson, WhenTheValueIsNoneOfItsKindThenItJoinsNobody) {
  scene.join_by("uidNumber");
  for (auto const* const number : {"17", "a17"}) {
    scene.corp().people.at("ann").attributes["uidNumber"] = number;
    scene.lab().people.at("asmith").attributes["uidNumber"] = number;
    auto const are_one = std::string{number} == "17";
    changes();
    EXPECT_EQ(notices().empty(), are_one) << number;
  }
}

TEST_F(GivenJoinedPerson, WhenOnlyOneDirectoryJoinsThenTwoPeople) {
  scene.corp().join_attribute = "";
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_THAT(notices(), ElementsAre("waiting asmith"));
}

TEST_F(GivenJoinedPerson, WhenOnlyTheOtherDirectoryGivesThenTheSameUser) {
  scene.corp().leave("ops", "ann");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].path, "cn=ops,ou=groups,dc=lab > uid=asmith,ou=people,dc=lab");
}

TEST_F(GivenJoinedPerson, WhenOnlyANameLeadsToAUserThenTheNameOfEitherEntryDoes) {
  scene.console().world.user("ann", "", UserSource::unknown);
  scene.rule("lab").target = "console";
  scene.corp().leave("ops", "ann");
  scene.granted("ops", {}, "console");
  EXPECT_THAT(changes(), Contains("console: add ops ann"));
}

TEST_F(GivenJoinedPerson, WhenOneDirectoryStopsGivingThenNothingChanges) {
  grant();
  scene.corp().leave("ops", "ann");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenJoinedPerson, WhenBothStopGivingThenRemovedAtOnce) {
  grant();
  scene.corp().leave("ops", "ann");
  scene.leave_lab("ops", "asmith");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::left);
}

TEST_F(GivenJoinedPerson, WhenOneEntryVanishesThenTheOtherKeepsTheMembership) {
  grant();
  scene.corp().drop_person("ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), IsEmpty());
  // And stays that person: what lab gives from now on reaches the same user.
  scene.lab_group("web", {"asmith"});
  scene.granted("web", {});
  EXPECT_THAT(changes(), ElementsAre("vault: add web ann"));
}

TEST_F(GivenJoinedPerson, WhenOneEntryVanishesAndTheOtherLeavesThenTheAbsenceMustBeConfirmed) {
  grant();
  scene.corp().drop_person("ann");
  scene.leave_lab("ops", "asmith");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
  scene.facts.confirmed_gone.insert(EntryId{"p-ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenJoinedPerson, WhenBothEntriesVanishThenBothAbsencesMustBeConfirmed) {
  grant();
  scene.corp().drop_person("ann");
  scene.lab().people.erase("asmith");
  scene.leave_lab("ops", "asmith");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
  EXPECT_EQ(planned->draft.causes[0], Cause::gone);
  scene.facts.confirmed_gone.insert(EntryId{"p-ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
  scene.facts.confirmed_gone.insert(EntryId{"l-ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenJoinedPerson, WhenAnEntryIsMissingThenItIsLookedForOnlyInTheDirectoryThatHadIt) {
  grant();
  scene.corp().drop_person("ann");
  scene.lab().people.erase("asmith");
  scene.leave_lab("ops", "asmith");
  changes();
  EXPECT_THAT(planned->draft.questions.gone, IsEmpty());
  scene.facts.last_seen_in[EntryId{"l-ann"}] = "lab";
  scene.facts.last_dn[EntryId{"l-ann"}] = fake::TwoSides::lab_dn("asmith");
  changes();
  EXPECT_THAT(planned->draft.questions.gone,
              ElementsAre(GoneQuestion{"lab", EntryId{"l-ann"}, fake::TwoSides::lab_dn("asmith")}));
  EXPECT_THAT(planned->draft.absent.at("lab"), Contains(AbsenceKey{"person:l-ann"}));
}

TEST_F(GivenJoinedPerson, WhenTheNumberIsHiddenOnEitherSideThenNothingIsRemovedWhoeverGives) {
  grant();
  auto const start = scene.directories;
  for (auto const* hidden_in : {"corp", "lab"})
    for (auto const* gives : {"corp", "lab", "both"})
      for (auto const* known_in : {"corp", "lab"}) {
        scene.directories = start;
        if (gives == std::string{"lab"}) scene.corp().leave("ops", "ann");
        if (gives == std::string{"corp"}) scene.leave_lab("ops", "asmith");
        auto const of_corp = known_in == std::string{"corp"};
        vault.find_user("ann")->dn = of_corp ? fake::dn_of_person("ann") : fake::TwoSides::lab_dn("asmith");
        nobody_is_removed("before");
        for (auto& [uid, person] : scene.directories.at(hidden_in).people)
          person.attributes.erase("employeeNumber");
        nobody_is_removed(std::string{"hidden in "} + hidden_in + ", given by " + gives + ", known in " +
                          known_in);
        // The next run has nothing new to say.
        nobody_is_removed("again");
      }
}

TEST_F(GivenJoinedPerson, WhenTheNumberTurnsOutToBeWrongThenTheyAreTwoPeople) {
  grant();
  scene.corp().leave("ops", "ann");
  scene.lab().people.at("asmith").attributes["employeeNumber"] = "18";
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_THAT(planned->plan().changes[0].why, HasSubstr("belongs to another person now"));
}

TEST_F(GivenJoinedPerson, WhenANumberIsBorneTwiceThenItJoinsNobodyAndIsReported) {
  scene.lab_person("twin", "17");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].id, EntryId{"p-ann"});
  EXPECT_THAT(notices(), ElementsAre("ambiguous employeeNumber 17", "waiting asmith"));
  EXPECT_THAT(texts()[0],
              AllOf(HasSubstr("uid=asmith,ou=people,dc=lab"), HasSubstr("uid=twin,ou=people,dc=lab")));
}

TEST_F(GivenJoinedPerson, WhenAMembershipWasGrantedToOneEntryThenItIsRememberedForBothOnce) {
  scene.grant_to("ops", "ann", "p-ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), IsEmpty());
  auto const& kept = planned->draft.store_updates.at("vault").adopt_grants;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].id, EntryId{kBoth});
  scene.vault().managed.grants = kept;
  changes();
  EXPECT_THAT(planned->draft.store_updates.at("vault").adopt_grants, IsEmpty());
  scene.corp().drop_person("ann");
  changes();
  EXPECT_THAT(planned->draft.store_updates.at("vault").adopt_grants, IsEmpty());
}

TEST_F(GivenJoinedPerson, WhenTheyAreTwoAfterAllThenTheGrantForgetsTheOther) {
  grant();
  scene.lab().people.at("asmith").attributes["employeeNumber"] = "18";
  changes();
  auto const& kept = planned->draft.store_updates.at("vault").adopt_grants;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].id, EntryId{"p-ann"});
}

TEST_F(GivenJoinedPerson, WhenOneEntryIsDisabledThenTheOtherStillGives) {
  grant();
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), IsEmpty());
  scene.lab().disable("asmith");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
}

TEST_F(GivenJoinedPerson, WhenTheyHaveAUserForEachEntryThenNeitherIsTakenAndBothStay) {
  scene.grant_to("ops", "ann", "p-ann", fake::dn_of_person("ann"));
  scene.grant_to("ops", "asmith", "l-ann", fake::TwoSides::lab_dn("asmith"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("several users in the target: ann and asmith")));
}

TEST_F(GivenJoinedPerson, WhenProvisionedThenByTheMappingOfThePersonsDirectory) {
  vault.observed.users.clear();
  scene.vault().domains = {{"lab", "lab.example.com"}};
  scene.corp().leave("ops", "ann");
  ASSERT_THAT(changes(), ElementsAre("vault: add ops asmith"));
  EXPECT_EQ(planned->plan().changes[0].domain, "lab.example.com");
}

TEST_F(GivenJoinedPerson, WhenCutToOneOfTheirIdsThenTheChangeStays) {
  auto plan = scene.plan();
  auto kept = plan->plan();
  kept = cut(kept, {"", "", "L-ANN"});
  EXPECT_EQ(kept.changes.size(), 1U);
  kept = cut(kept, {"", "", "p-bob"});
  EXPECT_THAT(kept.changes, IsEmpty());
}

TEST_F(GivenTwoDirectories, WhenASourceOfTheOtherDirectoryIsGoneThenItIsLookedForThere) {
  scene.lab_group("ops", {});
  scene.granted("ops", {});
  scene.vault().managed.groups[0].sources = {EntryId{"gl-ops"}};
  scene.vault().managed.groups[0].rule = "all";
  scene.lab().drop_group("ops");
  scene.facts.last_seen_in[EntryId{"gl-ops"}] = "lab";
  scene.facts.last_dn[EntryId{"gl-ops"}] = "cn=ops,ou=groups,dc=lab";
  changes();
  EXPECT_THAT(planned->draft.questions.gone,
              ElementsAre(GoneQuestion{"lab", EntryId{"gl-ops"}, "cn=ops,ou=groups,dc=lab"}));
}

TEST_F(GivenTwoDirectories, WhenOneOfTwoSourcesIsNoLongerFoundThenItsPeopleStayUntilThatIsConfirmed) {
  scene.corp_person("ann");
  scene.lab_person("zoe");
  scene.corp().group("ops", {"ann"});
  scene.grant_to("ops", "ann", "p-ann", fake::dn_of_person("ann"));
  scene.grant_to("ops", "zoe", "l-zoe", fake::TwoSides::lab_dn("zoe"));
  scene.vault().managed.groups[0].sources = {EntryId{"g-ops"}, EntryId{"gl-ops"}};
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops zoe?"));
  EXPECT_THAT(planned->draft.store_updates.at("vault").update_groups, IsEmpty());
  scene.facts.absences["lab"][group_key_of(EntryId{"gl-ops"})] = {1, scene.facts.now - std::chrono::hours{1}};
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops zoe"));
  EXPECT_EQ(planned->draft.store_updates.at("vault").update_groups.at(0).sources,
            std::vector{EntryId{"g-ops"}});
}

TEST_F(GivenTwoDirectories, WhenAPersonIsDisabledWhereAloneTheGroupIsFedThenTheyDoNotWait) {
  scene.corp_person("ann", "17");
  scene.lab_person("asmith", "17").id = "l-ann";
  scene.join_by("employeeNumber");
  scene.corp().group("ops", {"ann"});
  scene.grant_to("ops", "ann", kBoth, fake::dn_of_person("ann"));
  scene.limits.confirm.removals_above = 0;
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
}

}  // namespace
}  // namespace dirsync::plan
