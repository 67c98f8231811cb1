// How many users and groups of a target may be damaged before nothing of the read counts.
#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct GivenManyUsers : GivenVault {
  void SetUp() override {
    GivenVault::SetUp();
    for (int n = 0; n < 27; ++n) vault.world.user("extra" + std::to_string(n), "", UserSource::local);
    plant.corp.world.leave("ops", "bob");
  }
  /// `count` of the 30 users.
  Report run_with_damaged(std::size_t count) {
    auto& users = vault.world.observed.users;
    for (std::size_t at = 0; at < count; ++at) {
      auto& user = users[users.size() - 1 - at];
      user.left_alone = LeftAlone::damaged;
      user.protected_because = "no id";
    }
    return plant.run();
  }
};

TEST_F(GivenManyUsers, WhenAFewAreDamagedThenTheRestGoesOn) {
  auto const report = run_with_damaged(6);
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(vault.world.members("ops"), testing::ElementsAre("ann"));
}

TEST_F(GivenManyUsers, WhenMoreThanAFifthIsDamagedThenTheTargetHasNoPart) {
  auto const report = run_with_damaged(7);
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& reasons = report.plan.targets.at("vault").reasons;
  EXPECT_THAT(reasons, Contains(testing::Field(&Reason::code, "damaged")));
  EXPECT_THAT(reasons.front().text, HasSubstr("7 of 30 users"));
}

}  // namespace
}  // namespace dirsync::engine
