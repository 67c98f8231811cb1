#pragma once
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::store {

/// Every look at the clock is a second later than the one before.
class SteppingClock final : public Clock {
 public:
  Time now() const override { return now_ += std::chrono::seconds{1}; }

 private:
  mutable Time now_ = *parse_rfc3339("2026-11-21T20:00:00Z");
};

inline std::string bytes_of(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// A folder for a store, and what looks at or spoils the file from outside.
struct GivenFolder : testing::Test {
  StateFolder state_folder() const { return StateFolder::open(folder.path()).value(); }
  Result<Store> try_open(Options::Mode mode = Options::Mode::read_write) const {
    return Store::open({state_folder(), mode, clock});
  }
  Store open(Options::Mode mode = Options::Mode::read_write) const { return try_open(mode).value(); }
  std::filesystem::path file() const { return folder.path() / "dirsyncd.db"; }

  void sql(std::string const& statements) const {
    SQLite::Database{file(), SQLite::OPEN_READWRITE, 5000}.exec(statements);
  }
  std::string ask(std::string const& query) const {
    SQLite::Database const database{file(), SQLite::OPEN_READONLY, 5000};
    SQLite::Statement statement{database, query};
    return statement.executeStep() ? statement.getColumn(0).getString() : "";
  }
  void write_file(std::string_view bytes) const { std::ofstream{file(), std::ios::binary} << bytes; }

  TempFolder folder;
  std::shared_ptr<SteppingClock> clock = std::make_shared<SteppingClock>();
};

/// An open store with one run begun.
struct OpenStore : GivenFolder {
  Change add(std::string principal, std::string group_id = "7") const {
    Change change;
    change.n = 1;
    change.target = "vault";
    change.verb = Verb::add;
    change.group = "Operators";
    change.group_id = std::move(group_id);
    change.principal = principal;
    change.principal_id = "id-" + principal;
    change.dn = "uid=" + principal + ",dc=example,dc=com";
    change.id = EntryId{"entry-" + principal};
    change.rule = "ops";
    change.path = "cn=ops > uid=" + principal;
    change.why = "member of cn=ops";
    return change;
  }
  static Settled with(Change change, Outcome outcome, std::string detail = "") {
    return {std::move(change), outcome, std::move(detail)};
  }
  std::int64_t intend(Change const& change) {
    return store.intend(run, PlanDigest{"plan-1"}, "daemon", {&change, 1}).value().at(0);
  }
  /// Intent and outcome in one go.
  void apply(Change const& change, Outcome outcome = Outcome::done) {
    ASSERT_TRUE(store.settle(intend(change), with(change, outcome)));
  }
  std::vector<AuditRow> rows(AuditFilter const& filter = {}) {
    std::vector<AuditRow> rows;
    auto const collect = [&rows](AuditRow const& row) {
      rows.push_back(row);
      return true;
    };
    EXPECT_TRUE(store.audit(filter, collect));
    return rows;
  }
  std::vector<std::string> granted() {
    std::vector<std::string> names;
    for (auto const& grant : store.managed("vault").value().grants) names.push_back(grant.principal);
    return names;
  }

  Store store = open();
  RunId run = store.begin_run({clock->now(), "sync", "uid:0 (root)", "config-1"}).value();
};

#define EXPECT_ERROR(expression, expected)                              \
  do {                                                                  \
    auto const result_ = (expression);                                  \
    ASSERT_FALSE(result_);                                              \
    EXPECT_EQ(result_.error().code, expected) << text(result_.error()); \
  } while (false)

}  // namespace dirsync::store
