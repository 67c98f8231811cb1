#include <unistd.h>

#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {
constexpr auto kReadOnlyMode = Options::Mode::read_only;

using GivenOpenStore = OpenStore;

TEST_F(GivenOpenStore, WhenRunEndsThenRecordedWithRow) {
  RunRecord record;
  record.id = run;
  record.start = {clock->now(), "sync", "uid:0 (root)", "config-1"};
  record.finished = clock->now();
  record.verdict = "run";
  record.exit_code = 6;
  record.digest = "plan-1";
  record.planned = 5;
  record.done = 3;
  record.failed = 1;
  record.unconfirmed = 1;
  record.report_json = R"({"total_ms":7})";
  record.shared_json = R"({"plan":{}})";
  record.notices = {"one", "two"};
  record.succeeded = {"vault"};
  ASSERT_TRUE(store.end_run(record));

  auto const found = store.find_run(run).value().value();
  EXPECT_EQ(found.start.trigger, "sync");
  EXPECT_EQ(found.start.actor, "uid:0 (root)");
  EXPECT_EQ(found.start.configuration_digest, "config-1");
  EXPECT_EQ(found.finished, record.finished);
  EXPECT_EQ(found.verdict, "run");
  EXPECT_EQ(found.exit_code, 6);
  EXPECT_EQ(found.digest, "plan-1");
  EXPECT_EQ(found.planned, 5);
  EXPECT_EQ(found.done, 3);
  EXPECT_EQ(found.failed, 1);
  EXPECT_EQ(found.unconfirmed, 1);
  EXPECT_EQ(found.report_json, record.report_json);
  EXPECT_EQ(found.shared_json, record.shared_json);
  EXPECT_EQ(found.notices, record.notices);

  auto const row = rows().at(0);
  EXPECT_EQ(row.phase, "run");
  EXPECT_EQ(row.run, run);
  EXPECT_EQ(row.result, "run");
  EXPECT_EQ(row.actor, "uid:0 (root)");
  EXPECT_EQ(row.plan, "plan-1");
  EXPECT_EQ(row.detail, "exit 6; planned 5, done 3, failed 1, unconfirmed 1");

  auto const successes = store.last_successes().value();
  ASSERT_EQ(successes.size(), 1U);
  EXPECT_EQ(successes.at("vault").run, run);
  EXPECT_EQ(successes.at("vault").time, *record.finished);
}

TEST_F(GivenOpenStore, WhenRunFailsThenLastSuccessStays) {
  RunRecord record;
  record.id = run;
  record.succeeded = {"vault", "console"};
  ASSERT_TRUE(store.end_run(record));
  record.id = store.begin_run({}).value();
  record.succeeded = {"console"};
  ASSERT_TRUE(store.end_run(record));
  EXPECT_EQ(store.last_successes().value().at("vault").run, run);
  EXPECT_EQ(store.last_successes().value().at("console").run, record.id);
}

TEST_F(GivenOpenStore, WhenTargetStatesAreKeptThenTheyReplaceThoseOfTheSameTargets) {
  TargetState vault;
  vault.target = "vault";
  vault.run = run;
  vault.time = clock->now();
  vault.kind = TargetState::Kind::unconfirmed;
  vault.waiting = {"ann", "bob\nby"};
  vault.effective = {{"ops", "12 people"}, {"web", ""}};
  auto console = vault;
  console.target = "console";
  ASSERT_TRUE(store.keep_target_states(run, std::vector{vault, console}));
  vault.kind = TargetState::Kind::ok;
  ASSERT_TRUE(store.keep_target_states(run, {&vault, 1}));

  auto const states = store.target_states().value();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states.at("vault").kind, TargetState::Kind::ok);
  auto const& kept = states.at("console");
  EXPECT_EQ(kept.kind, TargetState::Kind::unconfirmed);
  EXPECT_EQ(kept.run, run);
  EXPECT_EQ(kept.time, vault.time);
  EXPECT_EQ(kept.waiting, vault.waiting);
  EXPECT_EQ(kept.effective, vault.effective);
}

TEST_F(GivenOpenStore, WhenRunNeverEndedThenShownSo) {
  EXPECT_FALSE(store.find_run(run).value()->finished);
  EXPECT_FALSE(store.find_run(RunId{99}).value());
}

TEST_F(GivenOpenStore, WhenRunsAreListedThenNewestFirst) {
  auto const second = store.begin_run({}).value();
  auto const third = store.begin_run({}).value();
  auto const runs = store.runs(2).value();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, third);
  EXPECT_EQ(runs[1].id, second);
}

TEST_F(GivenOpenStore, WhenWriterWorksThenReaderSeesWhatIsCommitted) {
  auto reader = open(kReadOnlyMode);
  EXPECT_EQ(reader.verify_chain().value().count, 0);
  apply(add("alice"));
  auto const report = reader.verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.count, 1);
  EXPECT_EQ(reader.managed("vault").value().grants.size(), 1U);
  EXPECT_EQ(reader.runs(9).value().size(), 1U);
}

TEST_F(GivenOpenStore, WhenReaderIsInMidReadThenWriterGoesOnAndReaderSeesOneState) {
  for (auto const* const name : {"alice", "bob"}) apply(add(name));
  auto reader = open(kReadOnlyMode);
  int seen = 0;
  auto const write_meanwhile = [this, &seen](AuditRow const&) {
    ++seen;
    apply(add("carol-" + std::to_string(seen)));
    return true;
  };
  ASSERT_TRUE(reader.audit({}, write_meanwhile));
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(reader.verify_chain().value().count, 4);
}

TEST_F(GivenOpenStore, WhenProcessesWriteAtOnceThenOneChain) {
  std::vector<std::unique_ptr<Child>> writers;
  for (int n = 0; n < 3; ++n)
    writers.push_back(std::make_unique<Child>([this] {
      auto own = open();
      for (int i = 0; i < 20; ++i)
        if (!own.append({})) return 1;
      return 0;
    }));
  auto reader = open(kReadOnlyMode);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(reader.verify_chain().value().fault);
  for (auto const& writer : writers) EXPECT_EQ(writer->wait(), 0);
  auto const report = reader.verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.count, 60);
}

TEST_F(GivenOpenStore, WhenWriterIsKilledThenReaderStillReads) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  Child writer{[this, &ready] {
    auto own = open();
    if (!own.append({}) || ::write(ready[1], "x", 1) != 1) return 1;
    for (;;) ::pause();
  }};
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  writer.kill_now();
  writer.wait();
  EXPECT_EQ(open(kReadOnlyMode).verify_chain().value().count, 1);
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace dirsync::store
