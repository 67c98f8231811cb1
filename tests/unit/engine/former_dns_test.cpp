// A person who moved in the directory while the Vault still has their old DN, over several runs.
#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// cid moved to another OU; nobody granted cid anything yet.
struct GivenAPersonWhoMoved : GivenVault {
  static constexpr char kNewDn[] = "uid=cid,ou=lab,dc=x";

  void SetUp() override {
    GivenVault::SetUp();
    plant.corp.world.people.at("cid").dn = kNewDn;
  }
  void join_ops() { plant.corp.world.join("ops", kNewDn); }
  auto members() { return vault.world.members("ops"); }
};

TEST_F(GivenAPersonWhoMoved, WhenPutIntoAGroupACycleLaterThenTheyGetIn) {
  plant.run();
  plant.run();
  join_ops();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), Contains("cid"));
}

TEST_F(GivenAPersonWhoMoved, WhenTheVaultIsAwayInTheRunOfTheMoveThenTheyGetInAllTheSame) {
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  vault.read_failure.reset();
  plant.run();
  join_ops();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), Contains("cid"));
}

TEST_F(GivenAPersonWhoMoved, WhenSomebodyElseTakesTheOldDnThenThatOneIsNeverThem) {
  plant.run();
  plant.corp.world.person("heir").dn = fake::dn_of_person("cid");
  plant.run();
  join_ops();
  plant.run();
  EXPECT_THAT(members(), Not(Contains("cid")));
  // Nor once that one has left it again.
  plant.corp.world.people.at("heir").dn = "uid=heir,ou=lab,dc=x";
  plant.run();
  plant.run();
  EXPECT_THAT(members(), Not(Contains("cid")));
}

TEST_F(GivenAPersonWhoMoved, WhenTheOldDnIsTakenWhileTheVaultIsAwayThenTheLastBearerCounts) {
  plant.run();
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  plant.corp.world.person("heir").dn = fake::dn_of_person("cid");
  plant.run();
  plant.corp.world.people.at("heir").dn = "uid=heir,ou=lab,dc=x";
  plant.run();
  plant.run();
  vault.read_failure.reset();
  join_ops();
  plant.run();
  plant.run();
  EXPECT_THAT(members(), Not(Contains("cid")));
}

TEST_F(GivenAPersonWhoMoved, WhenTheVaultHasTheNewDnThenTheOldOneIsForgotten) {
  plant.run();
  vault.world.find_user("cid")->dn = kNewDn;
  plant.run();
  for (auto const& count : plant.journal.absences("corp").value())
    EXPECT_FALSE(count.key.starts_with("former:")) << count.key;
}

TEST_F(GivenAPersonWhoMoved, WhenAPersonLeavesAfterTheVaultFollowedNameAndDnThenTheyAreRemoved) {
  auto& ann = plant.corp.world.people.at("ann");
  plant.corp.world.leave("ops", "ann");
  ann.dn = "uid=anna,ou=people,dc=x";
  ann.attributes["uid"] = "anna";
  plant.corp.world.join("ops", ann.dn);
  auto& user = *vault.world.find_user("ann");
  user.name = "anna";
  user.dn = ann.dn;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), Contains("anna"));
  plant.corp.world.drop_person("ann");
  std::erase(plant.corp.world.groups.at("ops").values, "uid=anna,ou=people,dc=x");
  for (int run = 0; run < 3; ++run) plant.run();
  EXPECT_THAT(members(), Not(Contains("anna")));
}

}  // namespace
}  // namespace dirsync::engine
