#include "sync/plan/desired/group_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// pam-helpdesk {ann} and pam-ops {bob} feed helpdesk and ops; the target also has a group payroll, which a
/// rule may take over.
struct GivenGroupsOfAPrefix : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rule().selection = MatchingGroups{"(cn=pam-*)"};
    scene.rule().group_name = fake::name_template("{cn|remove_prefix:pam-}");
    scene.rule().adopt = true;
    scene.corp().people_named({"ann", "bob"});
    for (auto const* uid : {"ann", "bob"}) vault.ldap_user(uid);
    scene.corp().group("pam-helpdesk", {"ann"});
    scene.corp().group("pam-ops", {"bob"});
    vault.group("payroll");
    scene.granted("helpdesk", {"ann"});
    scene.granted("ops", {"bob"});
    scene.vault().managed.groups[0].sources = {EntryId{"g-pam-helpdesk"}};
    scene.vault().managed.groups[1].sources = {EntryId{"g-pam-ops"}};
  }
  void values_of_cn(std::string const& group, std::string const& lines) {
    scene.corp().groups.at(group).attributes["cn"] = lines;
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  std::string text() const { return planned->plan().targets.at("vault").notices.at(0).text; }
};

TEST_F(GivenGroupsOfAPrefix, WhenSomebodyWritesAnotherValueInFrontThenTheOneOfTheRdnNames) {
  ASSERT_THAT(changes(), IsEmpty());
  values_of_cn("pam-helpdesk", "pam-payroll\npam-helpdesk");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenGroupsOfAPrefix, WhenAValueIsReorderedThenNothingIsRenamedOrMade) {
  scene.rule().create_groups = true;
  for (auto const* lines : {"x\npam-ops", "pam-ops\nx"}) {
    values_of_cn("pam-ops", lines);
    EXPECT_THAT(changes(), IsEmpty()) << lines;
  }
}

TEST_F(GivenGroupsOfAPrefix, WhenTheRdnIsOfAnotherAttributeThenTheGroupIsSetAsideAndKeepsItsMembers) {
  scene.corp().groups.at("pam-helpdesk").dn = "ou=helpdesk,ou=groups,dc=x";
  values_of_cn("pam-helpdesk", "pam-payroll\npam-helpdesk");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("several-values ou=helpdesk,ou=groups,dc=x"));
}

/// The group is called helpdesk, which no rule selects.
TEST_F(GivenGroupsOfAPrefix, WhenTheFilterSelectsByAnotherValueThanTheNameThenTheGroupIsSetAside) {
  scene.rule().create_groups = true;
  scene.corp().group("payroll", {"ann"});
  values_of_cn("payroll", "payroll\npam-payroll");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("several-values cn=payroll,ou=groups,dc=x"));
  EXPECT_THAT(text(), HasSubstr("by another value than the one in its RDN"));
  values_of_cn("payroll", "payroll");
  scene.rule().selection = NamedGroups{{fake::dn_of_group("payroll")}};
  EXPECT_THAT(changes(), Contains("vault: add payroll ann"));
}

TEST_F(GivenGroupsOfAPrefix, WhenTheTemplateCallsTheAttributeOtherwiseThanTheFilterThenItIsTheSame) {
  scene.rule().create_groups = true;
  scene.rule().group_name = fake::name_template("{commonName|remove_prefix:pam-}");
  scene.corp().group("payroll", {"ann"});
  for (auto& [cn, group] : scene.corp().groups) group.attributes["commonname"] = group.attributes.at("cn");
  for (auto const* name : {"cn", "commonname"})
    scene.corp().groups.at("payroll").attributes[name] = "payroll\npam-payroll";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("several-values cn=payroll,ou=groups,dc=x"));
}

TEST_F(GivenGroupsOfAPrefix, WhenValuesGiveOneNameThenItIsThat) {
  scene.rule().group_name = fake::name_template("{cn|lower|remove_prefix:pam-}");
  scene.corp().groups.at("pam-ops").dn = "ou=ops,ou=groups,dc=x";
  values_of_cn("pam-ops", "PAM-OPS\npam-ops");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenGroupsOfAPrefix, WhenAnAttributeIsMissingThenUnnamed) {
  scene.rule().group_name = fake::name_template("{description}");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("unnamed-group cn=pam-ops,ou=groups,dc=x"));
}

}  // namespace
}  // namespace dirsync::plan
