// Names that a target does not take, or that are somebody else's there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The groups a:b and a:c, each with ann, to a target that takes no name with a colon.
struct GivenNamesWithColons : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    refuse(":");
    scene.corp().person("ann");
    scene.vault().world.ldap_user("ann");
    for (auto const* name : {"a:b", "a:c"}) scene.corp().group(name, {"ann"});
  }
  void refuse(std::string characters) {
    scene.vault().traits.refuse_group_name = [characters = std::move(characters)](std::string_view name) {
      return name.find_first_of(characters) == name.npos ? "" : "the target takes no such name";
    };
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (auto const& notice : planned->plan().targets.at("vault").notices) texts.push_back(notice.text);
    return texts;
  }
};

TEST_F(GivenNamesWithColons, WhenRefusedThenTheTemplateThatMendsAllIsNamedAndDoesIt) {
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("refused-name a:b", "refused-name a:c"));
  EXPECT_THAT(texts(), testing::Each(HasSubstr(R"(group_name = '{cn|replace:\::.}')")));
  scene.rule().group_name = fake::name_template(R"({cn|replace:\::.})");
  EXPECT_THAT(changes(), Contains("vault: create-group a.b"));
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenNamesWithColons, WhenADotIsRefusedOrWouldMakeTwoOfOneNameThenAnotherCharacter) {
  refuse(":.");
  changes();
  EXPECT_THAT(texts(), testing::Each(HasSubstr(R"({cn|replace:\::-})")));
  refuse(":");
  scene.corp().group("a.b", {"ann"});
  changes();
  EXPECT_THAT(texts(), testing::Each(HasSubstr(R"({cn|replace:\::-})")));
}

TEST_F(GivenNamesWithColons, WhenTheCharacterCannotBeShownThenTheTemplateSpellsIt) {
  refuse("\x1B");
  scene.corp().group("a\x1B[31mb", {"ann"});
  changes();
  EXPECT_THAT(texts(), Contains(HasSubstr(R"(group_name = "{cn|replace:\u001B:.}")")));
}

TEST_F(GivenNamesWithColons, WhenNoCharacterMendsItThenNoTemplateIsNamed) {
  scene.vault().traits.refuse_group_name = [](std::string_view) { return "the target takes no name"; };
  changes();
  EXPECT_THAT(texts(), testing::Each(Not(HasSubstr("group_name"))));
  refuse(":");
  scene.rule().group_name = fake::name_template("x:{cn}");
  changes();
  EXPECT_THAT(texts(), testing::Each(Not(HasSubstr("group_name"))));
}

/// A group ann {bob} beside the person ann; calls of the target name members.
struct GivenAGroupNamedLikeAPerson : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().people_named({"ann", "bob"});
    vault.ldap_user("bob");
    scene.corp().group("ANN", {"bob"});
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  std::string text() const { return planned->plan().targets.at("vault").notices.at(0).text; }
};

TEST_F(GivenAGroupNamedLikeAPerson, WhenTheTargetHasTheUserThenTheGroupIsNotMade) {
  vault.user("ann", "", UserSource::local);
  scene.corp().drop_person("ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("refused-name ANN"));
  EXPECT_THAT(text(), HasSubstr("a user of the target"));
}

TEST_F(GivenAGroupNamedLikeAPerson, WhenThePersonIsToComeThenTheyAreNamedAndTheGroupIsNotMade) {
  scene.vault().domains[""] = "example.com";
  scene.corp().group("ops", {"ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: create-group ops", "vault: add ops ann"));
  EXPECT_THAT(planned->notices(), ElementsAre("refused-name ANN"));
  EXPECT_THAT(text(), HasSubstr("uid=ann,ou=people,dc=x"));
}

TEST_F(GivenAGroupNamedLikeAPerson, WhenItIsRenamedToOneThenItKeepsItsName) {
  scene.corp().drop_group("ANN");
  scene.in_sync("ops", {"bob"});
  scene.corp().groups.at("ops").attributes["cn"] = "ann";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("refused-name ann"));
}

TEST_F(GivenAGroupNamedLikeAPerson, WhenUsersAndGroupsHaveNamesOfTheirOwnThenItIsMade) {
  scene.vault().traits.members_by_name = false;
  EXPECT_THAT(changes(), ElementsAre("vault: create-group ANN", "vault: add ANN bob"));
}

}  // namespace
}  // namespace dirsync::plan
