// An audit trail that somebody edited: found where it is, at a start and before a run, and gone on from only
// when a person takes note of it.
#include <gmock/gmock.h>

#include "store/trail_check.hpp"
#include "tests/integration/store/signed_trail.hpp"

namespace dirsync::store {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using Kind = ChainFault::Kind;

constexpr char kEditSecond[] =
    "DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = 'mallory' WHERE sequence = 2";

struct GivenTrailToEdit : GivenSignedTrail {
  GivenTrailToEdit() { two_runs(); }
  void expect_refused(std::string const& said) const {
    auto const count = ask("SELECT count(*) FROM audit");
    auto const store = try_hold();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, StoreErrc::chain_broken);
    EXPECT_EQ(store.error().code, Failure::permanent);
    EXPECT_THAT(store.error().context,
                AllOf(HasSubstr(said), HasSubstr("log verify"), HasSubstr("log acknowledge --reason")));
    EXPECT_EQ(ask("SELECT count(*) FROM audit"), count);
  }
};

TEST_F(GivenTrailToEdit, WhenARowIsEditedThenNothingStartsUntilAPersonTakesNote) {
  sql(kEditSecond);
  expect_refused("row 2");
  EXPECT_TRUE(try_open(Options::Mode::read_only)) << "whoever looks may look";
  EXPECT_EQ(mend().acknowledge("jane", "put right by hand").value()->sequence, 2);
  EXPECT_EQ(ask("SELECT phase || ' ' || result || ' ' || actor FROM audit WHERE sequence = 8"),
            "store acknowledged jane");
  EXPECT_THAT(ask("SELECT detail FROM audit WHERE sequence = 8"),
              AllOf(HasSubstr("row 2"), HasSubstr("put right by hand")));
  auto store = hold();
  run(store, 1);
  auto const report = store.verify_chain().value();
  ASSERT_TRUE(report.fault) << "it stays in the trail";
  EXPECT_EQ(report.fault->sequence, 2);
  ASSERT_TRUE(report.acknowledged);
  EXPECT_EQ(report.acknowledged->sequence, 8);
}

TEST_F(GivenTrailToEdit, WhenEditedAgainAfterwardsThenRefusedAgain) {
  sql(kEditSecond);
  ASSERT_TRUE(mend().acknowledge("jane", "once").value());
  {
    auto store = hold();
    run(store, 1);
  }
  sql("UPDATE audit SET detail = 'x' WHERE sequence = 9");
  expect_refused("row 9");
}

TEST_F(GivenTrailToEdit, WhenNotedOnceMoreInTheSameWordsThenTheTrailHasItOnce) {
  sql(kEditSecond);
  for (int again = 0; again < 2; ++again)
    EXPECT_EQ(mend().acknowledge("jane", "put right").value()->sequence, 2);
  EXPECT_EQ(ask("SELECT count(*) FROM audit WHERE result = 'acknowledged'"), "1");
  EXPECT_TRUE(mend().acknowledge("jane", "and why").value());
  EXPECT_TRUE(mend().acknowledge("john", "and why").value());
  EXPECT_EQ(ask("SELECT count(*) FROM audit WHERE result = 'acknowledged'"), "3");
}

TEST_F(GivenTrailToEdit, WhenStartsEndBeforeTheNewKeySignsThenItIsToldOnce) {
  auto const told = [this] { return ask("SELECT count(*) FROM audit WHERE result = 'new-key'"); };
  std::filesystem::remove(key_file());
  for (int again = 0; again < 3; ++again) hold();
  EXPECT_EQ(told(), "1");
  std::filesystem::remove(key_file());
  hold();
  EXPECT_EQ(told(), "2") << "that is yet another one";
  auto store = hold();
  run(store, 1);
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_F(GivenTrailToEdit, WhenWhoeverEditedItWritesThatAPersonTookNoteThenRefusedAllTheSame) {
  sql(kEditSecond);
  AuditRow row;
  row.phase = "store";
  row.actor = "jane";
  row.result = kAcknowledged;
  ASSERT_TRUE(open().append(row)) << "as anybody can who writes to the file: it needs no key";
  expect_refused("row 2");
}

TEST_F(GivenTrailToEdit, WhenItHoldsThenThereIsNothingToTakeNoteOf) {
  EXPECT_FALSE(mend().acknowledge("jane", "why not").value());
  EXPECT_EQ(rows().size(), 7U);
}

TEST_F(GivenTrailToEdit, WhenRowsAreDroppedMovedOrCutThenAllCanBeGoneOnFrom) {
  constexpr char const* kEdits[] = {
      "DELETE FROM audit WHERE sequence = 3",
      "DELETE FROM audit WHERE sequence IN (5, 6)",
      "UPDATE audit SET sequence = 100 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;"
      "UPDATE audit SET sequence = 3 WHERE sequence = 100",
      "UPDATE audit SET hash = previous WHERE sequence = 5",
      "UPDATE audit_checkpoint SET signature = zeroblob(64) WHERE size = 7",
      "UPDATE audit_checkpoint SET root = zeroblob(32) WHERE size = 4"};
  auto const whole = bytes_of(file()), mark = bytes_of(folder.path() / "mark");
  for (auto const* const edit : kEdits) {
    SCOPED_TRACE(edit);
    write_file(whole);
    std::ofstream{folder.path() / "mark", std::ios::binary} << mark;
    sql(std::string{"DROP TRIGGER audit_is_not_updated; DROP TRIGGER audit_is_not_deleted; DROP TRIGGER "
                    "audit_checkpoint_is_not_updated;"} +
        edit);
    expect_refused("");
    ASSERT_TRUE(mend().acknowledge("jane", "as it is").value());
    auto store = hold();
    run(store, 1);
    EXPECT_TRUE(store.verify_chain().value().fault);
  }
}

TEST_F(GivenTrailToEdit, WhenEditedWhileItIsOpenThenTheNextRunIsRefused) {
  auto store = hold();
  run(store, 1);
  sql("DROP TRIGGER audit_is_not_updated; UPDATE audit SET detail = 'x' WHERE sequence = 8");
  EXPECT_ERROR(store.begin_run({}), StoreErrc::chain_broken);
}

/// Longer than what is looked at as a whole, by so little that each look takes in an edited row in the
/// middle.
struct GivenLongTrail : GivenTrailToEdit {
  GivenLongTrail() {
    auto store = hold();
    run(store, 10'050);
  }
  void edit_the_middle() const {
    sql("DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = 'mallory' WHERE sequence = 5000");
  }
};

TEST_F(GivenLongTrail, WhenARowThatWasSignedLongAgoIsEditedThenNothingStartsUntilAPersonTakesNote) {
  EXPECT_TRUE(try_hold());
  edit_the_middle();
  expect_refused("row 5000");
  ASSERT_TRUE(mend().acknowledge("jane", "put right by hand").value());
  EXPECT_TRUE(try_hold());
}

TEST_F(GivenLongTrail, WhenItIsEditedWhileItIsOpenThenARunIsRefusedWithinAMinute) {
  auto store = hold();
  edit_the_middle();
  auto const begun = clock->now();
  auto refused = false;
  while (!refused && clock->now() < begun + std::chrono::minutes{2}) refused = !store.begin_run({});
  EXPECT_TRUE(refused);
}

TEST_F(GivenTrailToEdit, WhenOnlyTheEndIsLookedAtThenWhatCameSinceTheLastCheckpointIsFound) {
  ASSERT_TRUE(open().append({}));
  ASSERT_TRUE(open().append({}));
  auto const key = open().public_key().value();
  auto const look = [this, &key] {
    auto database = Database::open(state_folder(), Database::Access::read_only).value();
    return database
        .reading("cannot be read",
                 [&database, &key]() -> Result<std::optional<ChainFault>> {
                   auto const from = trusted_start(database, key);
                   return from.fault ? from.fault : check_trail_end(database, from.start);
                 })
        .value();
  };
  EXPECT_FALSE(look());
  sql(kEditSecond);
  EXPECT_FALSE(look()) << "`log verify` finds it";
  sql("UPDATE audit SET detail = 'x' WHERE sequence = 9");
  EXPECT_EQ(look()->sequence, 9);
  sql("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence = 8");
  EXPECT_EQ(look()->sequence, 8);
  sql("UPDATE audit SET actor = 'x' WHERE sequence = 7");
  EXPECT_EQ(look()->sequence, 7) << "the last one that was signed";
  sql("DELETE FROM audit WHERE sequence >= 7");
  EXPECT_EQ(look()->kind, Kind::cut_tail);
}

/// One bit of each byte of whatever stands in a column, one after the other.
struct GivenEveryByte : GivenSignedTrail {
  /// Two rows with something in every field, and that of the end of the run.
  void SetUp() override {
    auto store = hold();
    RunRecord record;
    record.id = store.begin_run({}).value();
    for (auto const* const name : {"ann", "bob"}) {
      AuditRow row;
      row.run = record.id;
      for (auto const field :
           {&AuditRow::phase, &AuditRow::target, &AuditRow::verb, &AuditRow::group, &AuditRow::principal,
            &AuditRow::dn, &AuditRow::id, &AuditRow::rule, &AuditRow::path, &AuditRow::plan, &AuditRow::actor,
            &AuditRow::result, &AuditRow::detail})
        row.*field = std::string{"of "} + name;
      ASSERT_TRUE(store.append(std::move(row)));
    }
    ASSERT_TRUE(store.end_run(record));
  }
  void flip_each(std::string const& table, std::string const& column, std::string const& where,
                 std::int64_t sequence) const {
    SQLite::Database database{file(), SQLite::OPEN_READWRITE, 5000};
    database.exec("PRAGMA synchronous = OFF");
    SQLite::Statement value{database, "SELECT " + column + " FROM " + table + " WHERE " + where};
    ASSERT_TRUE(value.executeStep());
    auto const is_blob = value.getColumn(0).isBlob();
    auto const whole = value.getColumn(0).getString();
    value.reset();
    SQLite::Statement put{database, "UPDATE " + table + " SET " + column + " = ? WHERE " + where};
    auto const write = [&put, is_blob](std::string const& bytes) {
      put.reset();
      if (is_blob)
        put.bind(1, static_cast<void const*>(bytes.data()), static_cast<int>(bytes.size()));
      else
        put.bind(1, bytes);
      put.exec();
    };
    auto store = open(Options::Mode::read_only);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      auto edited = whole;
      edited[at] = static_cast<char>(edited[at] ^ 1);
      write(edited);
      auto const report = store.verify_chain().value();
      ASSERT_TRUE(report.fault) << column << ", byte " << at;
      ASSERT_EQ(report.fault->sequence, sequence) << column << ", byte " << at;
    }
    write(whole);
    EXPECT_FALSE(store.verify_chain().value().fault);
  }
};

TEST_F(GivenEveryByte, WhenOneOfARowIsFlippedThenTheRowIsNamed) {
  sql("DROP TRIGGER audit_is_not_updated");
  for (auto const sequence : {1, 2, 3})
    for (auto const* const column : {"time", "phase", "target", "verb", "group_name", "principal", "dn", "id",
                                     "rule", "path", "plan", "actor", "result", "detail", "previous", "hash"})
      flip_each("audit", column, "sequence = " + std::to_string(sequence), sequence);
}

TEST_F(GivenEveryByte, WhenOneOfACheckpointIsFlippedThenItIsNamed) {
  sql("DROP TRIGGER audit_checkpoint_is_not_updated");
  for (auto const* const column : {"root", "chain", "time", "origin", "signature"})
    flip_each("audit_checkpoint", column, "size = 3", 3);
}

TEST_F(GivenEveryByte, WhenOneOfTheHeadIsFlippedThenItIsNamed) {
  sql("DROP TRIGGER audit_head_follows_rows");
  flip_each("audit_head", "hash", "only = 1", 3);
}

}  // namespace
}  // namespace dirsync::store
