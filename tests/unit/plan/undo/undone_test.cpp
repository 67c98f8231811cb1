// What was taken back waits for a person before it is done again.
#include "sync/plan/undo/undone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// ops of the directory names ann and bob; that ann was added and cid removed there was taken back, so that
/// the target's holds bob and cid.
struct GivenUndoneChanges : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().people_named({"ann", "bob", "cid"});
    scene.corp().group("ops", {"ann", "bob"});
    scene.granted("ops", {"bob", "cid"});
    vault.ldap_user("ann");
    scene.facts.undone["vault"] = {undone(Verb::add, "ann", "g-ops"), undone(Verb::remove, "cid", "")};
  }
  Undone undone(Verb verb, std::string const& uid, std::string said) {
    Undone one;
    one.change.target = "vault";
    one.change.verb = verb;
    one.change.group = "ops";
    one.change.group_id = vault.find_group("ops")->id;
    one.change.principal = uid;
    one.change.principal_id = vault.find_user(uid)->id;
    one.change.id = EntryId{"p-" + uid};
    one.run = RunId{7};
    one.by = RunId{8};
    one.said = std::move(said);
    return one;
  }
  Draft drafted() {
    planned = scene.plan();
    auto const input = scene.input(*planned);
    auto draft = planned->draft;
    hold_undone(input, planned->desired, draft);
    return draft;
  }
  /// "add ann" of each that still counts.
  static std::vector<std::string> kept(Draft const& draft) {
    std::vector<std::string> words;
    for (auto const& one : draft.undone.at("vault"))
      words.push_back(std::string{to_text(one.change.verb)} + " " + one.change.principal);
    return words;
  }
};

TEST_F(GivenUndoneChanges, WhenTheDirectorySaysTheSameThenThePlanIsHeld) {
  auto const draft = drafted();
  EXPECT_THAT(planned->changes(), ElementsAre("vault: add ops ann", "vault: remove ops cid"));
  ASSERT_THAT(draft.holds, SizeIs(1));
  EXPECT_EQ(draft.holds[0].code, "undone");
  EXPECT_EQ(draft.holds[0].target, "vault");
  EXPECT_EQ(draft.holds[0].count, 2);
  EXPECT_THAT(draft.holds[0].text, HasSubstr("run 8"));
  EXPECT_THAT(kept(draft), ElementsAre("add ann", "remove cid"));
}

TEST_F(GivenUndoneChanges, WhenTheDirectoryChangesThereThenItCountsNoMore) {
  scene.corp().leave("ops", "ann");
  scene.corp().join("ops", "cid");
  auto const draft = drafted();
  EXPECT_THAT(planned->changes(), IsEmpty());
  EXPECT_THAT(draft.holds, IsEmpty());
  EXPECT_THAT(draft.undone.at("vault"), IsEmpty());
}

TEST_F(GivenUndoneChanges, WhenSomebodyIsNamedByAnotherGroupNowThenThatIsNews) {
  scene.corp().leave("ops", "ann");
  scene.corp().group("inner", {"ann"}).attributes["cn"] = "inner";
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.corp().join("ops", "@inner");
  auto const draft = drafted();
  EXPECT_THAT(kept(draft), ElementsAre("remove cid"));
  EXPECT_EQ(draft.holds.at(0).count, 1);
}

TEST_F(GivenUndoneChanges, WhenAPersonIsMovedThenNothingIsNew) {
  scene.corp().people.at("ann").dn = "uid=ann,ou=moved,dc=x";
  scene.corp().leave("ops", "ann");
  scene.corp().join("ops", "uid=ann,ou=moved,dc=x");
  EXPECT_THAT(kept(drafted()), ElementsAre("add ann", "remove cid"));
}

TEST_F(GivenUndoneChanges, WhenSomebodyIsDisabledThenTheyLeaveAllTheSame) {
  scene.corp().leave("ops", "ann");
  scene.corp().disable("cid");
  auto const draft = drafted();
  EXPECT_THAT(planned->changes(), ElementsAre("vault: remove ops cid"));
  EXPECT_THAT(draft.holds, IsEmpty());
}

TEST_F(GivenUndoneChanges, WhenDoneAgainThenItCountsNoMore) {
  vault.add("ops", "ann");
  scene.vault().managed.grants.push_back(fake::grant(vault, "ops", "ann", "all"));
  vault.remove("ops", "cid");
  std::erase_if(scene.vault().managed.grants, [](Grant const& grant) { return grant.principal == "cid"; });
  EXPECT_THAT(drafted().undone.at("vault"), IsEmpty());
}

TEST_F(GivenUndoneChanges, WhenTheTargetHasNoPartThenAllCountsOn) {
  scene.facts.undone["console"] = {undone(Verb::add, "ann", "g-ops")};
  EXPECT_THAT(drafted().undone.at("console"), SizeIs(1));
}

TEST_F(GivenUndoneChanges, WhenAGroupWasTakenBackThenItIsNotSimplyMadeAgain) {
  scene.corp().group("web", {"ann"});
  Undone web;
  web.change.target = "vault";
  web.change.verb = Verb::create_group;
  web.change.group = "web";
  web.change.group_id = "7";
  web.said = "g-web";
  scene.facts.undone["vault"] = {web};
  auto const draft = drafted();
  EXPECT_THAT(draft.undone.at("vault"), SizeIs(1));
  EXPECT_EQ(draft.holds.at(0).code, "undone");
  scene.corp().drop_group("web");
  EXPECT_THAT(drafted().undone.at("vault"), IsEmpty()) << "nothing asks for it any more";
}

TEST_F(GivenUndoneChanges, WhenTheOppositeIsTakenBackThenOnlyThatCounts) {
  auto const before = scene.facts.undone.at("vault");
  auto const left = without(before, {undone(Verb::remove, "ann", "g-ops")});
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].change.principal, "cid");
}

}  // namespace
}  // namespace dirsync::plan
