#include "sync/plan/desired/desired.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

struct GivenRules : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().people_named({"ann", "bob", "cid"});
    for (auto const& uid : {"ann", "bob", "cid"}) scene.vault().world.ldap_user(uid);
  }
  /// "directory/uid" of a desired target group.
  std::vector<std::string> members(std::string const& group) {
    planned = scene.plan();
    std::vector<std::string> names;
    auto const& groups = planned->desired.groups["vault"];
    auto const found = groups.find(group_key(true, group));
    if (found == groups.end()) return {"no such group"};
    for (auto const& member : found->second.members) {
      auto const& tree = found->second.trees[member.tree];
      names.push_back(tree.directory->name + "/" +
                      std::string{tree.directory->snapshot->people()[member.person].values("uid")[0]});
    }
    return names;
  }
  Rule& second_rule() {
    scene.rules.push_back(fake::rule("second", "vault", "(cn=other)"));
    scene.rules[0].selection = MatchingGroups{"(cn=ops)"};
    for (auto& rule : scene.rules) rule.group_name = fake::name_template("Ops");
    return scene.rules[1];
  }
};

TEST_F(GivenRules, WhenTwoRulesFeedOneGroupThenTheUnionEachOnce) {
  second_rule();
  scene.corp().group("ops", {"ann", "bob"});
  scene.corp().group("other", {"bob", "cid"});
  EXPECT_THAT(members("OPS"), ElementsAre("corp/ann", "corp/bob", "corp/cid"));
}

TEST_F(GivenRules, WhenTwoDirectoriesFeedOneGroupThenBothSides) {
  second_rule().directory = "lab";
  scene.corp().group("ops", {"ann"});
  scene.directories["lab"].person("zoe").id = "p-lab-zoe";
  scene.directories["lab"].group("other", {"zoe"}).id = "g-lab-other";
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann", "lab/zoe"));
}

TEST_F(GivenRules, WhenTheyDisagreeThenTheGroupIsRefusedWithBothNamed) {
  auto& second = second_rule();
  scene.corp().group("ops", {"ann"});
  scene.corp().group("other", {"bob"});
  auto const refused_for = [this](char const* policy) {
    EXPECT_THAT(members("ops"), ElementsAre("no such group")) << policy;
    EXPECT_THAT(planned->changes(), IsEmpty());
    ASSERT_THAT(planned->notices(), ElementsAre("rule-conflict Ops"));
    auto const& text = planned->plan().targets.at("vault").notices[0].text;
    EXPECT_NE(text.find("all and second"), text.npos) << text;
    EXPECT_NE(text.find(policy), text.npos) << text;
  };
  second.as = MembersAs::group;
  refused_for("`as`");
  second.as = MembersAs::users;
  second.foreign_members = ForeignMembers::remove;
  refused_for("`foreign_members`");
  second.foreign_members = ForeignMembers::report;
  second.adopt = true;
  refused_for("`adopt`");
  second.adopt = false;
  second.delete_groups = DeleteGroups::when_empty;
  refused_for("`delete_groups`");
  second.delete_groups = DeleteGroups::never;
  second.roles = {"Admin"};
  refused_for("`roles`");
  second.roles.clear();
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann", "corp/bob"));
}

TEST_F(GivenRules, WhenTheyDisagreeOnAGroupOfOursThenItIsLeftAloneEvenIfItsFormerSourceIsGone) {
  second_rule().adopt = true;
  for (auto& rule : scene.rules) rule.source_gone = SourceGone::empty;
  scene.corp().group("ops", {"ann"});
  scene.corp().group("other", {"bob"});
  scene.granted("Ops", {"ann", "cid"});
  scene.vault().managed.groups[0].sources = {EntryId{"g-former"}};
  scene.absent_before(group_key_of(EntryId{"g-former"}), 5);
  EXPECT_THAT(members("ops"), ElementsAre("no such group"));
  EXPECT_THAT(planned->changes(), ElementsAre("vault: remove Ops cid!")) << "told, and not sent";
}

TEST_F(GivenRules, WhenAPersonIsDisabledOrExcludedThenNotWanted) {
  scene.corp().group("ops", {"ann", "bob", "cid"});
  scene.corp().disable("ann");
  scene.rule().exclude_people = fake::filter("(uid=bob)");
  EXPECT_THAT(members("ops"), ElementsAre("corp/cid"));
}

TEST_F(GivenRules, WhenAGroupHasNoNameThenItIsReportedAndNothingElse) {
  scene.corp().group("ops", {"ann"});
  scene.rule().group_name = fake::name_template("{description}");
  EXPECT_THAT(members("ops"), ElementsAre("no such group"));
  EXPECT_THAT(planned->notices(), ElementsAre("unnamed-group cn=ops,ou=groups,dc=x"));
  EXPECT_THAT(planned->plan().targets.at("vault").notices.at(0).text,
              testing::HasSubstr("Give it one, or change group_name"));
}

TEST_F(GivenRules, WhenANamedSourceIsMissingThenItIsReported) {
  scene.corp().group("ops", {"ann"});
  scene.rule().selection = NamedGroups{{"cn=ops,ou=groups,dc=x", "cn=typo,ou=groups,dc=x"}};
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann"));
  EXPECT_THAT(planned->notices(), Contains("missing-source cn=typo,ou=groups,dc=x"));
  scene.rule().selection = GroupsBelow{"cn=none,ou=groups,dc=x"};
  EXPECT_THAT(members("ops"), ElementsAre("no such group"));
  EXPECT_THAT(planned->notices(), Contains("missing-source cn=none,ou=groups,dc=x"));
}

TEST_F(GivenRules, WhenAnExcludedGroupIsMissingThenItIsReported) {
  scene.corp().group("ops", {"ann", "@inner"});
  scene.corp().group("inner", {"bob"});
  scene.rule().exclude = {"CN=Inner, OU=Groups, DC=X"};
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann"));
  EXPECT_THAT(planned->notices(), Not(Contains(testing::StartsWith("missing-exclude"))));
  scene.rule().exclude = {"cn=moved,ou=groups,dc=x"};
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann", "corp/bob"));
  EXPECT_THAT(planned->notices(), Contains("missing-exclude cn=moved,ou=groups,dc=x"));
}

TEST_F(GivenRules, WhenAnExcludedGroupIsRenamedThenItIsStillExcluded) {
  scene.corp().group("ops", {"ann", "@guests"});
  scene.corp().group("guests", {"bob"});
  scene.rule().exclude = {"cn=guests,ou=groups,dc=x"};
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann"));
  scene.facts.excluded = planned->desired.excluded;
  auto& guests = scene.corp().groups.at("guests");
  guests.dn = "cn=visitors,ou=groups,dc=x";
  scene.corp().groups.at("ops").values.back() = guests.dn;
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann"));
  EXPECT_THAT(planned->notices(), Not(Contains(testing::StartsWith("missing-exclude"))));
  EXPECT_EQ(planned->desired.excluded, scene.facts.excluded);
}

TEST_F(GivenRules, WhenAnotherGroupTakesTheNameOfAnExcludedOneThenBothAre) {
  scene.corp().group("ops", {"ann", "@guests"});
  scene.corp().group("guests", {"bob"});
  scene.rule().exclude = {"cn=guests,ou=groups,dc=x"};
  members("ops");
  scene.facts.excluded = planned->desired.excluded;
  auto& guests = scene.corp().groups.at("guests");
  guests.dn = "cn=visitors,ou=groups,dc=x";
  scene.corp().join("ops", guests.dn);
  scene.corp().group("new", {"cid"}).dn = "cn=guests,ou=groups,dc=x";
  EXPECT_THAT(members("ops"), ElementsAre("corp/ann"));
  EXPECT_EQ(planned->desired.excluded, scene.facts.excluded);
}

TEST_F(GivenRules, WhenAnExcludedGroupWasMadeAnewThenTheNewOneIsFollowed) {
  scene.corp().group("guests", {"bob"});
  scene.rule().exclude = {"cn=guests,ou=groups,dc=x"};
  scene.facts.excluded["all"] = {{"cn=guests,ou=groups,dc=x", EntryId{"of-before"}}};
  members("ops");
  EXPECT_EQ(planned->desired.excluded.at("all").at("cn=guests,ou=groups,dc=x"), EntryId{"g-guests"});
}

TEST_F(GivenRules, WhenAnExcludedGroupIsNotFoundThenTheRulesAdditionsAreHeld) {
  scene.corp().group("ops", {"ann"});
  scene.rule().create_groups = true;
  scene.rule().exclude = {"cn=guests,ou=groups,dc=x"};
  scene.facts.excluded["all"] = {{"cn=guests,ou=groups,dc=x", EntryId{"g-guests"}}};
  members("ops");
  auto const* const reason = planned->reason("missing-exclude");
  ASSERT_NE(reason, nullptr);
  EXPECT_EQ(reason->rule, "all");
  EXPECT_EQ(reason->count, 1);
  EXPECT_THAT(reason->text, testing::HasSubstr("cn=guests,ou=groups,dc=x"));
  // What is known of it is not forgotten.
  EXPECT_EQ(planned->desired.excluded, scene.facts.excluded);
}

TEST_F(GivenRules, WhenAnExcludedGroupIsNotFoundAndNobodyIsToBeAddedThenNothingIsHeld) {
  scene.in_sync("ops", {"ann"});
  scene.rule().exclude = {"cn=guests,ou=groups,dc=x"};
  members("ops");
  EXPECT_EQ(planned->reason("missing-exclude"), nullptr);
}

}  // namespace
}  // namespace dirsync::plan
