#include "sync/plan/kept/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/world.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// No key has its default value.
Rule unusual_rule() {
  auto rule = fake::rule("ops", "vault");
  rule.people = PeopleFrom{.directory = "lab", .group_side = "uid", .people_side = "employeeNumber"};
  rule.selection = NamedGroups{{"cn=a,dc=x", "cn=b,dc=x"}};
  rule.group_name = fake::name_template("pam-{cn|lower}");
  rule.member_name = fake::name_template("{mail}");
  rule.nested = false;
  rule.as = MembersAs::group;
  rule.create_groups = true;
  rule.delete_groups = DeleteGroups::when_empty;
  rule.adopt = true;
  rule.foreign_members = ForeignMembers::remove;
  rule.source_gone = SourceGone::empty;
  rule.on_collision = OnCollision::refuse;
  rule.roles = {"Device Administrator"};
  rule.exclude = {"cn=c,dc=x"};
  rule.exclude_people = fake::filter("(employeeType=robot)");
  rule.max_depth = 4;
  rule.around = {{"directory.corp.base", "\"dc=x\""}};
  return rule;
}

TEST(GivenKeptSettings, WhenReadBackThenTheRuleIsAsItWas) {
  auto const rule = unusual_rule();
  auto const kept = settings_text(rule);
  auto now = fake::rule("ops", "console");
  now.around = rule.around;
  auto const before = rule_of(kept, now);
  ASSERT_TRUE(before);
  EXPECT_EQ(settings_text(*before), kept);
  EXPECT_THAT(changed_settings(kept, rule), IsEmpty());
  EXPECT_FALSE(changed_settings(kept, now).empty());
}

TEST(GivenKeptSettings, WhenEachKindOfSelectionIsReadBackThenItIsThatOne) {
  auto rule = unusual_rule();
  for (GroupSelection const& selection : std::initializer_list<GroupSelection>{
           MatchingGroups{"(cn=pam-*)"}, NamedGroups{{"cn=a,dc=x"}}, GroupsBelow{"cn=all,dc=x"}}) {
    rule.selection = selection;
    auto const before = rule_of(settings_text(rule), fake::rule("ops", "vault"));
    ASSERT_TRUE(before);
    EXPECT_EQ(before->selection.index(), selection.index());
  }
}

TEST(GivenKeptSettings, WhenLimitsChangeThenTheyAreTheSame) {
  auto rule = unusual_rule();
  auto const kept = settings_text(rule);
  rule.limits.removals = PercentLimit::exactly(1);
  EXPECT_EQ(settings_text(rule), kept);
}

TEST(GivenKeptSettings, WhenSomethingChangesThenItIsNamed) {
  auto rule = unusual_rule();
  auto const kept = settings_text(rule);
  rule.exclude_people.reset();
  rule.nested = true;
  EXPECT_THAT(changed_settings(kept, rule), ElementsAre("nested", "exclude_people"));
  EXPECT_TRUE(serve_the_same_reads(changed_settings(kept, rule)));
  rule.around["directory.corp.base"] = "\"dc=y\"";
  EXPECT_THAT(changed_settings(kept, rule), ElementsAre("nested", "exclude_people", "directory.corp.base"));
  EXPECT_FALSE(serve_the_same_reads(changed_settings(kept, rule)));
}

TEST(GivenKeptSettings, WhenGroupsAreSelectedOtherwiseThenTheReadsDoNotServe) {
  auto rule = unusual_rule();
  auto const kept = settings_text(rule);
  rule.selection = MatchingGroups{"(cn=*)"};
  EXPECT_FALSE(serve_the_same_reads(changed_settings(kept, rule)));
}

TEST(GivenKeptSettings, WhenTheyAreOfNoKindThatIsKnownThenNothing) {
  for (auto const* text : {"", "[]", "{}", "{\"rule\":{}}", "{\"rule\":{\"group_name\":\"{cn|?}\"}}"})
    EXPECT_FALSE(rule_of(text, unusual_rule())) << text;
}

TEST(GivenKeptSettings, WhenAKeyIsOfALaterVersionThenItsDefaultHolds) {
  auto const before = rule_of(R"({"rule":{"group_name":"{cn}","member_name":"{uid}"}})", unusual_rule());
  ASSERT_TRUE(before);
  EXPECT_EQ(before->on_collision, OnCollision::hold);
  EXPECT_TRUE(before->nested);
}

}  // namespace
}  // namespace dirsync::plan
