// What must be seen, and how often, before absence costs access.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct GivenGroupInSync : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override { scene.in_sync("ops", {"ann", "bob", "cid"}); }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// So many people leave a group of theirs whose values are read completely.
  void leavers(int count) {
    std::vector<std::string> uids;
    for (int n = 0; n < count + 1; ++n) uids.push_back("p" + std::to_string(100 + n));
    scene.in_sync("crowd", uids);
    for (int n = 0; n < count; ++n) scene.corp().leave("crowd", uids[static_cast<std::size_t>(n)]);
  }
};

TEST_F(GivenGroupInSync, WhenAPersonIsGoneThenTheFirstRunAsksAndWaits) {
  scene.corp().drop_person("bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  EXPECT_EQ(planned->draft.causes[0], Cause::gone);
  EXPECT_EQ(planned->plan().changes[0].phase, Phase::revocation);
  EXPECT_THAT(
      planned->draft.absent.at("corp"),
      ElementsAre(AbsenceKey{"former:vault/p-bob/uid=bob,ou=people,dc=x"}, AbsenceKey{"person:p-bob"}));
  ASSERT_EQ(planned->draft.questions.gone.size(), 1U);
  EXPECT_EQ(planned->draft.questions.gone.begin()->last_dn, fake::dn_of_person("bob"));
  EXPECT_EQ(planned->plan().verdict, Verdict::wait);
  EXPECT_FALSE(planned->plan().held);
  EXPECT_THAT(planned->reasons(), ElementsAre("unconfirmed"));
}

TEST_F(GivenGroupInSync, WhenAnEntryWasMadeAnewAndIsDisabledThenItsUserLeavesAtOnce) {
  scene.corp().people.at("bob").id = "p-bob-2";
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
  EXPECT_EQ(planned->plan().changes[0].phase, Phase::revocation);
}

TEST_F(GivenGroupInSync, WhenAMemberWasRenamedInMidReadThenNobodyLeavesAtOnce) {
  scene.corp().leave("ops", "bob");
  scene.corp().join("ops", "uid=robert,ou=people,dc=x");  // the group was read after the rename, bob before
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  scene.corp().may_have_changed = true;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  EXPECT_THAT(planned->plan().changes[0].why, HasSubstr("the directory may have changed meanwhile"));
  scene.absent_before(membership_key("vault", planned->plan().changes[0].group_id, "bob"), 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenGroupInSync, WhenADnGotAnotherOwnerInMidReadThenTheNewOneWaits) {
  auto const dn = fake::dn_of_person("dan");
  scene.corp().person("dan");
  scene.vault().world.ldap_user("dan");
  scene.corp().join("ops", "dan");
  auto& known = scene.facts.known["corp"];
  known[dn] = {EntryId{"p-former"}, dn, false};
  EXPECT_THAT(changes(), ElementsAre("vault: add ops dan"));
  scene.corp().may_have_changed = true;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("waiting ops " + dn));
  known[dn].id = EntryId{"p-dan"};
  EXPECT_THAT(changes(), ElementsAre("vault: add ops dan"));
  known.clear();
  EXPECT_THAT(changes(), ElementsAre("vault: add ops dan"));
  EXPECT_TRUE(planned->draft.questions.dns.at("corp").contains(dn));
}

TEST_F(GivenGroupInSync, WhenAnotherServerAnsweredThenNobodyLeavesAtOnce) {
  scene.corp().leave("ops", "bob");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  scene.facts.other_server.insert("corp");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  EXPECT_THAT(planned->plan().changes[0].why, HasSubstr("another server"));
  scene.absent_before(membership_key("vault", planned->plan().changes[0].group_id, "bob"), 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenGroupInSync, WhenOneOfItsSourcesLosesItsNameThenWhomItGaveStays) {
  scene.rule().group_name = fake::name_template("{description}");
  scene.corp().group("ops", {"ann"}).attributes["description"] = "ops";
  scene.corp().group("more", {"bob", "cid"});  // its description is hidden
  scene.vault().managed.groups[0].sources = {EntryId{"g-ops"}, EntryId{"g-more"}};
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?", "vault: remove ops cid?"));
}

TEST_F(GivenGroupInSync, WhenALookConfirmsThenRemovedAtOnce) {
  scene.corp().drop_person("bob");
  scene.facts.confirmed_gone.insert(EntryId{"p-bob"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(planned->plan().verdict, Verdict::run);
}

TEST_F(GivenGroupInSync, WhenAbsentInEnoughRunsThenRemoved) {
  scene.corp().drop_person("bob");
  scene.limits.confirm.reads = 3;
  scene.absent_before(AbsenceKey{"person:p-bob"}, 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  scene.absent_before(AbsenceKey{"person:p-bob"}, 2);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenGroupInSync, WhenAbsentBeforeThenALookMayFindThemAllTheSame) {
  scene.corp().drop_person("bob");
  scene.limits.confirm.reads = 3;
  scene.absent_before(AbsenceKey{"person:p-bob"}, 1);
  changes();
  EXPECT_EQ(planned->draft.questions.gone.size(), 1U);
}

TEST_F(GivenGroupInSync, WhenALookFindsThemThenNothingIsCountedAndTheyAreJudgedAsLeft) {
  scene.corp().drop_person("bob");
  scene.facts.found_by_look.insert(EntryId{"p-bob"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(planned->draft.causes[0], Cause::left);
  EXPECT_FALSE(planned->draft.absent.at("corp").contains(AbsenceKey{"person:p-bob"}));
  EXPECT_THAT(planned->plan().changes[0].why, HasSubstr("a closer look found"));
}

TEST_F(GivenGroupInSync, WhenTheTargetOfAGrantIsNotReadThenTheCountStays) {
  scene.absent_before(AbsenceKey{"person:p-elsewhere"}, 1);
  changes();
  EXPECT_THAT(planned->draft.still_counted["corp"], IsEmpty());
  scene.unread_targets = {"console"};
  changes();
  EXPECT_THAT(planned->draft.still_counted["corp"], ElementsAre(AbsenceKey{"person:p-elsewhere"}));
}

TEST_F(GivenGroupInSync, WhenOneReadIsEnoughThenRemoved) {
  scene.corp().drop_person("bob");
  scene.limits.confirm.reads = 1;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenGroupInSync, WhenAGroupStillNamesTheEntryThenALookConfirmsNothing) {
  scene.corp().drop_person("bob", false);
  scene.facts.confirmed_gone.insert(EntryId{"p-bob"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  scene.absent_before(AbsenceKey{"person:p-bob"}, 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenGroupInSync, WhenAnotherGroupNamesTheirLaterDnThenALookConfirmsNothing) {
  scene.corp().drop_person("bob");
  scene.corp().group("web", {"uid=bob,ou=moved,dc=x"});
  scene.facts.last_dn[EntryId{"p-bob"}] = "uid=bob,ou=moved,dc=x";
  scene.facts.confirmed_gone.insert(EntryId{"p-bob"});
  EXPECT_THAT(changes(), Contains("vault: remove ops bob?"));
}

TEST_F(GivenGroupInSync, WhenMorePeopleAreGoneThanLooksMayServeThenAllWait) {
  scene.limits.confirm.removals_above = 2;
  scene.corp().drop_person("ann");
  scene.corp().drop_person("bob");
  changes();
  EXPECT_EQ(planned->draft.questions.gone.size(), 2U);
  scene.corp().drop_person("cid");
  changes();
  EXPECT_EQ(planned->draft.questions.gone.size(), 3U);  // the engine asks as far as looks serve
  EXPECT_THAT(planned->changes(), Each(EndsWith("?")));
}

TEST_F(GivenGroupInSync, WhenDisabledThenNoConfirmationHoweverMany) {
  scene.limits.confirm.removals_above = 0;
  for (auto const& uid : {"ann", "bob", "cid"}) scene.corp().disable(uid);
  EXPECT_THAT(changes(),
              ElementsAre("vault: remove ops ann", "vault: remove ops bob", "vault: remove ops cid"));
}

TEST_F(GivenGroupInSync, WhenFewValuesAreRemovedThenNoConfirmation) {
  leavers(10);
  EXPECT_EQ(changes().size(), 10U);
  EXPECT_THAT(planned->changes(), Each(Not(EndsWith("?"))));
  EXPECT_THAT(planned->draft.absent["corp"], IsEmpty());
}

TEST_F(GivenGroupInSync, WhenMoreValuesAreRemovedThenAllOfThemAreConfirmedByAnotherRun) {
  leavers(11);
  EXPECT_EQ(changes().size(), 11U);
  EXPECT_THAT(planned->changes(), Each(EndsWith("?")));
  auto const absent = planned->draft.absent.at("corp");
  EXPECT_EQ(absent.size(), 11U);
  for (auto const& key : absent) scene.absent_before(key, 1);
  changes();
  EXPECT_THAT(planned->changes(), Each(Not(EndsWith("?"))));
  EXPECT_EQ(planned->draft.absent.at("corp").size(), 11U);
}

TEST_F(GivenGroupInSync, WhenOneMoreLeavesInTheSecondRunThenOnlyThatOneWaits) {
  leavers(11);
  changes();
  for (auto const& key : planned->draft.absent.at("corp")) scene.absent_before(key, 1);
  scene.corp().leave("ops", "ann");
  changes();
  EXPECT_THAT(planned->changes(), Contains("vault: remove ops ann?"));
  EXPECT_EQ(std::ranges::count_if(planned->changes(), [](auto const& words) { return words.ends_with("?"); }),
            1);
}

TEST_F(GivenGroupInSync, WhenTheRuleOfTheGrantsIsGoneThenTheirAbsenceIsStillCounted) {
  leavers(11);
  for (auto& grant : scene.vault().managed.grants) grant.rule = "former";
  changes();
  EXPECT_EQ(planned->draft.absent["corp"].size(), 11U);
}

TEST_F(GivenGroupInSync, WhenAllRemovalsWaitThenTheRestStillRuns) {
  scene.corp().drop_person("bob");
  scene.corp().person("new");
  scene.corp().join("ops", "new");
  scene.vault().world.ldap_user("new");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?", "vault: add ops new"));
  EXPECT_EQ(planned->plan().verdict, Verdict::run);
}

/// ops has ann directly and bob through inner, which is not found any more while its value stands.
struct GivenLostNestedGroup : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;
  AbsenceKey const key{"nested:cn=inner,ou=groups,dc=x"};

  void SetUp() override {
    scene.rule().selection = MatchingGroups{"(cn=ops)"};
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().leave("ops", "bob");
    scene.corp().join("ops", "@inner");
    scene.facts.known["corp"]["cn=inner,ou=groups,dc=x"] = {EntryId{"g-inner"}, "cn=inner,ou=groups,dc=x",
                                                            true};
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

TEST_F(GivenLostNestedGroup, WhenFirstMissedThenItsPeopleStay) {
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  EXPECT_THAT(planned->draft.absent.at("corp"), Contains(key));
}

TEST_F(GivenLostNestedGroup, WhenMissedBeforeThenHeldThoughTheStoreKnowsItNoMore) {
  scene.nothing_new_unresolved();
  scene.facts.known.clear();
  scene.absent_before(key, 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_TRUE(planned->plan().held);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  EXPECT_THAT(planned->reasons(), ElementsAre("nested-group-gone"));
  EXPECT_THAT(planned->draft.absent.at("corp"), Contains(key));
  EXPECT_THAT(planned->draft.to_approve.at("corp"), ElementsAre(key));
}

TEST_F(GivenLostNestedGroup, WhenMissedForeverThenStillHeld) {
  scene.facts.known.clear();
  scene.absent_before(key, 1000);
  changes();
  EXPECT_TRUE(planned->plan().held);
}

TEST_F(GivenLostNestedGroup, WhenALookSaysItIsGoneThenItsPeopleStayAllTheSame) {
  scene.facts.confirmed_gone.insert(EntryId{"g-inner"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
  EXPECT_THAT(planned->draft.questions.gone, IsEmpty());
}

TEST_F(GivenLostNestedGroup, WhenTheTargetHasNoPartInTheRunThenTheGroupIsCountedAllTheSame) {
  scene.targets.clear();
  scene.rules.clear();
  changes();
  EXPECT_THAT(planned->draft.absent.at("corp"), Contains(key));
}

TEST_F(GivenLostNestedGroup, WhenItLiesDeeperThenItsPeopleStayToo) {
  scene.corp().leave("ops", "@inner");
  scene.corp().group("middle", {"@inner"});
  scene.corp().join("ops", "@middle");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
}

TEST_F(GivenLostNestedGroup, WhenNestingIsOffThenItGaveNobody) {
  scene.nothing_new_unresolved();
  scene.rule().nested = false;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_FALSE(planned->plan().held);
}

TEST_F(GivenLostNestedGroup, WhenTheValueIsRemovedTooThenAnOrdinaryDeparture) {
  scene.corp().leave("ops", "@inner");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_FALSE(planned->plan().held);
}

TEST_F(GivenLostNestedGroup, WhenTheValueNamesNothingThatWasEverKnownThenAskedAndIgnored) {
  scene.nothing_new_unresolved();
  scene.facts.known.clear();
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_THAT(planned->draft.questions.dns.at("corp"), ElementsAre("cn=inner,ou=groups,dc=x"));
}

TEST_F(GivenLostNestedGroup, WhenForeignMembersGoThenItsPeopleStayToo) {
  scene.rule().foreign_members = ForeignMembers::remove;
  scene.vault().managed.grants.clear();
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob?"));
}

TEST_F(GivenLostNestedGroup, WhenAPersonIsDisabledThenTheyDoNotWait) {
  scene.corp().disable("bob");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_FALSE(planned->plan().held);
}

}  // namespace
}  // namespace dirsync::plan
