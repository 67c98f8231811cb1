// An undo that cannot be: refused with the reason, which stays in the trail.
#include <gmock/gmock.h>

#include "daemon/cli/context.hpp"
#include "daemon/cli/run_ask.hpp"
#include "tests/support/fakes/fake_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::cli {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

/// Run 1 let ann in, run 2 did nothing, run 3 let bob in.
class GivenRunsToUndo : public testing::Test {
 protected:
  void SetUp() override {
    run("ann");
    run("");
    third_ = clock_->time;
    run("bob");
  }
  void run(std::string const& principal) {
    RunRecord record;
    record.start = {clock_->time, "sync", "uid:0 (root)", "config-1"};
    record.id = store_.begin_run(record.start).value();
    if (!principal.empty()) let_in(record.id, principal);
    record.done = principal.empty() ? 0 : 1;
    record.finished = clock_->time;
    ASSERT_TRUE(store_.end_run(record));
    clock_->time += std::chrono::minutes{5};
  }
  void let_in(RunId run, std::string const& principal) {
    Change change;
    change.n = 1;
    change.target = "vault";
    change.verb = Verb::add;
    change.group = "ops";
    change.group_id = "7";
    change.principal = principal;
    change.principal_id = "id-" + principal;
    change.dn = "uid=" + principal + ",dc=example,dc=com";
    change.id = EntryId{"entry-" + principal};
    change.rule = "ops";
    auto const intents = store_.intend(run, PlanDigest{"plan-1"}, "daemon", {&change, 1}).value();
    ASSERT_TRUE(store_.settle(intents.at(0), {change, Outcome::done, ""}));
  }
  boost::system::result<ReadyRun, Answer> undo(std::int64_t number, bool only_looks = false) {
    RunAsk ask;
    ask.undo = number;
    ask.dry_run = only_looks;
    return ready_run(ask, "uid:1 (ann)", config_, store_);
  }
  void expect_refused(std::int64_t number, std::string const& code) {
    auto const rows = refusals().size();
    auto const refused = undo(number);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().exit, kUsage);
    EXPECT_THAT(refused.error().document, HasSubstr("\"" + code + "\""));
    ASSERT_THAT(refusals(), SizeIs(rows + 1));
    auto const row = refusals().back();
    EXPECT_EQ(row.verb, "undo");
    EXPECT_EQ(row.actor, "uid:1 (ann)");
    EXPECT_THAT(row.detail,
                AllOf(HasSubstr("run " + std::to_string(number)), HasSubstr(refused.error().message)));
  }
  std::vector<AuditRow> refusals() {
    std::vector<AuditRow> rows;
    EXPECT_TRUE(store_.audit({}, [&rows](AuditRow const& row) {
      if (row.phase == "run" && row.result == "refused") rows.push_back(row);
      return true;
    }));
    return rows;
  }

  TempFolder folder_;
  store::StateFolder state_ = store::StateFolder::open(folder_.path()).value();
  store::InstanceLock lock_ = store::InstanceLock::acquire(state_).value();
  std::shared_ptr<fake::FakeClock> clock_ = std::make_shared<fake::FakeClock>();
  store::Store store_ = store::Store::open({.folder = state_, .clock = clock_, .lock = &lock_}).value();
  config::Config config_;
  Time third_{};  // when run 3 began
};

TEST_F(GivenRunsToUndo, WhenThereIsSomethingToTakeBackThenItMayRun) {
  auto const ready = undo(1);
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->request.undo, RunId{1});
  EXPECT_EQ(ready->request.trigger, "undo");
  EXPECT_THAT(refusals(), SizeIs(0));
}

TEST_F(GivenRunsToUndo, WhenThereIsNoneOrItDidNothingThenRefusedWithTheReason) {
  expect_refused(17, "no-such-run");
  expect_refused(2, "nothing-to-undo");
}

TEST_F(GivenRunsToUndo, WhenItsRowsWerePrunedThenRefusedWithTheReasonAndLaterOnesAreNot) {
  ASSERT_TRUE(store_.prune(third_, "jane").value());
  expect_refused(1, "pruned");
  expect_refused(2, "pruned");
  EXPECT_TRUE(undo(3));
}

TEST_F(GivenRunsToUndo, WhenItIsOnlyLookedAtThenTheRefusalLeavesNoRow) {
  EXPECT_FALSE(undo(17, true));
  EXPECT_THAT(refusals(), SizeIs(0));
}

}  // namespace
}  // namespace dirsync::cli
