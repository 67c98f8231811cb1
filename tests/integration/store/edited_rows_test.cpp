// Whatever single thing somebody edits in the rows of an audit trail, it is found, and the row is named.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "tests/integration/store/signed_trail.hpp"

// Under a sanitizer a part of it; `./dev check` has all in the dev build.
#ifndef DIRSYNC_EDITED_ROWS
#define DIRSYNC_EDITED_ROWS 40
#define DIRSYNC_BYTE_STEP 1
#endif

namespace dirsync::store {
namespace {
using Kind = ChainFault::Kind;

constexpr int kEditedRows = DIRSYNC_EDITED_ROWS;
constexpr int kByteStep = DIRSYNC_BYTE_STEP;
constexpr char const* kTextColumns[] = {"time",   "phase",  "target",   "verb", "group_name", "principal",
                                        "dn",     "id",     "rule",     "path", "plan",       "actor",
                                        "result", "detail", "previous", "hash"};

/// Rows with something in every field, each with other values, and that of the end of their run.
struct GivenRowsToEdit : GivenSignedTrail {
  void SetUp() override {
    fill(3);
    sql("DROP TRIGGER audit_is_not_updated");
  }
  void fill(int count) const {
    auto store = hold();
    RunRecord record;
    record.id = store.begin_run({}).value();
    for (auto n = 1; n <= count; ++n) {
      AuditRow row;
      row.run = record.id;
      for (auto const field :
           {&AuditRow::phase, &AuditRow::target, &AuditRow::verb, &AuditRow::group, &AuditRow::principal,
            &AuditRow::dn, &AuditRow::id, &AuditRow::rule, &AuditRow::path, &AuditRow::plan, &AuditRow::actor,
            &AuditRow::result, &AuditRow::detail})
        row.*field = "of " + std::to_string(n);
      ASSERT_TRUE(store.append(std::move(row)));
    }
    ASSERT_TRUE(store.end_run(record));
  }
  static std::string where(std::int64_t sequence) { return " WHERE sequence = " + std::to_string(sequence); }
  std::optional<ChainFault> fault() { return reader.value().verify_chain().value().fault; }
  void expect_found(std::int64_t sequence, std::string const& edit) {
    if (!reader) reader.emplace(open(Options::Mode::read_only));
    auto const found = fault();
    ASSERT_TRUE(found) << edit;
    ASSERT_EQ(found->sequence, sequence) << edit << ": " << found->text;
  }
  /// Each byte of that column of that row becomes each of the bytes that `others` makes of it.
  template <class Others>
  void edit_bytes(SQLite::Database& database, std::string const& column, std::int64_t sequence,
                  Others const& others) {
    SQLite::Statement value{database, "SELECT " + column + " FROM audit" + where(sequence)};
    ASSERT_TRUE(value.executeStep());
    auto const whole = value.getColumn(0).getString();
    value.reset();
    SQLite::Statement put{database, "UPDATE audit SET " + column + " = ?" + where(sequence)};
    auto const write = [&put](std::string const& text) {
      put.reset();
      put.bind(1, text);
      put.exec();
    };
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (auto const other : others(static_cast<unsigned char>(whole[at]))) {
        auto edited = whole;
        edited[at] = static_cast<char>(other);
        write(edited);
        ASSERT_NO_FATAL_FAILURE(
            expect_found(sequence, column + ", byte " + std::to_string(at) + " is " + std::to_string(other)));
      }
    write(whole);
  }
  SQLite::Database editor() const {
    SQLite::Database database{file(), SQLite::OPEN_READWRITE, 5000};
    database.exec("PRAGMA synchronous = OFF");
    return database;
  }
  std::optional<Store> reader;
};

TEST_F(GivenRowsToEdit, WhenAnyByteOfALongerTrailIsAnotherThenItsRowIsNamed) {
  fill(kEditedRows);
  auto database = editor();
  std::mt19937 dice{20261121};
  auto const last = std::stoll(ask("SELECT max(sequence) FROM audit"));
  ASSERT_GT(last, kEditedRows);
  auto const another = [&dice](unsigned char byte) {
    return std::vector<int>{byte ^ static_cast<int>(1 + dice() % 255)};
  };
  for (std::int64_t sequence = 1; sequence <= last; ++sequence)
    for (auto const* const column : kTextColumns)
      ASSERT_NO_FATAL_FAILURE(edit_bytes(database, column, sequence, another));
  EXPECT_FALSE(fault());
}

TEST_F(GivenRowsToEdit, WhenAByteOfARowIsAnyOtherThenItsRowIsNamed) {
  auto database = editor();
  auto const others = [](unsigned char byte) {
    std::vector<int> all;
    for (auto other = 0; other < 256; other += kByteStep)
      if (other != byte) all.push_back(other);
    return all;
  };
  for (auto const* const column : kTextColumns)
    ASSERT_NO_FATAL_FAILURE(edit_bytes(database, column, 2, others));
  EXPECT_FALSE(fault());
}

TEST_F(GivenRowsToEdit, WhenABitOfItsNumbersIsFlippedThenFoundThere) {
  auto database = editor();
  for (auto bit = 0U; bit < 64; ++bit) {
    auto const flip = [bit](std::uint64_t value) {
      return static_cast<std::int64_t>(value ^ (std::uint64_t{1} << bit));
    };
    auto const run = std::to_string(flip(1)), name = "bit " + std::to_string(bit);
    database.exec("UPDATE audit SET run = " + run + where(2));
    ASSERT_NO_FATAL_FAILURE(expect_found(2, "run, " + name));
    database.exec("UPDATE audit SET run = 1" + where(2));
    auto const sequence = flip(2);
    if (sequence == 3) continue;  // that row is there
    database.exec("UPDATE audit SET sequence = " + std::to_string(sequence) + where(2));
    ASSERT_NO_FATAL_FAILURE(expect_found(std::min<std::int64_t>(sequence, 2), "sequence, " + name));
    database.exec("UPDATE audit SET sequence = 2" + where(sequence));
  }
  EXPECT_FALSE(fault());
}

/// The bytes are the same, but nobody who looks for them finds the row.
TEST_F(GivenRowsToEdit, WhenAValueIsStoredAsAnotherTypeThenFoundThere) {
  sql("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') "
      "WHERE name = 'audit'");
  std::vector<std::pair<std::string, std::string>> columns{{"run", "INTEGER"}};
  for (auto const* const column : kTextColumns) columns.emplace_back(column, "TEXT");
  for (auto const& [column, type] : columns) {
    sql("UPDATE audit SET " + column + " = CAST(" + column + " AS BLOB)" + where(2));
    ASSERT_EQ(ask("SELECT typeof(" + column + ") FROM audit" + where(2)), "blob");
    ASSERT_NO_FATAL_FAILURE(expect_found(2, column));
    sql("UPDATE audit SET " + column + " = CAST(" + column + " AS " + type + ")" + where(2));
  }
  EXPECT_FALSE(fault());
}

TEST_F(GivenRowsToEdit, WhenARowIsPutBeforeTheFirstOneThenFound) {
  sql("DROP TRIGGER audit_is_appended; DROP TRIGGER audit_moves_head");
  for (auto const* const sequence : {"0", "-1", "-9223372036854775808"}) {
    sql("INSERT INTO audit SELECT " + std::string{sequence} +
        ", time, run, phase, target, verb, group_name, principal, dn, id, rule, path, plan, actor, result, "
        "detail, previous, hash, delay_ms FROM audit" +
        where(2));
    reader.emplace(open(Options::Mode::read_only));
    auto const found = fault();
    ASSERT_TRUE(found) << sequence;
    EXPECT_EQ(found->kind, Kind::inserted);
    EXPECT_EQ(std::to_string(found->sequence), sequence);
    EXPECT_FALSE(reader->extract({}, [](AuditRow const&) { return Result<void>{}; }))
        << "nothing is proved of it";
    sql("DROP TRIGGER IF EXISTS audit_is_not_deleted; DELETE FROM audit WHERE sequence < 1");
  }
  EXPECT_FALSE(fault());
}

/// More than are verified at once, and by one thread.
struct GivenManyCheckpoints : GivenSignedTrail {
  void SetUp() override {
    auto store = hold();
    for (auto n = 0; n < 300; ++n) run(store, 1);
  }
};

TEST_F(GivenManyCheckpoints, WhenOneOfTheirSignaturesIsAnotherThenItIsNamed) {
  EXPECT_EQ(open(Options::Mode::read_only).verify_chain().value().checkpoints, 300);
  sql("DROP TRIGGER audit_checkpoint_is_not_updated");
  for (auto const size : {2, 258, 600}) {
    auto const where = " WHERE size = " + std::to_string(size);
    auto const signature = ask("SELECT hex(signature) FROM audit_checkpoint" + where);
    sql("UPDATE audit_checkpoint SET signature = zeroblob(64)" + where);
    expect_fault(Kind::wrong_signature, size);
    sql("UPDATE audit_checkpoint SET signature = x'" + signature + "'" + where);
  }
  EXPECT_FALSE(open(Options::Mode::read_only).verify_chain().value().fault);
}

}  // namespace
}  // namespace dirsync::store
