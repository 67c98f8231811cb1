// The signed checkpoints of the audit trail, and rows that are taken out of it with a proof.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "store/proof/checkpoint.hpp"
#include "store/proof/extract_proof.hpp"
#include "tests/integration/store/signed_trail.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using Kind = ChainFault::Kind;

TEST_F(GivenSignedTrail, WhenTheLockIsFirstHeldThenAKeyForItsOwnerAlone) {
  EXPECT_FALSE(open().public_key().value()) << "without the lock nobody makes one";
  auto const key = hold().public_key().value();
  ASSERT_TRUE(key);
  struct stat status {};
  ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(hold().public_key().value(), key);
  EXPECT_EQ(ask("SELECT count(*) FROM audit"), "0");
}

TEST_F(GivenSignedTrail, WhenRunsAddRowsThenEachEndsWithACheckpointThatHolds) {
  two_runs();
  EXPECT_EQ(ask("SELECT group_concat(size) FROM (SELECT size FROM audit_checkpoint ORDER BY size)"), "4,7");
  auto const report = open(Options::Mode::read_only).verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.count, 7);
  EXPECT_EQ(report.checkpoints, 2);
  EXPECT_EQ(report.of_other_keys, 0);
  EXPECT_TRUE(report.has_key);
}

TEST_F(GivenSignedTrail, WhenRunsAddNothingButTheirEndsThenOneADayIsSigned) {
  auto store = hold();
  run(store, 1);
  for (auto quiet = 0; quiet < 287; ++quiet) run(store, 0);
  EXPECT_EQ(ask("SELECT max(size) FROM audit_checkpoint"), "2");
  run(store, 0);
  EXPECT_EQ(ask("SELECT max(size) FROM audit_checkpoint"), "290");
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_F(GivenSignedTrail, WhenARunCannotEndThenNothingIsSigned) {
  auto store = hold();
  run(store, 1);
  sql("CREATE TRIGGER no_more BEFORE INSERT ON audit_checkpoint BEGIN SELECT RAISE (ABORT, 'no more'); END");
  RunRecord record;
  record.id = store.begin_run({}).value();
  ASSERT_TRUE(store.append({}));
  EXPECT_FALSE(store.end_run(record));
  EXPECT_EQ(ask("SELECT count(*) FROM audit"), "3") << "the run has not ended either";
  sql("DROP TRIGGER no_more");
  ASSERT_TRUE(store.end_run(record));
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_F(GivenSignedTrail, WhenTheTreeIsGoneOrDoesNotFitThenBuiltAnew) {
  two_runs();
  for (auto const* const damage : {"DELETE FROM audit_tree", "UPDATE audit_tree SET nodes = x'00'",
                                   "UPDATE audit_tree SET size = 1000"}) {
    sql(damage);
    auto store = hold();
    run(store, 1);
    EXPECT_FALSE(store.verify_chain().value().fault) << damage;
  }
}

TEST_F(GivenSignedTrail, WhenAWholeNewChainIsComputedThenTheCheckpointsDoNotFit) {
  two_runs();
  // What somebody makes who may write the file but has no key: the first row is another, all hashes hold.
  std::vector<AuditRow> rows;
  ASSERT_TRUE(open().audit({}, [&rows](AuditRow const& row) {
    rows.push_back(row);
    return true;
  }));
  rows[0].principal = "mallory";
  sql("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit; DROP TRIGGER audit_head_follows_rows;"
      "UPDATE audit_head SET sequence = 0, hash = '" +
      kNoHash + "'");
  fs::remove(folder.path() / "mark");
  auto store = open();
  for (auto const& row : rows) ASSERT_TRUE(store.append(row));
  expect_fault(Kind::wrong_checkpoint, 4);
}

TEST_F(GivenSignedTrail, WhenTheTailIsCutWithItsHeadThenTheCheckpointMissesIt) {
  two_runs();
  sql("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence > 5; DROP TRIGGER "
      "audit_head_follows_rows;"
      "UPDATE audit_head SET sequence = 5, hash = (SELECT hash FROM audit WHERE sequence = 5)");
  fs::remove(folder.path() / "mark");
  expect_fault(Kind::cut_tail, 6);
}

TEST_F(GivenSignedTrail, WhenACheckpointIsChangedThenFoundThere) {
  two_runs();
  std::pair<char const*, Kind> const changes[] = {
      {"root = zeroblob(32)", Kind::wrong_checkpoint},
      {"root = x''", Kind::wrong_checkpoint},
      {"chain = 'a'", Kind::wrong_checkpoint},
      {"size = 5", Kind::wrong_checkpoint},
      {"time = '2026-11-21T19:00:00.000Z'", Kind::wrong_signature},
      {"time = 'now'", Kind::wrong_signature},
      {"origin = 'dirsyncd-audit/0000000000000000'", Kind::wrong_signature},
      {"signature = zeroblob(64)", Kind::wrong_signature},
      {"signature = x''", Kind::wrong_signature},
  };
  auto const whole = bytes_of(file());
  for (auto const& [change, kind] : changes) {
    SCOPED_TRACE(change);
    write_file(whole);
    tamper("UPDATE audit_checkpoint SET " + std::string{change} + " WHERE size = 4");
    expect_fault(kind, std::string_view{change} == "size = 5" ? 5 : 4);
  }
}

TEST_F(GivenSignedTrail, WhenCheckpointsAreToBeChangedThenTheTriggersRefuse) {
  two_runs();
  for (auto const* const statement :
       {"UPDATE audit_checkpoint SET size = 9", "DELETE FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint WHERE size = 4"})
    EXPECT_THROW(sql(statement), SQLite::Exception) << statement;
}

TEST_F(GivenSignedTrail, WhenTheKeyIsLostThenARowTellsOfTheNewOne) {
  two_runs();
  auto const before = open().public_key().value();
  fs::remove(key_file());
  auto store = hold();
  EXPECT_FALSE(store.public_key().value() == before);
  EXPECT_EQ(ask("SELECT phase || ' ' || result || ' ' || actor FROM audit WHERE sequence = 8"),
            "store new-key jane");
  run(store, 1);
  auto const report = store.verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.checkpoints, 3);
  EXPECT_EQ(report.of_other_keys, 2);
}

TEST_F(GivenSignedTrail, WhenTheKeyIsReplacedBehindItsBackThenFound) {
  two_runs();
  std::ofstream{key_file()} << SigningKey::make().pem().reveal();
  expect_fault(Kind::wrong_signature, 7);
  EXPECT_TRUE(hold().append({}));
  EXPECT_FALSE(open().verify_chain().value().fault) << "now a row tells of it";
}

TEST_F(GivenSignedTrail, WhenAnotherKeyIsAskedForThenItsSignaturesAreMissed) {
  two_runs();
  auto const report = open().verify_chain(SigningKey::make().public_key()).value();
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->kind, Kind::wrong_signature);
}

TEST_F(GivenSignedTrail, WhenOnlyTheStoreIsThereThenItsRootsAreChecked) {
  two_runs();
  fs::remove(key_file());
  auto const report = open(Options::Mode::read_only).verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.checkpoints, 2);
  EXPECT_FALSE(report.has_key);
}

TEST_F(GivenSignedTrail, WhenTheKeyIsNoneThenNothingStartsAndTheRemedyIsNamed) {
  two_runs();
  std::ofstream{key_file()} << "no key";
  auto const store = try_hold();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrc::malformed);
  EXPECT_THAT(store.error().context, HasSubstr(key_file().string()));
  EXPECT_EQ(bytes_of(key_file()), "no key");
}

struct GivenExtract : GivenSignedTrail {
  GivenExtract() {
    two_runs();
    auto store = open(Options::Mode::read_only);
    EXPECT_TRUE(store.audit({}, [this](AuditRow const& row) {
      all.push_back(row);
      return true;
    }));
  }
  Extract take(ExtractBounds const& bounds) {
    rows.clear();
    return open(Options::Mode::read_only)
        .extract(bounds,
                 [this](AuditRow const& row) -> Result<void> {
                   rows.push_back(row);
                   return {};
                 })
        .value();
  }
  bool is_proved(Extract const& extract) const {
    std::vector<ChosenLeaf> leaves;
    for (auto const& row : rows) leaves.push_back({row.sequence - 1, hash_of_leaf(row)});
    auto const note = parse_note(extract.checkpoint).value();
    auto const& checkpoint = note.checkpoint.checkpoint;
    return is_signed_by(note, *open().public_key().value()) &&
           root_of_extract(checkpoint.size, leaves, extract.nodes) == checkpoint.root;
  }
  std::vector<AuditRow> all, rows;
};

TEST_F(GivenExtract, WhenEverythingOrNothingIsTakenThenProved) {
  auto const everything = take({});
  EXPECT_EQ(everything.rows, 7);
  EXPECT_EQ(rows.size(), 7U);
  EXPECT_TRUE(is_proved(everything));
  auto const nothing = take({.since = clock->now(), .until = {}});
  EXPECT_EQ(nothing.rows, 0);
  EXPECT_TRUE(is_proved(nothing));
}

TEST_F(GivenExtract, WhenRowsOfATimeAreTakenThenThoseAndProved) {
  auto const some = take({.since = all[2].time, .until = all[5].time});
  EXPECT_EQ(some.rows, 3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].sequence, 3);
  EXPECT_TRUE(is_proved(some));
  rows[1].principal = "mallory";
  EXPECT_FALSE(is_proved(some));
}

TEST_F(GivenExtract, WhenTheProofIsForgedOrOfAnotherTreeThenItProvesNothing) {
  ExtractBounds const bounds{.since = all[2].time, .until = all[5].time};
  auto const whole = take(bounds);
  ASSERT_TRUE(is_proved(whole));
  ASSERT_FALSE(whole.nodes.empty());
  for (std::size_t node = 0; node < whole.nodes.size(); ++node)
    for (std::size_t byte = 0; byte < TreeHash{}.size(); ++byte) {
      auto forged = whole;
      forged.nodes[node][byte] = static_cast<char>(forged.nodes[node][byte] ^ 1);
      EXPECT_FALSE(is_proved(forged)) << node << ", " << byte;
    }
  auto forged = whole;
  forged.nodes.pop_back();
  EXPECT_FALSE(is_proved(forged));
  forged = whole;
  forged.nodes.push_back(TreeHash{});
  EXPECT_FALSE(is_proved(forged));
  auto const key = SigningKey::make();
  auto checkpoint = parse_note(whole.checkpoint).value().checkpoint.checkpoint;
  checkpoint.origin = origin_of(key.public_key());
  forged = whole;
  forged.checkpoint = note_of(sign(checkpoint, key), key.public_key());
  EXPECT_FALSE(is_proved(forged)) << "signed by somebody else";
  {
    auto store = hold();
    run(store, 2);
  }
  auto const later = take(bounds);
  EXPECT_TRUE(is_proved(later));
  forged = whole;
  forged.checkpoint = later.checkpoint;
  EXPECT_FALSE(is_proved(forged)) << "of another tree";
}

TEST_F(GivenExtract, WhenRowsCameAfterTheLastCheckpointThenSignedAsWell) {
  ASSERT_TRUE(open().append({}));
  auto const extract = take({});
  EXPECT_EQ(extract.rows, 8);
  EXPECT_TRUE(is_proved(extract));
}

TEST_F(GivenExtract, WhenTheTrailDoesNotHoldThenNothingIsSigned) {
  sql("DROP TRIGGER audit_is_not_updated; UPDATE audit SET detail = 'x' WHERE sequence = 7");
  auto const extract =
      open(Options::Mode::read_only).extract({.since = {}, .until = all[2].time}, [](AuditRow const&) {
        return Result<void>{};
      });
  ASSERT_FALSE(extract);
  EXPECT_EQ(extract.error().code, StoreErrc::corrupt);
  EXPECT_THAT(extract.error().context, HasSubstr("row 7"));
}

TEST_F(GivenExtract, WhenThereIsNoKeyThenNothingIsSigned) {
  fs::remove(key_file());
  EXPECT_ERROR(open().extract({}, [](AuditRow const&) { return Result<void>{}; }), StoreErrc::missing);
}

}  // namespace
}  // namespace dirsync::store
