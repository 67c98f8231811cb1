// A Directory group whose entry moves, over several runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

/// A Vault alone, in sync, that has the LDAP group linux as a Directory group.
struct GivenNestedLinux : testing::Test {
  Plant plant;
  fake::FakeTarget& vault = plant.vault;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob"});
    plant.rule("vault").selection = MatchingGroups{"(cn=ops)"};
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.corp.world.group("linux", {"ann"});
    vault.world.directory_group("LDAP Linux", fake::dn_of_group("linux"));
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
    EXPECT_EQ(plant.run().exit, Exit::done);
  }
  std::vector<std::string> stale() {
    std::vector<std::string> names;
    auto const report = plant.run();
    for (auto const& notice : report.plan.targets.at("vault").notices)
      if (notice.code.ends_with("-dn")) names.push_back(notice.code + " " + notice.group + notice.principal);
    return names;
  }
  void move_linux() { plant.corp.world.groups.at("linux").dn = "cn=linux,ou=teams,dc=x"; }
};

TEST_F(GivenNestedLinux, WhenItMovesThenReportedUntilTheVaultHasTheNewDn) {
  EXPECT_THAT(stale(), testing::IsEmpty());
  move_linux();
  for (int run = 0; run < 3; ++run) EXPECT_THAT(stale(), testing::ElementsAre("stale-dn LDAP Linux"));
  vault.world.find_group("LDAP Linux")->dn = "cn=linux,ou=teams,dc=x";
  EXPECT_THAT(stale(), testing::IsEmpty());
}

TEST_F(GivenNestedLinux, WhenTheVaultIsAwayForARunThenNothingIsForgotten) {
  move_linux();
  EXPECT_THAT(stale(), testing::ElementsAre("stale-dn LDAP Linux"));
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  vault.read_failure.reset();
  EXPECT_THAT(stale(), testing::ElementsAre("stale-dn LDAP Linux"));
}

TEST_F(GivenNestedLinux, WhenItAndAPersonAreDeletedThenBothAreGoneAndStayReported) {
  plant.corp.world.drop_group("linux");
  plant.corp.world.drop_person("ann");
  for (int run = 0; run < 3; ++run)
    EXPECT_THAT(stale(), testing::ElementsAre("gone-dn ann", "gone-dn LDAP Linux"));
}

TEST_F(GivenNestedLinux, WhenItMovesAndIsToBeReplacedThenTheOldOneGoesInTheRunAfterTheNewOneCame) {
  vault.world.group("By Hand");
  vault.world.nest("By Hand", "LDAP Linux");
  plant.setup.targets[0].replace_stale_groups = true;
  plant.setup.targets[0].domains = {{"corp", "example.com"}};
  plant.rule("vault").as = MembersAs::users;
  move_linux();
  EXPECT_THAT(outcomes(plant.run()), testing::ElementsAre("vault add By Hand linux: done"));
  EXPECT_THAT(outcomes(plant.run()), testing::ElementsAre("vault remove By Hand LDAP Linux: done"));
  EXPECT_THAT(outcomes(plant.run()), testing::IsEmpty());
  auto const grants = plant.journal.managed("vault").value().grants;
  EXPECT_EQ(std::ranges::count(grants, std::string{}, &Grant::rule), 1);
}

/// linux itself is to be the member of Admins.
struct GivenGroupRule : GivenNestedLinux {
  void SetUp() override {
    GivenNestedLinux::SetUp();
    auto& rule = plant.rule("vault");
    rule.selection = MatchingGroups{"(cn=linux)"};
    rule.group_name = fake::name_template("Admins");
    rule.as = MembersAs::group;
    plant.accept_settings();
    plant.forget_calls();
  }
  std::size_t nested() { return vault.world.find_group("Admins")->others.size(); }
};

TEST_F(GivenGroupRule, WhenRunThenNestedVerifiedAndQuietAfterwards) {
  EXPECT_THAT(outcomes(plant.run()),
              testing::ElementsAre("vault create-group Admins: done", "vault add Admins LDAP Linux: done"));
  EXPECT_EQ(nested(), 1U);
  plant.forget_calls();
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenGroupRule, WhenTheTargetLiesThenTheReadBackShowsIt) {
  vault.fate = [](Change const& change) {
    return change.verb == Verb::add ? fake::FakeTarget::Fate::lies : fake::FakeTarget::Fate::works;
  };
  EXPECT_EQ(plant.run().exit, Exit::failed);
}

TEST_F(GivenGroupRule, WhenAnAnswerIsLostThenALookShowsTheNestedGroup) {
  plant.run();
  vault.world.find_group("Admins")->others.clear();
  vault.fate = [](Change const& change) {
    return change.verb == Verb::add ? fake::FakeTarget::Fate::lost_but_done : fake::FakeTarget::Fate::works;
  };
  EXPECT_THAT(outcomes(plant.run()), testing::ElementsAre("vault add Admins LDAP Linux: done"));
}

TEST_F(GivenGroupRule, WhenItIsUnknownToTheVaultThenProvisionedAndTakenOutAgainWhenTheRuleDropsIt) {
  std::erase_if(vault.world.observed.groups, [](auto const& group) { return group.name == "LDAP Linux"; });
  plant.setup.targets[0].domains = {{"", "example.com"}};
  EXPECT_THAT(outcomes(plant.run()), testing::Contains("vault add Admins linux: done"));
  plant.corp.world.group("unix", {"ann"});
  vault.world.directory_group("Unix", fake::dn_of_group("unix"));
  plant.rule("vault").selection = MatchingGroups{"(cn=unix)"};
  plant.accept_settings();
  EXPECT_THAT(outcomes(plant.run()), testing::ElementsAre("vault add Admins Unix: done"));
  EXPECT_THAT(outcomes(plant.run()), testing::ElementsAre("vault remove Admins linux: done"));
  EXPECT_EQ(nested(), 1U);
}

}  // namespace
}  // namespace dirsync::engine
