// Rules and directories from which nothing comes.
#include "sync/plan/desired/nothing_read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/judge/cut.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// ops {ann, bob} is in sync.
struct GivenSomethingRead : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    scene.rule().create_groups = true;
    scene.rule().limits.first_plan = Limits::FirstPlan::apply;
    scene.remember();
  }
  std::set<std::string> reasons() {
    planned = scene.plan();
    return planned->reasons();
  }
  std::string text(std::string const& code) const {
    auto const* const reason = planned->reason(code);
    return reason == nullptr ? "no such reason" : reason->text;
  }
  /// Told, exit 6, and nothing waits for a person.
  void expect_told_alone(std::string const& code) {
    EXPECT_THAT(reasons(), testing::Contains(code));
    auto const* const reason = planned->reason(code);
    ASSERT_NE(reason, nullptr);
    EXPECT_TRUE(reason->fails);
    EXPECT_FALSE(reason->holds);
    EXPECT_FALSE(planned->plan().held);
    EXPECT_NE(planned->plan().targets.at("vault").verdict, Verdict::in_sync);
    scene.rule().allow_empty = true;
    EXPECT_THAT(reasons(), testing::Not(testing::Contains(code)));
  }
  void expect_held(std::string const& code) {
    EXPECT_THAT(reasons(), testing::Contains(code));
    auto const* const reason = planned->reason(code);
    ASSERT_NE(reason, nullptr);
    EXPECT_TRUE(reason->fails);
    EXPECT_TRUE(reason->holds);
    EXPECT_EQ(planned->plan().verdict, Verdict::hold);
    scene.rule().allow_empty = true;
    EXPECT_THAT(reasons(), IsEmpty());
    EXPECT_EQ(planned->plan().verdict, Verdict::run);
  }
};

TEST_F(GivenSomethingRead, WhenSomethingComesOfItThenNothingIsTold) {
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(planned->plan().verdict, Verdict::in_sync);
}

TEST_F(GivenSomethingRead, WhenARuleSelectsNoGroupThenItIsToldWithWhatWasRead) {
  scene.rules.push_back(fake::rule("other", "vault", "(cn=pam-*)"));
  EXPECT_THAT(reasons(), ElementsAre("no-source"));
  EXPECT_THAT(text("no-source"),
              AllOf(HasSubstr("rule other: groups = \"(cn=pam-*)\" selects none of the 1 group "),
                    HasSubstr("cn=ops,ou=groups,dc=x"), HasSubstr("allow_empty")));
  auto const& reason = *planned->reason("no-source");
  EXPECT_EQ(reason.rule, "other");
  EXPECT_EQ(reason.count, 1);
  EXPECT_TRUE(reason.fails);
  EXPECT_FALSE(planned->plan().held);
  EXPECT_EQ(planned->plan().verdict, Verdict::wait) << "what was asked for is not there: that is not in sync";
  scene.rule("other").allow_empty = true;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenSomethingRead, WhenNoneOfTheNamedGroupsIsThereThenTheRuleHasNoSource) {
  scene.rules.push_back(fake::rule("other", "vault"));
  scene.rule("other").selection = NamedGroups{{"cn=x,ou=groups,dc=x", "cn=y,ou=groups,dc=x"}};
  reasons();
  EXPECT_THAT(text("no-source"), HasSubstr("dn = [\"cn=x,ou=groups,dc=x\", \"cn=y,ou=groups,dc=x\"]"));
  scene.rule("other").selection = GroupsBelow{"cn=ops,ou=groups,dc=x"};
  reasons();
  EXPECT_THAT(text("no-source"), HasSubstr("members_of = \"cn=ops,ou=groups,dc=x\""));
}

TEST_F(GivenSomethingRead, WhenOnlyTheRuleIsCutOutThenAnotherOnesMistakeIsNoFailureOfIt) {
  scene.rules.push_back(fake::rule("other", "vault", "(cn=pam-*)"));
  reasons();
  for (auto const& [rule, fails] : {std::pair{"all", false}, std::pair{"other", true}}) {
    auto const part = cut(planned->plan(), {.rule = rule, .group = "", .user = ""});
    EXPECT_EQ(part.reasons.at(0).fails, fails) << rule;
    EXPECT_EQ(part.targets.at("vault").reasons.at(0).fails, fails) << rule;
  }
}

TEST_F(GivenSomethingRead, WhenNobodyIsFoundThenTheDirectoryIsToldOnceWithAValue) {
  scene.rules.push_back(fake::rule("other", "vault"));
  scene.rule("other").group_name = fake::name_template("{cn}2");
  scene.rule("other").allow_empty = true;  // so that the other one alone is told
  scene.corp().people.clear();
  expect_told_alone("no-people");
  planned = (scene.rule().allow_empty = false, scene.rule("other").allow_empty = false, scene.plan());
  EXPECT_EQ(std::ranges::count(planned->plan().reasons, "no-people", &Reason::code), 1);
  EXPECT_THAT(text("no-people"), AllOf(HasSubstr("no person was found in directory corp"),
                                       HasSubstr("2 member values"), HasSubstr("uid=ann,ou=people,dc=x")));
}

TEST_F(GivenSomethingRead, WhenAGroupIsToBeMadeAndNobodyWasFoundThenItIsHeld) {
  scene.corp().people.clear();
  scene.vault().managed = {};
  scene.vault().world.observed.groups.clear();
  expect_held("no-people");
}

TEST_F(GivenSomethingRead, WhenNoValueOfAGroupNamesAnybodyThenItIsHeldBeforeAnEmptyOneIsMade) {
  scene.corp().group("lab", {"uid=zoe,ou=guests,dc=x", "uid=yan,ou=guests,dc=x"});
  scene.corp().group("web", {"ann"});
  EXPECT_THAT(reasons(), ElementsAre("nobody"));
  EXPECT_THAT(text("nobody"),
              AllOf(HasSubstr("lab (2 values, such as \"uid="), testing::Not(HasSubstr("web"))));
  EXPECT_EQ(planned->reason("nobody")->group, "lab");
  expect_held("nobody");
}

TEST_F(GivenSomethingRead, WhenTheGroupIsThereAndHasNobodyThenItIsOnlyTold) {
  scene.corp().group("lab", {"uid=zoe,ou=guests,dc=x"});
  scene.granted("lab", {});
  expect_told_alone("nobody");
}

TEST_F(GivenSomethingRead, WhenWhoeverWasInAGroupWaitsForAnotherReadThenNothingElseIsTold) {
  scene.corp().group("lab", {"uid=zoe,ou=people,dc=x"});
  scene.granted("lab", {"zoe"});
  EXPECT_THAT(reasons(), ElementsAre("unconfirmed"));
  EXPECT_TRUE(std::ranges::any_of(planned->plan().changes, &Change::unconfirmed));
}

TEST_F(GivenSomethingRead, WhenOneOfManyValuesNamesSomebodyThenItIsNot) {
  scene.corp().group("lab", {"uid=zoe,ou=guests,dc=x", "ann"});
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenSomethingRead, WhenTheOnlyOneIsDisabledThenTheGroupHasSomebody) {
  scene.corp().group("lab", {"ann"});
  scene.corp().disable("ann");
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenSomethingRead, WhenAGroupHasNoValueThenItIsEmptyAndThatIsAll) {
  scene.corp().group("lab", {});
  scene.corp().group("above", {"@lab"});
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenSomethingRead, WhenANestedGroupNamesNobodyThenTheValuesBelowCount) {
  scene.corp().group("lab", {"uid=zoe,ou=guests,dc=x"});
  scene.corp().group("above", {"@lab"});
  scene.rule().selection = NamedGroups{{"cn=above,ou=groups,dc=x", "cn=ops,ou=groups,dc=x"}};
  reasons();
  EXPECT_THAT(text("nobody"), HasSubstr("above (1 value"));
}

TEST_F(GivenSomethingRead, WhenManyGroupsHaveNobodyThenOneReasonTellsOfThem) {
  for (auto const* cn : {"a", "b", "c", "d", "e"}) scene.corp().group(cn, {"uid=zoe,ou=guests,dc=x"});
  reasons();
  EXPECT_EQ(planned->reason("nobody")->count, 5);
  EXPECT_THAT(text("nobody"), HasSubstr("and 2 more groups"));
}

TEST_F(GivenSomethingRead, WhenAllNamesAreRefusedThenItIsToldWithTheFirst) {
  scene.vault().traits.refuse_group_name = [](std::string_view name) {
    return std::string{name.find(':') == name.npos ? "" : "it holds a colon"};
  };
  scene.corp().group("a:b", {"ann"});
  scene.corp().group("a:c", {"ann"});
  EXPECT_THAT(reasons(), IsEmpty()) << "ops has a name";
  scene.rules.push_back(fake::rule("other", "vault", "(cn=a:*)"));
  scene.rule().selection = NamedGroups{{"cn=ops,ou=groups,dc=x"}};
  scene.remember();
  EXPECT_THAT(reasons(), ElementsAre("no-names"));
  EXPECT_THAT(text("no-names"), AllOf(HasSubstr("rule other: none of the 2 groups"), HasSubstr("a:b"),
                                      HasSubstr("group_name = '")));
  scene.rule("other").allow_empty = true;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenSomethingRead, WhenNoGroupHasWhatTheTemplateNamesThenItIsToldToo) {
  scene.rules.push_back(fake::rule("other", "vault"));
  scene.rule("other").group_name = fake::name_template("{description}");
  reasons();
  EXPECT_THAT(text("no-names"), HasSubstr("it lacks an attribute of \"{description}\""));
}

}  // namespace
}  // namespace dirsync::plan
