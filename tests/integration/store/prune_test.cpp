// Rows that are taken out of the audit trail, and what still holds without them.
#include <gmock/gmock.h>

#include "store/proof/extract_proof.hpp"
#include "sync/model/hex.hpp"
#include "tests/integration/store/signed_trail.hpp"

namespace dirsync::store {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using Kind = ChainFault::Kind;

struct GivenTrailToPrune : GivenSignedTrail {
  GivenTrailToPrune() {
    two_runs();
    all = rows();
  }
  /// All rows up to that one of the seven.
  PrunedRows prune_up_to(Store& store, std::size_t row) const {
    return store.prune(all.at(row).time, "jane").value().value();
  }
  void expect_holds(Store& store, std::int64_t count, std::int64_t pruned) const {
    auto const report = store.verify_chain().value();
    EXPECT_FALSE(report.fault) << report.fault->text;
    EXPECT_EQ(report.count, count);
    ASSERT_TRUE(report.pruned);
    EXPECT_EQ(report.pruned->rows(), pruned);
  }
  void expect_needed(Store& store, Time before, std::string const& row, std::string const& why) const {
    auto const count = ask("SELECT count(*) FROM audit");
    auto const pruned = store.prune(before, "jane");
    ASSERT_FALSE(pruned);
    EXPECT_EQ(pruned.error().code, StoreErrc::needed);
    EXPECT_THAT(pruned.error().context, AllOf(HasSubstr(row), HasSubstr(why), HasSubstr("--before")));
    EXPECT_EQ(ask("SELECT count(*) FROM audit"), count);
    EXPECT_EQ(ask("SELECT count(*) FROM audit_pruned"), "0");
  }
  std::vector<AuditRow> all;
};

TEST_F(GivenTrailToPrune, WhenPrunedThenTheRestGoesOnFromASignedCheckpointAndARowTellsOfIt) {
  auto store = hold();
  auto const pruned = prune_up_to(store, 4);
  EXPECT_EQ(pruned.rows(), 4);
  EXPECT_EQ(pruned.head(), (ChainHead{4, all[3].hash}));
  EXPECT_EQ(pruned.last_run, RunId{1});
  EXPECT_TRUE(is_signed_by(pruned.checkpoint, *store.public_key().value()));
  EXPECT_EQ(ask("SELECT group_concat(sequence) FROM (SELECT sequence FROM audit ORDER BY sequence)"),
            "5,6,7,8");
  EXPECT_EQ(ask("SELECT phase || ' ' || result || ' ' || actor FROM audit WHERE sequence = 8"),
            "store pruned jane");
  EXPECT_THAT(ask("SELECT detail FROM audit WHERE sequence = 8"),
              AllOf(HasSubstr("rows 1 to 4"), HasSubstr(all[3].hash)));
  expect_holds(store, 4, 4);
  EXPECT_EQ(store.verify_chain().value().checkpoints, 3) << "of the pruned rows, of 7 and of 8";
  EXPECT_EQ(store.pruned().value()->nodes, pruned.nodes);
}

TEST_F(GivenTrailToPrune, WhenOpenedAndPrunedAgainThenTheTrailGoesOn) {
  {
    auto store = hold();
    prune_up_to(store, 4);
  }
  auto store = hold();
  run(store, 1);
  expect_holds(store, 6, 4);
  auto const now = rows();
  ASSERT_EQ(now.size(), 6U);
  auto const again = store.prune(now.back().time, "jane").value().value();
  EXPECT_EQ(again.rows(), 9) << "up to the row before that of the mark";
  expect_holds(store, 2, 9);
  run(store, 1);
  expect_holds(store, 4, 9);
}

TEST_F(GivenTrailToPrune, WhenNothingIsOldEnoughThenNothingIsDone) {
  auto store = hold();
  EXPECT_FALSE(store.prune(all.front().time, "jane").value());
  EXPECT_EQ(rows().size(), 7U);
  EXPECT_FALSE(store.pruned().value());
}

TEST_F(GivenTrailToPrune, WhenTheRowOfTheMarkWouldGoThenRefused) {
  auto store = hold();
  expect_needed(store, clock->now(), "row 7", "the mark");
}

TEST_F(GivenTrailToPrune, WhenARunHasChangesOfUnknownFateThenItsRowsStay) {
  auto store = hold();
  auto const open_run = store.begin_run({}).value();
  AuditRow row;
  row.run = open_run;
  row.phase = "change";
  ASSERT_TRUE(store.append(row));
  Change change;
  change.target = "vault";
  change.verb = Verb::add;
  change.principal = "ann";
  ASSERT_TRUE(store.intend(open_run, PlanDigest{"p"}, "daemon", {&change, 1}));
  run(store, 1);
  expect_needed(store, rows().back().time, "row 8", "of which nobody knows yet");
}

TEST_F(GivenTrailToPrune, WhenAPlanWaitsThenItsRowsStayUntilItIsDecided) {
  auto store = hold();
  StoredPlan plan;
  plan.digest = PlanDigest{"abc"};
  plan.first_seen = plan.last_seen = clock->now();
  plan.document_json = "{}";
  ASSERT_TRUE(store.hold_plan(plan));
  ASSERT_TRUE(store.decide_plan({.digest = plan.digest, .actor = "jane", .time = clock->now()}));
  run(store, 1);
  auto const before = rows().back().time;
  expect_needed(store, before, "row 8", "a plan that waits");
  ASSERT_TRUE(
      store.decide_plan({.digest = plan.digest, .approves = false, .actor = "jane", .time = clock->now()}));
  EXPECT_EQ(store.prune(before, "jane").value()->rows(), 9);
}

TEST_F(GivenTrailToPrune, WhenWhoApprovedWhatIsPrunedThenThatIsKept) {
  auto store = hold();
  StoredPlan plan;
  plan.digest = PlanDigest{"abc"};
  plan.first_seen = plan.last_seen = clock->now();
  plan.document_json = "{}";
  plan.approvals_needed = 2;
  ASSERT_TRUE(store.hold_plan(plan));
  for (auto const* const actor : {"uid:1 (ann)", "uid:2 (bob)"})
    ASSERT_TRUE(store.decide_plan({.digest = plan.digest, .actor = actor, .time = clock->now()}));
  ASSERT_TRUE(store.plan_applied(plan.digest, RunId{2}));
  run(store, 1);
  auto const before = store.approvals().value().at("abc");
  EXPECT_EQ(before.needed, 2);
  EXPECT_EQ(givers_of(before.given), "uid:1 (ann) and uid:2 (bob)");
  ASSERT_TRUE(store.prune(rows().back().time, "jane").value());
  EXPECT_EQ(ask("SELECT count(*) FROM audit WHERE phase = 'approve'"), "0");
  auto const after = store.approvals().value().at("abc");
  EXPECT_EQ(after.needed, before.needed);
  EXPECT_EQ(after.given, before.given);
}

TEST_F(GivenTrailToPrune, WhenTheTrailDoesNotHoldThenNothingIsPruned) {
  auto store = hold();
  sql("DROP TRIGGER audit_is_not_updated; UPDATE audit SET detail = 'x' WHERE sequence = 6");
  EXPECT_ERROR(store.prune(all[4].time, "jane"), StoreErrc::chain_broken);
  EXPECT_EQ(rows().size(), 7U);
}

TEST_F(GivenTrailToPrune, WhenWhoHadWhatIsAskedThenTheRowsAreNotNeeded) {
  auto store = hold();
  Change change;
  change.target = "vault";
  change.verb = Verb::add;
  change.group = "ops";
  change.group_id = "7";
  change.principal = "ann";
  auto const with = store.begin_run({}).value();
  auto const intents = store.intend(with, PlanDigest{"p"}, "daemon", {&change, 1}).value();
  ASSERT_TRUE(store.settle(intents.front(), {change, Outcome::done, ""}));
  RunRecord record;
  record.id = with;
  ASSERT_TRUE(store.end_run(record));
  run(store, 1);
  ASSERT_TRUE(store.prune(rows().back().time, "jane").value());
  auto const groups = store.intervals().find_groups("ops", "vault", std::nullopt).value();
  ASSERT_EQ(groups.size(), 1U);
  auto const members = store.intervals().members(groups[0].number, std::nullopt).value();
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].began_run, with);
  EXPECT_EQ(store.managed("vault").value().grants.size(), 1U);
}

TEST_F(GivenTrailToPrune, WhenTheTreeIsLostThenItIsBuiltFromWhatIsLeft) {
  {
    auto store = hold();
    prune_up_to(store, 5);
  }
  sql("DELETE FROM audit_tree");
  auto store = hold();
  run(store, 2);
  expect_holds(store, 6, 5);
}

TEST_F(GivenTrailToPrune, WhenRowsWereExportedBeforeThenTheirProofStillHoldsAgainstTheTrail) {
  std::vector<ChosenLeaf> leaves;
  auto const keep = [&leaves](AuditRow const& row) -> Result<void> {
    leaves.push_back({row.sequence - 1, hash_of_leaf(row)});
    return {};
  };
  auto store = hold();
  auto const extract = store.extract({.since = {}, .until = all[3].time}, keep).value();
  ASSERT_EQ(leaves.size(), 3U);
  prune_up_to(store, 4);
  auto const note = parse_note(extract.checkpoint).value();
  auto const& checkpoint = note.checkpoint.checkpoint;
  EXPECT_TRUE(is_signed_by(note, *store.public_key().value()));
  EXPECT_EQ(root_of_extract(checkpoint.size, leaves, extract.nodes), checkpoint.root);
  EXPECT_EQ(to_hex(view(checkpoint.root)),
            ask("SELECT lower(hex(root)) FROM audit_checkpoint WHERE size = 7"));
  expect_holds(store, 4, 4);
}

TEST_F(GivenTrailToPrune, WhenRowsAreExportedAfterwardsThenProvedWithoutThePrunedOnes) {
  auto store = hold();
  prune_up_to(store, 5);
  for (auto const& until : {std::optional<Time>{}, std::optional{all[6].time}}) {
    std::vector<ChosenLeaf> leaves;
    auto const keep = [&leaves](AuditRow const& row) -> Result<void> {
      leaves.push_back({row.sequence - 1, hash_of_leaf(row)});
      return {};
    };
    auto const extract = store.extract({.since = {}, .until = until}, keep).value();
    EXPECT_EQ(extract.rows, until ? 1 : 3);
    auto const checkpoint = parse_note(extract.checkpoint).value().checkpoint.checkpoint;
    EXPECT_EQ(checkpoint.size, 8);
    EXPECT_EQ(root_of_extract(checkpoint.size, leaves, extract.nodes), checkpoint.root);
  }
}

TEST_F(GivenTrailToPrune, WhenMoreIsToBeTakenOutBySqlThenTheTriggersRefuse) {
  auto store = hold();
  prune_up_to(store, 4);
  for (auto const* const statement :
       {"DELETE FROM audit WHERE sequence = 5", "DELETE FROM audit_checkpoint WHERE size = 7",
        "DELETE FROM audit_pruned", "UPDATE audit_pruned SET size = 6", "UPDATE audit_pruned SET size = 3",
        "INSERT OR REPLACE INTO audit_pruned SELECT * FROM audit_pruned"})
    EXPECT_THROW(sql(statement), SQLite::Exception) << statement;
  expect_holds(store, 4, 4);
}

TEST_F(GivenTrailToPrune, WhenWhatIsLeftIsChangedThenFound) {
  {
    auto store = hold();
    prune_up_to(store, 4);
  }
  struct Damage {
    char const* change;
    Kind kind;
    std::int64_t sequence;
  };
  constexpr Damage kDamages[] = {{"root = zeroblob(32)", Kind::wrong_checkpoint, 4},
                                 {"nodes = zeroblob(32)", Kind::wrong_checkpoint, 4},
                                 {"nodes = x''", Kind::wrong_checkpoint, 4},
                                 {"signature = zeroblob(64)", Kind::wrong_signature, 4},
                                 {"time = '2026-11-21T19:00:00.000Z'", Kind::wrong_signature, 4},
                                 {"chain = 'a'", Kind::reordered, 5},
                                 {"size = 3", Kind::missing, 4}};
  auto const whole = bytes_of(file());
  for (auto const& [change, kind, sequence] : kDamages) {
    SCOPED_TRACE(change);
    write_file(whole);
    sql("DROP TRIGGER audit_pruned_goes_on; UPDATE audit_pruned SET " + std::string{change});
    expect_fault(kind, sequence);
  }
}

TEST_F(GivenTrailToPrune, WhenAPrunedRowIsPutBackThenFound) {
  {
    auto store = hold();
    prune_up_to(store, 4);
  }
  sql("DROP TRIGGER audit_is_appended; DROP TRIGGER audit_moves_head; INSERT INTO audit SELECT 2, time, run, "
      "phase, target, verb, group_name, principal, dn, id, rule, path, plan, actor, result, detail, "
      "previous, "
      "hash, delay_ms FROM audit WHERE sequence = 5");
  expect_fault(Kind::inserted, 2);
}

}  // namespace
}  // namespace dirsync::store
