#include <sys/wait.h>

#include <cstdio>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using Kind = ChainFault::Kind;

/// Runs a command; its exit code and what it printed.
std::pair<int, std::string> output_of(std::string const& command) {
  std::string output;
  auto* const pipe = ::popen(command.c_str(), "r");
  if (!pipe) return {-1, ""};
  char buffer[512];
  while (auto const size = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, size);
  return {WEXITSTATUS(::pclose(pipe)), output};
}

struct GivenTrail : OpenStore {
  GivenTrail() {
    for (auto const* const name : {"alice", "bob", "carol"}) apply(add(name));
    auto row = AuditRow{};
    row.phase = "read";
    row.target = "console";
    row.result = "failed";
    row.detail = "5\nlines, \"quotes\" and Ünicode";
    EXPECT_TRUE(store.append(row));
  }
  /// As somebody who may write the file and knows about the triggers.
  void tamper(std::string const& statements) const {
    sql("DROP TRIGGER audit_is_not_updated; DROP TRIGGER audit_is_not_deleted; DROP TRIGGER "
        "audit_is_appended;"
        "DROP TRIGGER audit_moves_head; DROP TRIGGER audit_head_follows_rows; DROP TRIGGER audit_head_stays;"
        "DROP TRIGGER audit_head_is_one;" +
        statements);
  }
  /// Empty when it was not the triggers that refused.
  std::string refusal(char const* statement) const {
    try {
      sql(statement);
    } catch (SQLite::Exception const& error) {
      std::string const words = error.what();
      if (words.starts_with("audit rows") || words.starts_with("the head")) return words;
    }
    return "";
  }
  void expect_fault(Kind kind, std::int64_t sequence) {
    auto const report = store.verify_chain().value();
    ASSERT_TRUE(report.fault);
    EXPECT_STREQ(to_text(report.fault->kind), to_text(kind)) << report.fault->text;
    EXPECT_EQ(report.fault->sequence, sequence);
    EXPECT_EQ(script().first, 1);
  }
  /// The checking script of docs/audit.md; `heads`: further arguments.
  std::pair<int, std::string> script(std::string const& heads = "") const {
    auto const page = bytes_of(std::filesystem::path{DIRSYNC_SOURCE_DIR} / "docs/audit.md");
    auto const start = page.find("```python\n") + 10;
    auto const path = folder.path() / "check.py";
    std::ofstream{path} << page.substr(start, page.find("```", start) - start);
    return output_of("python3 '" + path.string() + "' '" + file().string() + "' " + heads + " 2>&1");
  }
};

TEST_F(GivenTrail, WhenUntouchedThenHolds) {
  auto const report = store.verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.count, 4);
  EXPECT_EQ(report.head, (ChainHead{4, rows().back().hash}));
  EXPECT_EQ(store.chain_head().value(), report.head);
}

TEST_F(GivenTrail, WhenCheckedByTheDocumentedScriptThenTheSameHead) {
  auto const [code, words] = script();
  EXPECT_EQ(code, 0) << words;
  EXPECT_EQ(words, "4 rows hold, head " + store.chain_head().value().hash + "\n");
}

TEST_F(GivenTrail, WhenWitnessedHeadsAreGivenToTheScriptThenTheirRowsMustBeThere) {
  auto const second = rows().at(1).hash, last = store.chain_head().value().hash;
  EXPECT_EQ(script("2:" + second + " 4:" + last).first, 0);
  EXPECT_EQ(script("2:" + last).second, "row 2 is not the one that was witnessed\n");
  // Whoever cuts the tail moves the head as well.
  tamper(
      "DELETE FROM audit WHERE sequence = 4; UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM "
      "audit WHERE sequence = 3)");
  EXPECT_EQ(script().first, 0);
  auto const [code, words] = script("4:" + last);
  EXPECT_EQ(code, 1);
  EXPECT_EQ(words, "rows that were witnessed are not there: 4\n");
}

TEST_F(GivenTrail, WhenReadThenAsWritten) {
  auto const row = rows()[1];
  EXPECT_EQ(row.sequence, 2);
  EXPECT_EQ(row.run, run);
  EXPECT_EQ(row.phase, "change");
  EXPECT_EQ(row.target, "vault");
  EXPECT_EQ(row.verb, "add");
  EXPECT_EQ(row.group, "Operators");
  EXPECT_EQ(row.principal, "bob");
  EXPECT_EQ(row.dn, "uid=bob,dc=example,dc=com");
  EXPECT_EQ(row.id, "entry-bob");
  EXPECT_EQ(row.rule, "ops");
  EXPECT_EQ(row.path, "cn=ops > uid=bob");
  EXPECT_EQ(row.plan, "plan-1");
  EXPECT_EQ(row.actor, "daemon");
  EXPECT_EQ(row.result, "done");
  EXPECT_EQ(row.previous, rows()[0].hash);
  EXPECT_EQ(rows()[3].detail, "5\nlines, \"quotes\" and Ünicode");
}

TEST_F(GivenTrail, WhenChangedBySqlThenRefused) {
  for (auto const* const statement :
       {"UPDATE audit SET actor = 'x' WHERE sequence = 2", "DELETE FROM audit WHERE sequence = 4",
        "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 2",
        "REPLACE INTO audit SELECT * FROM audit",
        "INSERT INTO audit SELECT 9, time, run, phase, target, verb, group_name, principal, dn, id, rule, "
        "path, plan, "
        "actor, result, detail, previous, hash, delay_ms FROM audit WHERE sequence = 4",
        "UPDATE OR REPLACE audit SET sequence = 1 WHERE sequence = 2", "UPDATE audit_head SET sequence = 3",
        "UPDATE audit_head SET hash = 'x'", "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, '')"})
    EXPECT_NE(refusal(statement), "") << statement;
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_F(GivenTrail, WhenAnyColumnOfAnyRowIsChangedThenFound) {
  for (int sequence = 1; sequence <= 4; ++sequence)
    for (std::string const column :
         {"time", "run", "phase", "target", "verb", "group_name", "principal", "dn", "id", "rule", "path",
          "plan", "actor", "result", "detail", "previous", "hash"}) {
      SCOPED_TRACE(column + " of row " + std::to_string(sequence));
      auto const where = " WHERE sequence = " + std::to_string(sequence);
      auto const saved = ask("SELECT quote(" + column + ") FROM audit" + where);
      auto const changed = column == "run" ? "run + 1" : column + " || 'x'";
      if (sequence == 1 && column == "time") tamper("");
      sql("UPDATE audit SET " + column + " = " + changed + where);
      auto const report = store.verify_chain().value();
      ASSERT_TRUE(report.fault);
      EXPECT_EQ(report.fault->kind, Kind::altered);
      EXPECT_EQ(report.fault->sequence, sequence);
      sql("UPDATE audit SET " + column + " = " + saved + where);
      ASSERT_FALSE(store.verify_chain().value().fault);
    }
}

TEST_F(GivenTrail, WhenTimeIsSpelledOtherwiseThenFound) {
  tamper("UPDATE audit SET time = replace(time, 'T', ' ') WHERE sequence = 3");
  expect_fault(Kind::altered, 3);
}

TEST_F(GivenTrail, WhenAValueIsStoredAsAnotherTypeThenFound) {
  tamper(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = "
      "'audit'");
  sql("UPDATE audit SET verb = CAST(verb AS BLOB) WHERE sequence = 2");
  ASSERT_EQ(ask("SELECT count(*) FROM audit WHERE verb = 'add'"), "2") << "one of the three is hidden";
  expect_fault(Kind::altered, 2);
}

TEST_F(GivenTrail, WhenRowIsDroppedThenFound) {
  tamper("DELETE FROM audit WHERE sequence = 2");
  expect_fault(Kind::missing, 2);
}

TEST_F(GivenTrail, WhenTailIsCutThenFound) {
  tamper("DELETE FROM audit WHERE sequence > 2");
  expect_fault(Kind::cut_tail, 3);
}

TEST_F(GivenTrail, WhenAllIsDroppedThenFound) {
  tamper("DELETE FROM audit");
  expect_fault(Kind::cut_tail, 1);
}

TEST_F(GivenTrail, WhenRowsTradePlacesThenFound) {
  tamper(
      "UPDATE audit SET sequence = 100 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;"
      "UPDATE audit SET sequence = 3 WHERE sequence = 100;");
  expect_fault(Kind::altered, 2);
}

TEST_F(GivenTrail, WhenRowIsPutInThenFound) {
  tamper(
      "UPDATE audit SET sequence = 5 WHERE sequence = 4; INSERT INTO audit SELECT 4, time, run, phase, "
      "target, "
      "verb, group_name, 'mallory', dn, id, rule, path, plan, actor, result, detail, previous, hash, "
      "delay_ms FROM "
      "audit "
      "WHERE sequence = 5");
  expect_fault(Kind::altered, 4);
}

TEST_F(GivenTrail, WhenHeadIsChangedThenFound) {
  tamper("UPDATE audit_head SET hash = previous FROM (SELECT previous FROM audit WHERE sequence = 4)");
  expect_fault(Kind::head_mismatch, 4);
}

TEST_F(GivenTrail, WhenHeadIsGoneThenFound) {
  tamper("DELETE FROM audit_head");
  auto const report = store.verify_chain().value();
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->kind, Kind::head_mismatch);
}

TEST_F(GivenTrail, WhenFilteredThenOnlyFittingRowsInOrder) {
  auto const principals = [this](AuditFilter const& filter) {
    std::string names;
    for (auto const& row : rows(filter)) names += row.principal + ";";
    return names;
  };
  auto const all = rows();
  AuditFilter filter;
  filter.target = "vault";
  EXPECT_EQ(principals(filter), "alice;bob;carol;");
  filter.limit = 2;
  EXPECT_EQ(principals(filter), "bob;carol;");
  filter.user = "ALICE";
  EXPECT_EQ(principals(filter), "alice;");
  filter = {};
  filter.action = "read";
  EXPECT_EQ(principals(filter), ";");
  filter.action = "add";
  filter.after_sequence = 1;
  EXPECT_EQ(principals(filter), "bob;carol;");
  filter = {};
  filter.outcome = "failed";
  EXPECT_EQ(principals(filter), ";");
  filter = {};
  filter.run = run;
  EXPECT_EQ(principals(filter), "alice;bob;carol;");
  filter.run = RunId{0};
  EXPECT_EQ(principals(filter), ";");
  filter = {};
  filter.since = all[1].time;
  filter.until = all[2].time;
  EXPECT_EQ(principals(filter), "bob;");
}

TEST_F(GivenTrail, WhenSinkStopsThenNoFurtherRow) {
  for (auto const limit : {std::optional<std::int64_t>{}, std::optional<std::int64_t>{3}}) {
    AuditFilter filter;
    filter.limit = limit;
    int seen = 0;
    auto const stop_at_two = [&seen](AuditRow const&) { return ++seen < 2; };
    ASSERT_TRUE(store.audit(filter, stop_at_two));
    EXPECT_EQ(seen, 2);
  }
}

}  // namespace
}  // namespace dirsync::store
