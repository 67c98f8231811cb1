#include "sync/plan/people/user_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// ann is wanted in ops, which is ours and empty.
struct GivenWantedPerson : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().person("ann");
    scene.corp().group("ops", {"ann"});
    scene.granted("ops", {});
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  void know(std::string const& dn, std::string const& id) {
    scene.facts.known["corp"][dn] = {EntryId{id}, dn, false};
  }
  std::string notice_text() const { return planned->plan().targets.at("vault").notices.at(0).text; }
};

TEST_F(GivenWantedPerson, WhenAUserHasTheirDnInAnotherSpellingThenThatUserWhateverItsName) {
  vault.user("ann@example.com", "UID=Ann, OU=People, DC=X");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann@example.com"));
  EXPECT_EQ(planned->plan().changes[0].matched, MatchedBy::user_dn);
}

TEST_F(GivenWantedPerson, WhenSeveralUsersHaveTheirDnThenAmbiguous) {
  vault.user("ann", fake::dn_of_person("ann"));
  vault.user("ann2", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
  EXPECT_NE(notice_text().find("ann (uid=ann,ou=people,dc=x), ann2 (uid=ann,ou=people,dc=x)"),
            std::string::npos)
      << notice_text();
}

TEST_F(GivenWantedPerson, WhenThereIsNoUserAndNoDomainThenWaiting) {
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("waiting ann"));
  EXPECT_EQ(planned->plan().targets.at("vault").notices.at(0).dn, "uid=ann,ou=people,dc=x");
  EXPECT_EQ(planned->plan().verdict, Verdict::in_sync);
}

TEST_F(GivenWantedPerson, WhenTheTargetProvisionsNobodyThenWaitingInSpiteOfADomain) {
  scene.vault().domains[""] = "example.com";
  scene.vault().traits.no_provisioning = "this one takes nobody in";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("waiting ann"));
  EXPECT_NE(notice_text().find("this one takes nobody in"), std::string::npos);
}

TEST_F(GivenWantedPerson, WhenThereIsADomainThenProvisionedByLogonName) {
  scene.vault().domains[""] = "example.com";
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].domain, "example.com");
  EXPECT_EQ(planned->plan().changes[0].principal_id, "");
  EXPECT_EQ(planned->plan().changes[0].matched, MatchedBy::new_user);
  scene.vault().domains["corp"] = "corp.example.com";
  changes();
  EXPECT_EQ(planned->plan().changes[0].domain, "corp.example.com");
}

TEST_F(GivenWantedPerson, WhenTheTargetSaysThatItHasNoSuchMappingThenWaitingInItsWords) {
  scene.vault().domains[""] = "exmaple.com";
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_THAT(planned->draft.questions.mappings.at("vault"), ElementsAre("exmaple.com"));
  scene.facts.mappings["vault"]["exmaple.com"] = {.is_told = true, .text = "there is only example.com"};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("waiting ann"));
  EXPECT_NE(notice_text().find("there is only example.com"), std::string::npos);
}

TEST_F(GivenWantedPerson, WhenTheLogonNameBelongsToTwoEntriesThenNothingIsProvisioned) {
  scene.vault().domains[""] = "example.com";
  scene.corp().person("twin").attributes["uid"] = "ANN";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
  EXPECT_NE(notice_text().find("uid=ann,ou=people,dc=x, uid=twin,ou=people,dc=x"), std::string::npos)
      << notice_text();
}

TEST_F(GivenWantedPerson, WhenTheLogonNameBelongsToManyEntriesThenSomeAreNamedAndTheOthersCounted) {
  for (auto const* cn : {"b", "c", "d", "e"}) scene.corp().person(cn).attributes["uid"] = "ann";
  vault.user("ann", "uid=ann,ou=former,dc=x");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_NE(
      notice_text().find("uid=ann,ou=people,dc=x, uid=b,ou=people,dc=x, uid=c,ou=people,dc=x and 2 more"),
      std::string::npos)
      << notice_text();
}

TEST_F(GivenWantedPerson, WhenTheEntryHasNoNameThenUnnamed) {
  scene.rule().member_name = fake::name_template("{employeeNumber}");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("unnamed uid=ann,ou=people,dc=x"));
}

TEST_F(GivenWantedPerson, WhenALocalUserHasTheNameThenNeverThatUser) {
  vault.user("Ann", "", UserSource::local);
  scene.vault().domains[""] = "example.com";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
}

TEST_F(GivenWantedPerson, WhenTheNamesakesEntryExistsThenNeverThatUser) {
  scene.corp().person("other").dn = "uid=ann,ou=lab,dc=x";
  vault.user("ann", "uid=ann,ou=lab,dc=x");
  know("uid=ann,ou=lab,dc=x", "p-ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
  EXPECT_NE(notice_text().find("another person"), std::string::npos);
}

TEST_F(GivenWantedPerson, WhenTheOldDnWasTheirsThenThatUser) {
  vault.user("ann", "uid=ann,ou=former,dc=x");
  know("uid=ann,ou=former,dc=x", "p-ann");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].matched, MatchedBy::name_with_former_dn);
}

TEST_F(GivenWantedPerson, WhenTheOldDnWasTheirsThenThatUserAlsoWithADomainInItsName) {
  vault.user("ann@example.com", "uid=ann,ou=former,dc=x");
  know("uid=ann,ou=former,dc=x", "p-ann");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann@example.com"));
}

TEST_F(GivenWantedPerson, WhenTwoUsersFitTheNameThenAmbiguous) {
  vault.user("ann", "uid=ann,ou=former,dc=x");
  vault.user("ann@example.com", "uid=ann,ou=older,dc=x");
  know("uid=ann,ou=former,dc=x", "p-ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann", "dn-check", "stale-dn ann"));
  EXPECT_NE(notice_text().find("ann (uid=ann,ou=former,dc=x), ann@example.com (uid=ann,ou=older,dc=x)"),
            std::string::npos)
      << notice_text();
}

TEST_F(GivenWantedPerson, WhenTheOldDnWasSomebodyElsesThenAmbiguous) {
  vault.user("ann", "uid=ann,ou=former,dc=x");
  know("uid=ann,ou=former,dc=x", "p-somebody");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_NE((changes(), notice_text()).find("another entry"), std::string::npos);
}

TEST_F(GivenWantedPerson, WhenTheOldDnWasNeverSeenThenAskedAndSetAside) {
  vault.user("ann", "uid=ann,ou=former,dc=x");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.questions.dns.at("corp"), Contains("uid=ann,ou=former,dc=x"));
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
}

TEST_F(GivenWantedPerson, WhenTheUserComesFromAnotherDirectoryThenAmbiguous) {
  vault.user("ann", "uid=ann,dc=elsewhere");
  know("uid=ann,dc=elsewhere", "p-ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_NE(notice_text().find("comes from elsewhere"), std::string::npos);
}

TEST_F(GivenWantedPerson, WhenAUserHasNoUsableDnThenAmbiguous) {
  vault.user("ann", "no dn");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann"));
}

TEST_F(GivenWantedPerson, WhenTheyMovedSinceAGrantThenTheSameUser) {
  scene.granted("all", {"ann"});
  scene.corp().group("all", {"ann"});
  scene.corp().people.at("ann").dn = "uid=ann,ou=moved,dc=x";
  for (auto& [cn, group] : scene.corp().groups) group.values = {"uid=ann,ou=moved,dc=x"};
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_EQ(planned->plan().changes[0].matched, MatchedBy::grant);
}

/// The one of before the rename could not be taken out yet; then they move, and nobody has their DN.
TEST_F(GivenWantedPerson, WhenTwoUsersWereGrantedToThemAndNeitherHasTheirDnThenBothStay) {
  scene.granted("ops", {"ann-of-before", "ann"});
  for (auto& grant : scene.vault().managed.grants) grant.id = EntryId{"p-ann"};
  scene.corp().people.at("ann").dn = "uid=ann,ou=moved,dc=x";
  scene.corp().groups.at("ops").values = {"uid=ann,ou=moved,dc=x"};
  EXPECT_THAT(changes(), IsEmpty());
  ASSERT_THAT(planned->notices(), Contains("ambiguous ann"));
}

TEST_F(GivenWantedPerson, WhenTheyLogOnAsAnotherUserNowThenTheOneOfBeforeLeavesAndTheReasonSaysSo) {
  scene.granted("ops", {"ann-of-before"});
  scene.vault().managed.grants.at(0).id = EntryId{"p-ann"};
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: remove ops ann-of-before"));
  EXPECT_EQ(planned->plan().changes[1].why,
            "uid=ann,ou=people,dc=x is a member as ann now, not as ann-of-before any more");
}

TEST_F(GivenWantedPerson, WhenSomebodyElseTookOverTheDnOfTheirUserThenNoLongerThatUser) {
  scene.granted("all", {"ann"});
  scene.corp().group("all", {"uid=ann,ou=moved,dc=x"});
  scene.corp().people.at("ann").dn = "uid=ann,ou=moved,dc=x";
  scene.corp().groups.at("ops").values = {"uid=ann,ou=moved,dc=x"};
  scene.corp().person("new").dn = fake::dn_of_person("ann");
  // What is there stays until a person has looked; nothing is given.
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("ambiguous ann"));
}

TEST_F(GivenWantedPerson, WhenTheirEntryWasMadeAnewThenTheGrantIsTheNewOnesOnceTheOldIsGone) {
  scene.granted("ops", {"ann"});
  scene.corp().people.at("ann").id = "p-ann-2";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").adopt_grants, IsEmpty());
  auto const& absent = planned->draft.absent.at("corp");
  ASSERT_THAT(absent, testing::SizeIs(1));
  scene.absent_before(*absent.begin(), 1);
  EXPECT_THAT(changes(), IsEmpty());
  auto const& grants = planned->draft.store_updates.at("vault").adopt_grants;
  ASSERT_THAT(grants, testing::SizeIs(1));
  EXPECT_EQ(grants[0].id, EntryId{"p-ann-2"});
}

TEST_F(GivenWantedPerson, WhenTheyAreSetAsideThenWhatTheyHaveStays) {
  scene.granted("all", {"ann"});
  scene.corp().group("all", {"ann"});
  vault.user("ann2", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(planned->notices(), (std::vector<std::string>{"ambiguous ann"}));
}

struct GivenWantedConsoleUser : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& console = scene.console().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rules.erase(scene.rules.begin());
    scene.targets.erase("vault");
    scene.rule("console").member_name = fake::name_template("{mail}");
    scene.corp().person("ann");
    scene.corp().group("ops", {"ann"});
    scene.granted("ops", {}, "console");
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// ann was granted ops as ann@example.com and has another mail address now.
  void rename_since_a_grant() {
    console.user("ann@example.com", "", UserSource::unknown);
    console.add("ops", "ann@example.com");
    auto grant = fake::grant(console, "ops", "ann@example.com", "console");
    grant.id = EntryId{"p-ann"};
    scene.console().managed.grants = {grant};
    scene.corp().people.at("ann").attributes["mail"] = "ann.married@example.com";
  }
};

TEST_F(GivenWantedConsoleUser, WhenTheNameDiffersByCaseThenThatUser) {
  console.user("Ann@Example.com", "", UserSource::unknown);
  EXPECT_THAT(changes(), ElementsAre("console: add ops Ann@Example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenThereIsNoUserThenWaiting) {
  console.user("ann", "", UserSource::unknown);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("waiting ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTheTargetMakesUsersThenOneIsMadeFromTheEntry) {
  scene.console().traits.refuse_user_name = [](std::string_view) { return std::string{}; };
  scene.corp().people.at("ann").attributes["displayName"] = "Ann A.";
  EXPECT_THAT(changes(), ElementsAre("console: add ops ann@example.com"));
  auto const& change = planned->plan().changes[0];
  EXPECT_EQ(change.principal_id, "");
  EXPECT_EQ(change.new_user, (NewUser{"Ann A.", "ann@example.com"}));
  EXPECT_NE(change.why.find("local login"), std::string::npos);
  EXPECT_THAT(planned->notices("console"), IsEmpty());
}

TEST_F(GivenWantedConsoleUser, WhenTheTargetMakesNoUserOfThatNameThenSetAsideWithItsReason) {
  scene.console().traits.refuse_user_name = [](std::string_view name) { return "not " + std::string{name}; };
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("ambiguous ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenThereIsAUserThenNoneIsMade) {
  scene.console().traits.refuse_user_name = [](std::string_view) { return std::string{}; };
  console.user("ANN@example.com", "", UserSource::unknown);
  EXPECT_THAT(changes(), ElementsAre("console: add ops ANN@example.com"));
  EXPECT_FALSE(planned->plan().changes[0].new_user);
}

TEST_F(GivenWantedConsoleUser, WhenTwoUsersHaveTheNameThenAmbiguous) {
  console.user("ann@example.com", "", UserSource::unknown);
  console.user("ANN@example.com", "", UserSource::unknown);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("ambiguous ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTwoPeopleHaveTheNameThenAmbiguous) {
  console.user("ann@example.com", "", UserSource::unknown);
  scene.corp().person("twin").attributes["mail"] = "ANN@example.com";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("ambiguous ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTheirNameChangedSinceAGrantThenTheSameUser) {
  rename_since_a_grant();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), IsEmpty());
}

TEST_F(GivenWantedConsoleUser, WhenTwoUsersWereGrantedToThemThenTheirNameDecides) {
  rename_since_a_grant();
  scene.granted("ops", {"ann.married@example.com"}, "console");
  for (auto& grant : scene.console().managed.grants) grant.id = EntryId{"p-ann"};
  EXPECT_THAT(changes(), ElementsAre("console: remove ops ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTheirOldNameIsSomebodyElsesNowThenThatOneLosesTheGroup) {
  rename_since_a_grant();
  auto& heir = scene.corp().person("heir");
  heir.attributes["mail"] = "ann@example.com";
  EXPECT_THAT(changes(), ElementsAre("console: remove ops ann@example.com"));
  EXPECT_NE(planned->plan().changes[0].why.find("another person"), std::string::npos);
  EXPECT_THAT(planned->notices("console"), ElementsAre("waiting ann.married@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTheirOldNameIsAnotherWantedOnesThenTheGrantIsTheirsFromNowOn) {
  rename_since_a_grant();
  scene.corp().person("heir").attributes["mail"] = "ann@example.com";
  scene.corp().join("ops", "heir");
  EXPECT_THAT(changes(), IsEmpty());
  auto const& updates = planned->draft.store_updates.at("console");
  ASSERT_THAT(updates.adopt_grants, testing::SizeIs(1));
  EXPECT_EQ(updates.adopt_grants[0].principal, "ann@example.com");
  EXPECT_EQ(updates.adopt_grants[0].id, EntryId{"p-heir"});
  scene.console().managed.grants = updates.adopt_grants;
  scene.corp().disable("heir");
  EXPECT_THAT(changes(), ElementsAre("console: remove ops ann@example.com"));
  EXPECT_EQ(planned->plan().changes[0].phase, Phase::revocation);
}

TEST_F(GivenWantedConsoleUser, WhenTheirOldNameIsNowThatOfAWantedOneAndOfAnotherThenItIsLeftAsItIs) {
  rename_since_a_grant();
  for (auto const* uid : {"heir", "twin"}) scene.corp().person(uid).attributes["mail"] = "ann@example.com";
  scene.corp().join("ops", "heir");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"),
              ElementsAre("ambiguous ann@example.com", "waiting ann.married@example.com"));
  EXPECT_THAT(planned->draft.store_updates.at("console").adopt_grants, IsEmpty());
  // She who had it is wanted no more, and disabled: that ends it, whoever bears the name.
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("console: remove ops ann@example.com"));
}

/// Whoever may write their own mail puts another one's there.
TEST_F(GivenWantedConsoleUser, WhenTheyBearAnotherOnesNameAsWellThenNeitherOrderGivesThemThatUser) {
  console.user("ann@example.com", "", UserSource::unknown);
  console.user("boss@example.com", "", UserSource::unknown);
  for (auto const* mails : {"ann@example.com\nboss@example.com", "boss@example.com\nann@example.com"}) {
    scene.corp().people.at("ann").attributes["mail"] = mails;
    EXPECT_THAT(changes(), IsEmpty()) << mails;
    EXPECT_THAT(planned->notices("console"), ElementsAre("several-values uid=ann,ou=people,dc=x")) << mails;
  }
}

TEST_F(GivenWantedConsoleUser, WhenOneOfTheirValuesAloneNamesAUserThenThatOne) {
  console.user("ann@example.com", "", UserSource::unknown);
  scene.corp().people.at("ann").attributes["mail"] = "a.smith@example.com\nann@example.com";
  EXPECT_THAT(changes(), ElementsAre("console: add ops ann@example.com"));
}

TEST_F(GivenWantedConsoleUser, WhenTheyWereGrantedByOneOfTheirValuesThenItStaysThat) {
  scene.granted("ops", {"ann@example.com"}, "console");
  scene.console().managed.grants.at(0).id = EntryId{"p-ann"};
  console.user("boss@example.com", "", UserSource::unknown);
  scene.corp().people.at("ann").attributes["mail"] = "boss@example.com\nann@example.com";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), IsEmpty());
}

TEST_F(GivenWantedConsoleUser, WhenNoneOfTheirValuesNamesAUserThenNobodyIsMade) {
  scene.console().traits.refuse_user_name = [](std::string_view) { return std::string{}; };
  scene.corp().people.at("ann").attributes["mail"] = "a@example.com\nb@example.com";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("several-values uid=ann,ou=people,dc=x"));
}

}  // namespace
}  // namespace dirsync::plan
