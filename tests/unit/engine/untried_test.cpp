// A side that a run does not try is unread, and never empty.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;

struct GivenASideThatIsNotTried : testing::Test {
  Plant plant;
  Error const why{make_error_code(boost::system::errc::connection_refused), "not tried: failed 3 times"};

  void SetUp() override {
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    plant.vault.reads = plant.console.reads = plant.corp.reads = 0;
  }
};

TEST_F(GivenASideThatIsNotTried, WhenItIsATargetThenItIsNotCalledAndTheOtherIsServed) {
  plant.corp.world.group("ops", {"ann", "cid"});
  plant.request.untried.targets.emplace("vault", why);
  auto const report = plant.run();
  EXPECT_EQ(plant.vault.reads, 0);
  EXPECT_THAT(plant.vault.calls, IsEmpty());
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann", "bob"}));
  EXPECT_EQ(plant.console.world.members("ops"), (std::set<std::string>{"ann", "cid"}));
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& vault = report.plan.targets.at("vault");
  EXPECT_EQ(vault.verdict, Verdict::refuse);
  EXPECT_EQ(vault.reasons.at(0).code, "read-failed");
  EXPECT_THAT(vault.reasons.at(0).text, HasSubstr("not tried: failed 3 times"));
  EXPECT_FALSE(report.certificates.at("vault").complete());
  EXPECT_THAT(report.unread_targets, ElementsAre(Key("vault")));
  EXPECT_THAT(plant.journal.runs.back().succeeded, ElementsAre("console"));
  EXPECT_THAT(plant.audit("read"), Contains("vault refused"));
  EXPECT_EQ(plant.monitor.count("read_incomplete"), 1);
}

TEST_F(GivenASideThatIsNotTried, WhenItIsTheDirectoryThenNobodyLosesAnything) {
  plant.request.untried.directories.emplace("corp", why);
  for (int run = 0; run < 3; ++run) {
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::unread);
    EXPECT_THAT(report.plan.changes, IsEmpty());
    EXPECT_THAT(report.unread_directories, ElementsAre(Key("corp")));
  }
  EXPECT_EQ(plant.corp.reads, 0);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann", "bob"}));
  EXPECT_EQ(plant.console.world.members("ops"), (std::set<std::string>{"ann", "bob"}));
  EXPECT_EQ(plant.journal.last_counts("corp").value()->people, 3) << "no read was accepted";
}

TEST_F(GivenASideThatIsNotTried, WhenNoSideIsTriedThenTheRunIsRecordedAndNothingElse) {
  plant.request.untried = {.directories = {{"corp", why}}, .targets = {{"vault", why}, {"console", why}}};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(plant.corp.reads + plant.vault.reads + plant.console.reads, 0);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.journal.runs.back().succeeded, IsEmpty());
}

TEST_F(GivenASideThatIsNotTried, WhenItIsTriedAgainThenItCatchesUp) {
  plant.corp.world.group("ops", {"ann", "cid"});
  plant.request.untried.targets.emplace("vault", why);
  plant.run();
  plant.request.untried = {};
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann", "cid"}));
}

}  // namespace
}  // namespace dirsync::engine
