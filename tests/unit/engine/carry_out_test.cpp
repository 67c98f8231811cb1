// Intend, send, settle: also for whoever is cancelled meanwhile, and for changes by hand.
#include "sync/engine/apply/carry_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "sync/engine/apply/by_hand.hpp"
#include "tests/support/fakes/fake_clock.hpp"
#include "tests/support/fakes/fake_target.hpp"
#include "tests/support/fakes/memory_journal.hpp"
#include "tests/support/fakes/recording_monitor.hpp"
#include "tests/support/run.hpp"

namespace dirsync::engine {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Change addition(std::string const& principal) {
  Change change;
  change.target = "vault";
  change.verb = Verb::add;
  change.group = "ops";
  change.group_id = "1";
  change.principal = principal;
  change.principal_id = "id-" + principal;
  change.rule = "all";
  return change;
}

/// Answers `done` for the first change and `unknown` for the others, once it was cancelled.
asio::awaitable<std::vector<Applied>> answer_when_cancelled(std::vector<Change> batch) {
  asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
  boost::system::error_code ended;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  std::vector<Applied> answers(batch.size());
  for (auto& answer : answers) answer.outcome = Outcome::unknown;
  answers.front().outcome = Outcome::done;
  co_return answers;
}

struct GivenAJournal : testing::Test {
  asio::io_context io;
  fake::FakeClock clock;
  fake::MemoryJournal journal{clock};
  fake::RecordingMonitor monitor;
  RunId const run = journal.begin_run({}).value();
  AuditContext const audit{
      .journal = &journal, .run = run, .digest = PlanDigest{"plan"}, .actor = "uid:1 (ann)"};

  std::vector<std::string> rows() const {
    std::vector<std::string> words;
    for (auto const& row : journal.audit)
      if (row.phase == "change") words.push_back(row.principal + " " + row.result);
    return words;
  }
};

TEST_F(GivenAJournal, WhenCancelledWhileAWriteIsInFlightThenItsOutcomeIsRecordedFirst) {
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  auto went_on = false, looked = false;
  auto const work = [this, &went_on, &looked]() -> asio::awaitable<void> {
    std::vector<Change> batch{addition("ann"), addition("bob")};
    Send send = answer_when_cancelled;
    Look look = [&looked](Settled&) -> asio::awaitable<void> {
      looked = true;
      co_return;
    };
    auto const carried =
        co_await carry_out(audit, std::move(batch), std::move(send), std::move(look), Rows::once_verified);
    went_on = carried.announced;
  };
  asio::co_spawn(io, work(),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&failure](std::exception_ptr failed) { failure = std::move(failed); }));
  io.poll();
  ASSERT_THAT(journal.open_intents().value(), SizeIs(2));
  cancel.emit(asio::cancellation_type::terminal);
  io.restart();
  io.run();
  EXPECT_THAT(rows(), ElementsAre("ann done"));
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].change.principal, "bob");
  EXPECT_FALSE(looked);
  EXPECT_TRUE(went_on || failure);
}

TEST_F(GivenAJournal, WhenNothingCanBeAnnouncedThenNothingIsSent) {
  auto sent = false;
  Send send = [&sent](std::vector<Change> batch) -> asio::awaitable<std::vector<Applied>> {
    sent = true;
    co_return std::vector<Applied>(batch.size());
  };
  journal.fail_from(1);
  std::vector<Change> batch{addition("ann")};
  auto const carried = test::run(io, carry_out(audit, std::move(batch), std::move(send), {}, Rows::at_once));
  EXPECT_FALSE(sent);
  EXPECT_FALSE(carried.announced);
  EXPECT_TRUE(carried.journal_failure);
  ASSERT_THAT(carried.settled, SizeIs(1));
  EXPECT_EQ(carried.settled[0].outcome, Outcome::skipped);
}

/// Several calls at once, as the workers of a run make them.
struct GivenCallsAtOnce : GivenAJournal {
  std::vector<Carried> carried;
  std::vector<std::exception_ptr> failures;
  std::map<std::string, asio::cancellation_signal> cancel;  // of each
  int sent = 0, steps_when_sent = 0;

  asio::awaitable<void> call(std::string principal) {
    Send send = [this](std::vector<Change> batch) -> asio::awaitable<std::vector<Applied>> {
      if (sent++ == 0) steps_when_sent = journal.calls();
      Applied done;
      done.outcome = Outcome::done;
      co_return std::vector<Applied>(batch.size(), done);
    };
    std::vector<Change> batch{addition(principal)};
    auto one = co_await carry_out(audit, std::move(batch), std::move(send), {}, Rows::once_verified);
    carried.push_back(std::move(one));
  }
  void begin(std::vector<std::string> const& principals) {
    for (auto const& principal : principals)
      asio::co_spawn(
          io, call(principal),
          asio::bind_cancellation_slot(cancel[principal].slot(), [this](std::exception_ptr failure) {
            if (failure) failures.push_back(failure);
          }));
  }
};

TEST_F(GivenCallsAtOnce, WhenAllAreAnnouncedThenInOneStepBeforeAnyIsSent) {
  auto const before = journal.calls();
  begin({"ann who has a name that is long", "bob who has a name that is long", "cid"});
  io.run();
  EXPECT_EQ(sent, 3);
  EXPECT_EQ(steps_when_sent, before + 1);
  ASSERT_THAT(carried, SizeIs(3));
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(3));
  for (auto const& one : carried) {
    auto const intent = one.unverified.at(0);
    auto const found = std::ranges::find(open, intent, &OpenIntent::intent);
    ASSERT_NE(found, open.end());
    EXPECT_EQ(found->change.principal, one.settled.at(0).change.principal);
  }
}

TEST_F(GivenCallsAtOnce, WhenTheyCannotBeAnnouncedThenNoneIsSentAndEachIsTold) {
  journal.fail_from(1);
  begin({"ann", "bob"});
  io.run();
  EXPECT_EQ(sent, 0);
  ASSERT_THAT(carried, SizeIs(2));
  for (auto const& one : carried) {
    EXPECT_TRUE(one.journal_failure);
    EXPECT_FALSE(one.announced);
    EXPECT_EQ(one.settled.at(0).outcome, Outcome::skipped);
  }
}

TEST_F(GivenCallsAtOnce, WhenOneIsCancelledMeanwhileThenItIsSkippedWithARowAndTheOtherIsSent) {
  begin({"ann", "bob"});
  io.run_one();  // ann gathers
  io.run_one();  // bob waits
  ASSERT_EQ(sent, 0);
  cancel["bob"].emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_EQ(sent, 1);
  EXPECT_THAT(rows(), ElementsAre("bob skipped"));
  EXPECT_EQ(journal.audit.back().detail, "announced, but not sent: asked to stop");
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].change.principal, "ann");
}

/// A person deletes a group in the console.
struct GivenAChangeByHand : GivenAJournal {
  Observed seen;
  HandChange wanted{.start = {}, .change = {}, .guard = Guard{fake::console_traits(), seen}, .send = {}};

  void SetUp() override {
    wanted.start = {
        .time = clock.now(), .trigger = "console", .actor = "uid:1 (ann)", .configuration_digest = "c"};
    wanted.change = addition("");
    wanted.change.verb = Verb::delete_group;
    wanted.change.rule.clear();
  }
  void answered(Outcome outcome, std::string detail) {
    wanted.send = [outcome,
                   detail = std::move(detail)](std::vector<Change>) -> asio::awaitable<std::vector<Applied>> {
      std::vector<Applied> answers(1);
      answers[0].outcome = outcome;
      answers[0].detail = detail;
      co_return answers;
    };
  }
  Result<HandReport> change() {
    HandPorts const at{.journal = &journal, .monitor = &monitor, .clock = &clock};
    return test::run(io, change_by_hand(at, wanted));
  }
};

TEST_F(GivenAChangeByHand, WhenItIsDoneThenARunWithOneRowOfThatPerson) {
  answered(Outcome::done, "description 'x'");
  auto const report = change();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->settled.outcome, Outcome::done);
  auto const& row = journal.audit.at(0);
  EXPECT_EQ(row.run, report->run);
  EXPECT_EQ(row.verb, "delete-group");
  EXPECT_EQ(row.actor, "uid:1 (ann)");
  EXPECT_EQ(row.detail, "description 'x'");
  EXPECT_EQ(journal.runs.back().done, 1);
  EXPECT_EQ(journal.runs.back().exit_code, 0);
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
}

TEST_F(GivenAChangeByHand, WhenItsFateIsUnknownThenTheIntentStaysForTheNextRun) {
  answered(Outcome::unknown, "no answer");
  auto const report = change();
  ASSERT_TRUE(report);
  EXPECT_EQ(journal.runs.back().exit_code, 6);
  ASSERT_THAT(journal.open_intents().value(), SizeIs(1));
  EXPECT_EQ(journal.open_intents().value()[0].run, report->run);
}

TEST_F(GivenAChangeByHand, WhenTheGroupWasSeenAsProtectedThenItIsNotSentAndARowSaysSo) {
  answered(Outcome::done, "");
  auto& ops = seen.groups.emplace_back();
  ops.id = "1";
  ops.name = "ops";
  ops.protected_because = "it is built in";
  wanted.guard = Guard{fake::console_traits(), seen};
  auto const report = change();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->settled.outcome, Outcome::skipped);
  EXPECT_THAT(rows(), ElementsAre(" skipped"));
  EXPECT_THAT(report->settled.detail, testing::HasSubstr("group ops is protected: it is built in"));
  EXPECT_EQ(journal.runs.back().exit_code, 6);
}

TEST_F(GivenAChangeByHand, WhenItCannotBeRecordedThenTheErrorSaysThatItWasSent) {
  answered(Outcome::done, "");
  journal.fail_from(3);  // begin_run, intend
  auto const report = change();
  ASSERT_FALSE(report);
  EXPECT_NE(text(report.error()).find("the change was sent (done)"), std::string::npos);
}

}  // namespace
}  // namespace dirsync::engine
