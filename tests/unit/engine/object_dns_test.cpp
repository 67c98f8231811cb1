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
    plant.people({"ann"});
    plant.rule("vault").selection = MatchingGroups{"(cn=ops)"};
    plant.corp.world.group("ops", {"ann"});
    plant.corp.world.group("linux", {"ann"});
    vault.world.directory_group("Linux", fake::dn_of_group("linux"));
    plant.setup.directories[0].band = {1000, 1000, 1000};
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
  for (int run = 0; run < 3; ++run) EXPECT_THAT(stale(), testing::ElementsAre("stale-dn Linux"));
  vault.world.find_group("Linux")->dn = "cn=linux,ou=teams,dc=x";
  EXPECT_THAT(stale(), testing::IsEmpty());
}

TEST_F(GivenNestedLinux, WhenTheVaultIsAwayForARunThenNothingIsForgotten) {
  move_linux();
  EXPECT_THAT(stale(), testing::ElementsAre("stale-dn Linux"));
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  vault.read_failure.reset();
  EXPECT_THAT(stale(), testing::ElementsAre("stale-dn Linux"));
}

TEST_F(GivenNestedLinux, WhenItAndAPersonAreDeletedThenBothAreGoneAndStayReported) {
  plant.corp.world.drop_group("linux");
  plant.corp.world.drop_person("ann");
  for (int run = 0; run < 3; ++run)
    EXPECT_THAT(stale(), testing::ElementsAre("gone-dn ann", "gone-dn Linux"));
}

}  // namespace
}  // namespace dirsync::engine
