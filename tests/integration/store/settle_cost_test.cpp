// What it costs to record one change does not grow with what is there already: counted in steps of SQLite's
// own machine, not in time.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <map>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using testing::HasSubstr;
using testing::Not;

/// Steps of every statement that this process's connections ran since start().
class StatementCounter {
 public:
  StatementCounter() {
    ::sqlite3_auto_extension(reinterpret_cast<void (*)()>(&attach));
    counter_ = this;
  }
  StatementCounter(StatementCounter const&) = delete;
  StatementCounter& operator=(StatementCounter const&) = delete;
  ~StatementCounter() {
    ::sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&attach));
    counter_ = nullptr;
  }
  void start() { steps_.clear(); }
  std::map<std::string, std::int64_t> const& steps() const { return steps_; }
  std::int64_t total() const {
    std::int64_t total = 0;
    for (auto const& [statement, steps] : steps_) total += steps;
    return total;
  }

 private:
  static int attach(sqlite3* connection, char const**, void const*) {
    return ::sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, &count, nullptr);
  }
  static int count(unsigned, void*, void* statement, void*) {
    auto* const ended = static_cast<sqlite3_stmt*>(statement);
    if (counter_ != nullptr)
      counter_->steps_[::sqlite3_sql(ended)] += ::sqlite3_stmt_status(ended, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
  }
  static inline StatementCounter* counter_ = nullptr;
  std::map<std::string, std::int64_t> steps_;
};

struct GivenMembers : GivenFolder, testing::WithParamInterface<Verb> {
  static constexpr int kMembers = 2000;
  StatementCounter counter;  // before the store, whose connection it counts
  Store store = open();
  RunId run = store.begin_run({}).value();

  Change change_of(int number, Verb verb) const {
    Change change;
    change.n = 1;
    change.target = "vault";
    change.verb = verb;
    change.group_id = "7";
    change.group = "Operators";
    change.principal = "user-" + std::to_string(number);
    change.principal_id = "id-" + std::to_string(number);
    return change;
  }
  void fill(int members) {
    std::vector<Grant> grants;
    for (int number = 0; number < members; ++number) grants.push_back(grant_of(change_of(number, Verb::add)));
    ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, grants));
  }
  /// Steps of one change that is intended and settled.
  std::int64_t cost_of(Change change) {
    auto const intents = store.intend(run, PlanDigest{"p"}, "daemon", {&change, 1}).value();
    counter.start();
    EXPECT_TRUE(store.settle(intents.at(0), {change, Outcome::done, ""}));
    return counter.total();
  }
};

TEST_P(GivenMembers, WhenAChangeIsSettledThenItCostsTheSameInALargeGroup) {
  fill(10);
  auto const in_small = cost_of(change_of(5, GetParam()));
  fill(kMembers);
  auto const in_large = cost_of(change_of(kMembers / 2, GetParam()));
  ASSERT_GT(in_small, 0);
  EXPECT_LT(in_large, in_small * 2);
}

TEST_P(GivenMembers, WhenAChangeIsSettledThenNoStatementScansATable) {
  fill(10);
  cost_of(change_of(5, GetParam()));
  auto const ran = counter.steps();  // a copy: what is asked below is counted as well
  auto asked = 0;
  SQLite::Database const database{file(), SQLite::OPEN_READONLY, 5000};
  for (auto const& [statement, steps] : ran) {
    if (statement.starts_with("BEGIN") || statement.starts_with("COMMIT")) continue;
    SQLite::Statement plan{database, "EXPLAIN QUERY PLAN " + statement};
    for (; plan.executeStep(); ++asked)
      EXPECT_THAT(plan.getColumn(3).getString(), Not(HasSubstr("SCAN"))) << statement;
  }
  EXPECT_GE(asked, 3);
}

INSTANTIATE_TEST_SUITE_P(Verbs, GivenMembers, testing::Values(Verb::add, Verb::remove),
                         [](auto const& tested) { return tested.param == Verb::add ? "Add" : "Remove"; });

}  // namespace
}  // namespace dirsync::store
