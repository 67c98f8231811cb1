// One stage of the diff after the other, from values alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/diff/additions.hpp"
#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/directory_objects.hpp"
#include "sync/plan/diff/foreign.hpp"
#include "sync/plan/diff/group_members.hpp"
#include "sync/plan/diff/merge.hpp"
#include "sync/plan/diff/removals.hpp"
#include "sync/plan/diff/store_updates.hpp"
#include "sync/plan/diff/unwanted_groups.hpp"
#include "tests/unit/plan/diff/stage.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// ann is in ops on both sides, bob is wanted there, and cid has left; ops is ours.
struct GivenOps : GivenStage {
  GivenOps() {
    scene.in_sync("ops", {"ann", "cid"});
    scene.corp().leave("ops", "cid");
    scene.corp().person("bob");
    scene.corp().join("ops", "bob");
    vault.ldap_user("bob");
  }
  /// The stages before the one in question.
  struct Before {
    Context const& context;
    DesiredGroup const& desired;
    WritableGroup group;
    Matches matches{context};
    Wanted wanted = wanted_in(context, desired, matches);
    Granted granted = granted_in(context, group, wanted);
    GroupDoubts doubts = doubts_of(context, desired, context.index.managed(group.id()));
    StandIns nested = stand_ins(context, desired, group, granted);
  };
  std::unique_ptr<Before> before() {
    auto const& ready = context();
    return std::unique_ptr<Before>{new Before{ready, wanted_group("ops"), writable("ops")}};
  }
  std::vector<std::string> names(std::vector<WantedUser> const& users) {
    std::vector<std::string> found;
    for (auto const& one : users) found.push_back(vault.observed.users[one.user].name);
    return found;
  }
};

TEST_F(GivenOps, WhenIndexedThenFoundByIdNameAndDn) {
  vault.directory_group("linux", "CN=Linux, DC=x");
  auto const& index = context().index;
  auto const* const ops = vault.find_group("ops");
  EXPECT_EQ(index.group(ops->id), ops);
  EXPECT_EQ(index.group("999"), nullptr);
  EXPECT_THAT(index.groups_named("OPS"), ElementsAre(ops));
  EXPECT_THAT(index.directory_groups("cn=linux,dc=x"), ElementsAre(vault.find_group("linux")));
  EXPECT_EQ(index.managed(ops->id)->group, "ops");
  EXPECT_EQ(index.grants(ops->id).size(), 2U);
  EXPECT_EQ(index.bearers("Ann"), 1U);
}

TEST_F(GivenOps, WhenWantedThenUsersInOrderAndTheirEntries) {
  auto const found = before();
  EXPECT_THAT(names(found->wanted.users), ElementsAre("ann", "bob"));
  EXPECT_TRUE(contains_any(found->wanted.entries, EntryId{"p-bob"}));
  EXPECT_FALSE(contains_any(found->wanted.entries, EntryId{"p-cid"}));
  EXPECT_THAT(found->wanted.notices, IsEmpty());
}

TEST_F(GivenOps, WhenTwoPeopleFitOneUserThenTheSmallerIdStaysWhateverTheirOrder) {
  scene.rule().member_name = fake::name_template("{uid}");
  scene.corp().person("anna").dn = "uid=anna,ou=people,dc=x";
  scene.corp().join("ops", "anna");
  scene.vault().managed.grants[0].id = EntryId{"p-ann+p-anna"};  // one person once
  vault.find_user("ann")->dn.clear();
  auto const found = before();
  EXPECT_THAT(names(found->wanted.users), ElementsAre("ann", "bob"));
  EXPECT_TRUE(contains_any(found->wanted.unclear, EntryId{"p-anna"}));
  EXPECT_THAT(words(found->wanted.notices), ElementsAre("ambiguous ann"));
}

TEST_F(GivenOps, WhenGrantsAreHeldAgainstMembersThenOursAndEnded) {
  vault.remove("ops", "cid");
  EXPECT_THAT(before()->granted.ended, IsEmpty());  // not yet
  auto const id = vault.find_group("ops")->id;
  scene.facts.absences[members_of("vault")][grant_key(id, "cid")] = {1,
                                                                     scene.facts.now - std::chrono::hours{1}};
  auto const found = before();
  EXPECT_EQ(found->granted.users.size(), 1U);
  ASSERT_EQ(found->granted.ended.size(), 1U);
  EXPECT_EQ(found->granted.ended[0].principal, "cid");
}

TEST_F(GivenOps, WhenAnAdditionIsPlannedThenOfWhoeverIsNotIn) {
  auto const found = before();
  EXPECT_THAT(words(additions(found->context, found->desired, found->group, found->wanted).changes),
              ElementsAre("add ops bob"));
}

TEST_F(GivenOps, WhenSomebodyLeftThenRemoved) {
  auto const found = before();
  auto const part = removals(found->context, found->desired, found->group, found->wanted, found->granted,
                             found->doubts, true);
  EXPECT_THAT(words(part.changes), ElementsAre("remove ops cid"));
  EXPECT_TRUE(part.changes[0].ours);
  EXPECT_EQ(part.changes[0].cause, Cause::left);
}

TEST_F(GivenOps, WhenAValueNamesNobodyThenThereIsDoubt) {
  scene.corp().join("ops", "uid=cid,ou=people,dc=x");
  scene.corp().people.at("cid").dn = "uid=cid,ou=new,dc=x";
  auto const found = before();
  EXPECT_TRUE(found->doubts.nobodys_dns.contains("uid=cid,ou=people,dc=x"));
  for (auto const* const dn : {"uid=cid,ou=people,dc=x", "uid=eve,ou=people,dc=x"})
    EXPECT_NE(doubt_about(found->context, found->desired, found->doubts, {}, dn), "") << "it is new";
}

TEST_F(GivenOps, WhenAValueHasLongNamedNobodyThenThereIsDoubtAboutWhoeverItNamedAlone) {
  scene.corp().join("ops", "uid=cid,ou=people,dc=x");
  scene.corp().people.at("cid").dn = "uid=cid,ou=new,dc=x";
  scene.nothing_new_unresolved();
  auto const found = before();
  EXPECT_NE(doubt_about(found->context, found->desired, found->doubts, {}, "uid=cid,ou=people,dc=x"), "");
  EXPECT_EQ(doubt_about(found->context, found->desired, found->doubts, {}, "uid=eve,ou=people,dc=x"), "");
}

TEST_F(GivenOps, WhenAMemberIsForeignThenAsTheRuleSays) {
  scene.corp().person("eve");
  vault.ldap_user("eve");
  vault.add("ops", "eve");
  for (auto const policy : {ForeignMembers::keep, ForeignMembers::report, ForeignMembers::remove}) {
    scene.rule().foreign_members = policy;
    auto const found = before();
    auto const eve = static_cast<std::uint32_t>(vault.find_user("eve") - vault.observed.users.data());
    auto const part =
        foreign_member(found->context, found->desired, found->group, found->wanted, found->doubts, eve);
    EXPECT_EQ(part.notices.size(), policy == ForeignMembers::report ? 1U : 0U);
    EXPECT_EQ(part.changes.size(), policy == ForeignMembers::remove ? 1U : 0U);
  }
}

TEST_F(GivenOps, WhenMembershipsAreFoundThenAdopted) {
  scene.rule().adopt = true;
  vault.add("ops", "bob");
  auto const found = before();
  ExistingGroup const existing{&found->desired, found->group, nullptr, std::nullopt};
  auto const part =
      store_updates(found->context, existing, found->wanted, found->granted, found->doubts, found->nested);
  ASSERT_EQ(part.store_updates.adopt_grants.size(), 1U);
  EXPECT_EQ(part.store_updates.adopt_grants[0].principal, "bob");
  EXPECT_EQ(part.store_updates.adopt_groups.size(), 1U);
  EXPECT_EQ(part.figures.adopted, 1);
}

TEST_F(GivenOps, WhenAGroupIsTheMemberThenAddedAndItsPeopleTold) {
  scene.rule().as = MembersAs::group;
  vault.directory_group("linux", fake::dn_of_group("ops"));
  auto const found = before();
  EXPECT_EQ(found->nested.missing.size(), 1U);
  auto const part = group_additions(found->context, found->desired, found->group, found->nested);
  EXPECT_THAT(words(part.changes), ElementsAre("add ops linux"));
  EXPECT_THAT(words(part.notices), ElementsAre("effective ops cn=ops,ou=groups,dc=x"));
}

TEST_F(GivenOps, WhenANestedGroupOfOursIsWantedNoMoreThenRemoved) {
  vault.directory_group("linux", "cn=linux,ou=groups,dc=x");
  vault.nest("ops", "linux");
  scene.corp().group("linux");
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.vault().managed.grants.push_back(fake::group_grant(vault, "ops", "linux", "linux", "all"));
  auto const found = before();
  auto const part = group_removals(found->context, found->desired, found->group, found->wanted,
                                   found->granted, found->doubts);
  EXPECT_THAT(words(part.changes), ElementsAre("remove ops linux"));
}

TEST_F(GivenOps, WhenNoSourceFeedsAGroupThenKeptAndTold) {
  scene.corp().drop_group("ops");
  std::vector<std::string> told;
  Matches matches{context()};
  for (auto const& part : unwanted_groups(context(), {}, matches))
    for (auto const& word : words(part.notices)) told.push_back(word);
  EXPECT_THAT(told, ElementsAre("orphaned ops"));
}

TEST_F(GivenOps, WhenAWantedGroupIsItThenItIsNobodysOrphan) {
  auto const& ready = context();
  auto const resolved = resolve(ready);
  EXPECT_THAT(resolved.claimed, ElementsAre(vault.find_group("ops")->id));
  Matches matches{ready};
  EXPECT_THAT(unwanted_groups(ready, resolved.claimed, matches), IsEmpty());
}

TEST_F(GivenOps, WhenAnObjectMovedThenItsSuccessorIsAddedWhereItWas) {
  scene.vault().replace_stale_groups = true;
  scene.corp().group("linux");
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  vault.directory_group("linux", "cn=linux,ou=former,dc=x");
  vault.directory_group("linux2", fake::dn_of_group("linux"));
  vault.nest("ops", "linux");
  scene.facts.known["corp"]["cn=linux,ou=former,dc=x"] = {EntryId{"g-linux"}, "cn=linux,ou=former,dc=x",
                                                          true};
  std::vector<std::string> changed;
  for (auto const& part : directory_objects(context()))
    for (auto const& word : words(part.changes)) changed.push_back(word);
  EXPECT_THAT(changed, ElementsAre("add ops linux2"));
}

TEST_F(GivenOps, WhenMergedThenOrderedAndCounted) {
  auto const found = before();
  auto part = draft_of(found->context, found->group, "all");
  append(part, removals(found->context, found->desired, found->group, found->wanted, found->granted,
                        found->doubts, true));
  append(part, additions(found->context, found->desired, found->group, found->wanted));
  std::map<std::string, std::vector<GroupDraft>> parts;
  parts["vault"].push_back(std::move(part));
  auto const draft = merge(found->context.input, std::move(parts), book());
  ASSERT_EQ(draft.plan.changes.size(), 2U);
  EXPECT_EQ(draft.plan.changes[0].verb, Verb::add);
  EXPECT_EQ(draft.plan.changes[1].verb, Verb::remove);
  ASSERT_EQ(draft.groups.size(), 1U);
  EXPECT_EQ(draft.groups[0].additions, 1);
  EXPECT_EQ(draft.groups[0].ours_removed, 1);
}

TEST_F(GivenOps, WhenTwoPartsAskForOneMembershipThenItIsMadeOnce) {
  vault.directory_group("linux", fake::dn_of_group("ops"));
  auto const found = before();
  std::map<std::string, std::vector<GroupDraft>> parts;
  for (auto const* rule : {"all", ""}) {
    auto part = draft_of(found->context, found->group, rule);
    auto const& source = found->desired.trees.front();
    auto change = group_addition(found->context, found->group, *source.directory, source.source(), rule);
    ASSERT_TRUE(change);
    part.changes.push_back({.change = *change});
    parts["vault"].push_back(std::move(part));
  }
  auto const draft = merge(found->context.input, std::move(parts), book());
  ASSERT_EQ(draft.plan.changes.size(), 1U);
  EXPECT_EQ(draft.plan.changes[0].rule, "all");
}

}  // namespace
}  // namespace dirsync::plan
