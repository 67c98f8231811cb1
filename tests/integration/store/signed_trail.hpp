#pragma once
#include <fstream>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {

/// A store that is used under the lock, as `run` and `sync` do, so that its trail is signed.
struct GivenSignedTrail : GivenFolder {
  Result<Store> try_hold() const {
    auto const lock = InstanceLock::acquire(state_folder());
    return Store::open({.folder = state_folder(), .clock = clock, .lock = &lock.value(), .actor = "jane"});
  }
  Store hold() const { return try_hold().value(); }
  /// As `log acknowledge` does.
  Store mend() const {
    auto const lock = InstanceLock::acquire(state_folder());
    return Store::open({.folder = state_folder(),
                        .clock = clock,
                        .lock = &lock.value(),
                        .actor = "jane",
                        .with_broken_chain = true})
        .value();
  }
  std::filesystem::path key_file() const { return folder.path() / "audit.key"; }
  /// A run that adds so many rows besides that of its end.
  void run(Store& store, int rows) const {
    RunStart start;
    start.time = clock->now();
    RunRecord record;
    record.id = store.begin_run(start).value();
    for (auto n = 0; n < rows; ++n) {
      AuditRow row;
      row.run = record.id;
      row.phase = "change";
      row.principal = "user " + std::to_string(n);
      ASSERT_TRUE(store.append(std::move(row)));
    }
    ASSERT_TRUE(store.end_run(record));
  }
  /// As somebody who may write the file and knows about the triggers.
  void tamper(std::string const& statements) const {
    sql("DROP TRIGGER audit_checkpoint_is_not_updated; DROP TRIGGER audit_checkpoint_is_not_deleted;"
        "DROP TRIGGER audit_checkpoint_is_appended;" +
        statements);
  }
  void expect_fault(ChainFault::Kind kind, std::int64_t sequence) const {
    auto const report = open(Options::Mode::read_only).verify_chain().value();
    ASSERT_TRUE(report.fault);
    EXPECT_STREQ(to_text(report.fault->kind), to_text(kind)) << report.fault->text;
    EXPECT_EQ(report.fault->sequence, sequence) << report.fault->text;
  }
  std::vector<AuditRow> rows() const {
    std::vector<AuditRow> rows;
    EXPECT_TRUE(open(Options::Mode::read_only).audit({}, [&rows](AuditRow const& row) {
      rows.push_back(row);
      return true;
    }));
    return rows;
  }
  /// Two checkpoints, of 4 and of 7 rows.
  void two_runs() const {
    auto store = hold();
    run(store, 3);
    run(store, 2);
  }
};

}  // namespace dirsync::store
