// What an undo takes back of a run, and what it leaves.
#include "sync/plan/undo/undo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sync/plan/document.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// ops holds ann and bob, both granted; cid is a user and in no group.
struct GivenARunToUndo : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::vector<PastChange> past;
  std::unique_ptr<fake::Planned> planned;
  Draft draft;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().person("cid");
    vault.ldap_user("cid");
  }
  PastChange& did(Verb verb, std::string const& uid) {
    Change change;
    change.target = "vault";
    change.verb = verb;
    change.group = "ops";
    change.group_id = vault.find_group("ops")->id;
    change.rule = "all";
    change.path = fake::dn_of_group("ops");
    if (!uid.empty()) {
      change.principal = uid;
      change.principal_id = vault.find_user(uid)->id;
      change.dn = fake::dn_of_person(uid);
      change.id = EntryId{"p-" + uid};
    } else {
      change.id = EntryId{"g-ops"};
      change.dn = fake::dn_of_group("ops");
    }
    return past.emplace_back(PastChange{.change = std::move(change)});
  }
  /// "remove ops ann" of each change, in order.
  std::vector<std::string> undo() {
    planned = scene.plan();
    auto const input = scene.input(*planned);
    draft = draft_undo(input, planned->desired, {.run = RunId{7}, .changes = past, .by = RunId{8}},
                       planned->draft);
    std::vector<std::string> words;
    for (auto const& change : draft.plan.changes)
      words.push_back(std::string{to_text(change.verb)} + " " + change.group +
                      (change.principal.empty() ? "" : " " + change.principal));
    return words;
  }
  /// "disabled bob" of each that is left.
  std::vector<std::string> left() const {
    std::vector<std::string> words;
    for (auto const& [change, code, because] : draft.plan.left)
      words.push_back(code + (change.principal.empty() ? "" : " " + change.principal));
    return words;
  }
  void ungrant(std::string const& uid) {
    std::erase_if(scene.vault().managed.grants,
                  [&uid](Grant const& grant) { return grant.principal == uid; });
  }
};

TEST_F(GivenARunToUndo, WhenItAddedSomebodyThenTheyAreTakenOutAndAPersonMustApprove) {
  did(Verb::add, "ann");
  EXPECT_THAT(undo(), ElementsAre("remove ops ann"));
  EXPECT_EQ(draft.plan.undoes, RunId{7});
  EXPECT_THAT(draft.plan.left, IsEmpty());
  ASSERT_EQ(draft.holds.size(), 1U);
  EXPECT_EQ(draft.holds[0].code, "undo");
  EXPECT_TRUE(draft.holds[0].holds);
  auto const& change = draft.plan.changes[0];
  EXPECT_EQ(change.phase, Phase::removal);
  EXPECT_EQ(change.rule, "all");
  EXPECT_EQ(change.id, EntryId{"p-ann"});
  EXPECT_THAT(change.why, HasSubstr("run 7"));
  EXPECT_EQ(draft.ours, std::vector{true});
  ASSERT_EQ(draft.groups.size(), 1U);
  EXPECT_EQ(draft.groups[0].managed, 2);
  EXPECT_EQ(draft.groups[0].removals, 1);
  EXPECT_EQ(draft.groups[0].ours_removed, 1);
}

TEST_F(GivenARunToUndo, WhenItRemovedSomebodyThenTheyComeBackWithTheRuleOfBefore) {
  did(Verb::remove, "cid");
  EXPECT_THAT(undo(), ElementsAre("add ops cid"));
  EXPECT_EQ(draft.plan.changes[0].rule, "all");
  EXPECT_EQ(draft.plan.changes[0].phase, Phase::addition);
  EXPECT_EQ(draft.groups.at(0).additions, 1);
}

TEST_F(GivenARunToUndo, WhenItDidBothThenRemovalsFollowAdditions) {
  did(Verb::add, "ann");
  did(Verb::remove, "cid");
  EXPECT_THAT(undo(), ElementsAre("add ops cid", "remove ops ann"));
}

TEST_F(GivenARunToUndo, WhenWhomItRemovedIsDisabledNowThenAccessIsNotGivenBack) {
  scene.corp().disable("cid");
  did(Verb::remove, "cid");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("disabled cid"));
  EXPECT_THAT(draft.holds, IsEmpty()) << "nothing is to be sent";
}

TEST_F(GivenARunToUndo, WhenWhomItRemovedIsGoneThenAccessIsNotGivenBack) {
  scene.corp().drop_person("cid");
  did(Verb::remove, "cid");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("gone cid"));
}

TEST_F(GivenARunToUndo, WhenALaterRunChangedItThenLeftWithItsNumber) {
  did(Verb::add, "ann").later = LaterChange{RunId{9}, "add"};
  did(Verb::remove, "cid").later = LaterChange{RunId{11}, "forget"};
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("changed-by-run ann", "changed-by-others cid"));
  EXPECT_THAT(draft.plan.left[0].because, HasSubstr("run 9"));
  EXPECT_THAT(draft.plan.left[1].because, HasSubstr("run 11"));
}

TEST_F(GivenARunToUndo, WhenSomebodyElseTookThemOutOrLetThemInThenLeft) {
  vault.remove("ops", "ann");
  did(Verb::add, "ann");
  vault.add("ops", "cid");
  did(Verb::remove, "cid");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("changed-by-others ann", "changed-by-others cid"));
}

TEST_F(GivenARunToUndo, WhenItFoundTheMembershipThereThenTheyStay) {
  did(Verb::add, "ann").outcome = Outcome::already;
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("so-before ann"));
}

TEST_F(GivenARunToUndo, WhenNobodyKnowsWhetherItWasDoneThenItIsLeftAndTold) {
  did(Verb::add, "ann").outcome = Outcome::unknown;
  did(Verb::remove, "cid").outcome = Outcome::unknown;
  did(Verb::create_group, "").outcome = Outcome::unknown;
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("unknown-outcome ann", "unknown-outcome cid", "unknown-outcome"));
}

TEST_F(GivenARunToUndo, WhenTheMembershipIsNotOursAnyMoreThenTheyStay) {
  ungrant("ann");
  did(Verb::add, "ann");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("not-ours ann"));
}

TEST_F(GivenARunToUndo, WhenTheGroupIsGoneThenLeft) {
  did(Verb::add, "ann");
  std::erase_if(vault.observed.groups, [](TargetGroup const& group) { return group.name == "ops"; });
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("group-gone ann"));
}

TEST_F(GivenARunToUndo, WhenTheUserIsGoneThenLeft) {
  did(Verb::remove, "cid");
  vault.drop_user("cid");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("member-gone cid"));
}

TEST_F(GivenARunToUndo, WhenAnotherUserHasTheIdNowThenNothingIsGivenOrTaken) {
  did(Verb::add, "ann");
  did(Verb::remove, "cid");
  for (auto const* uid : {"ann", "cid"}) {
    auto& user = *vault.find_user(uid);
    user.name = std::string{"other-"} + uid;
    user.dn = "uid=" + user.name + ",ou=elsewhere,dc=x";
  }
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("ambiguous ann", "ambiguous cid"));
}

TEST_F(GivenARunToUndo, WhenMemberOrGroupIsProtectedThenLeft) {
  did(Verb::add, "ann");
  did(Verb::remove, "cid");
  vault.find_user("ann")->protected_because = "break glass";
  vault.find_user("cid")->protected_because = "break glass";
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("protected ann", "protected cid"));
}

TEST_F(GivenARunToUndo, WhenTheRuleFeedsTheTargetNoMoreThenNobodyComesBackByIt) {
  did(Verb::remove, "cid").change.rule = "former";
  did(Verb::add, "ann");
  EXPECT_THAT(undo(), ElementsAre("remove ops ann")) << "what it gave can be taken back all the same";
  EXPECT_THAT(left(), ElementsAre("rule-gone cid"));
}

TEST_F(GivenARunToUndo, WhenItChangedAMembershipTwiceThenLeft) {
  did(Verb::add, "ann");
  did(Verb::remove, "ann");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("changed-twice ann", "changed-twice ann"));
}

TEST_F(GivenARunToUndo, WhenATargetHasNoPartThenItsChangesAreLeft) {
  did(Verb::add, "ann").change.target = "console";
  did(Verb::add, "bob").change.target = "former";
  scene.unread_targets.insert("console");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("unread ann", "no-such-target bob"));
}

TEST_F(GivenARunToUndo, WhenItCreatedTheGroupThenItGoesWithThoseWhomTheRunPutThere) {
  did(Verb::create_group, "");
  did(Verb::add, "ann");
  did(Verb::add, "bob");
  EXPECT_THAT(undo(), ElementsAre("remove ops ann", "remove ops bob", "delete-group ops"));
  EXPECT_EQ(draft.plan.changes[2].phase, Phase::tidying);
}

TEST_F(GivenARunToUndo, WhenSomebodyElseIsInTheGroupThatItCreatedThenItStays) {
  did(Verb::create_group, "");
  did(Verb::add, "ann");
  EXPECT_THAT(undo(), ElementsAre("remove ops ann"));
  EXPECT_THAT(left(), ElementsAre("has-members"));
}

TEST_F(GivenARunToUndo, WhenItDeletedTheGroupThenItIsCreatedAgain) {
  did(Verb::delete_group, "");
  std::erase_if(vault.observed.groups, [](TargetGroup const& group) { return group.name == "ops"; });
  scene.vault().managed = {};
  EXPECT_THAT(undo(), ElementsAre("create-group ops"));
  vault.group("OPS");
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("changed-by-others"));
}

TEST_F(GivenARunToUndo, WhenItRenamedTheGroupThenItIsCalledAsBefore) {
  auto& rename = did(Verb::rename_group, "").change;
  rename.group = "operators";
  rename.new_name = "ops";
  EXPECT_THAT(undo(), ElementsAre("rename-group ops"));
  EXPECT_EQ(draft.plan.changes[0].new_name, "operators");
  vault.find_group("ops")->name = "by hand";
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("changed-by-others"));
}

TEST_F(GivenARunToUndo, WhenAPersonDidItByHandThenLeft) {
  did(Verb::create_group, "").change.rule = "";
  did(Verb::add, "ann").change.rule = "";
  EXPECT_THAT(undo(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("by-hand", "by-hand ann"));
}

TEST_F(GivenARunToUndo, WhenItIsPrintedThenWithTheRunAndWhatIsLeft) {
  did(Verb::add, "ann");
  did(Verb::add, "bob").outcome = Outcome::already;
  undo();
  auto const text = plan_json(draft.plan, std::nullopt, {});
  EXPECT_THAT(text,
              HasSubstr(R"("undoes":7,"left":[{"change":{"verb":"add","group":"ops","principal":"bob")"));
  EXPECT_THAT(text, HasSubstr(R"("code":"so-before","because":)"));
  EXPECT_THAT(plan_json(planned->plan(), std::nullopt, {}), testing::Not(HasSubstr("undoes")));
}

TEST_F(GivenARunToUndo, WhenTakenBackThenItIsRememberedWithWhatTheDirectorySays) {
  did(Verb::add, "ann");
  did(Verb::remove, "cid");
  undo();
  auto const& undone = draft.undone.at("vault");
  ASSERT_EQ(undone.size(), 2U);
  auto const ann = std::ranges::find(undone, "ann", [](Undone const& one) { return one.change.principal; });
  auto const cid = std::ranges::find(undone, "cid", [](Undone const& one) { return one.change.principal; });
  ASSERT_TRUE(ann != undone.end() && cid != undone.end());
  EXPECT_EQ(ann->change.verb, Verb::add);
  EXPECT_EQ(ann->said, "g-ops") << "the group still names her";
  EXPECT_EQ(ann->run, RunId{7});
  EXPECT_EQ(ann->by, RunId{8});
  EXPECT_EQ(cid->change.verb, Verb::remove);
  EXPECT_EQ(cid->said, "") << "no group names him";
}

}  // namespace
}  // namespace dirsync::plan
