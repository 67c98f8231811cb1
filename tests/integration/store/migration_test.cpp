// A file of every older schema is brought to this one with all that it holds.
#include "store/schema.hpp"
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

/// As each released version left it: the statements that fill what is new in that schema.
constexpr char kFirst[] =
    "INSERT INTO run (id, started, trigger, actor, configuration_digest) "
    "VALUES (1, '2026-11-21T20:00:00.000Z', 'sync', 'alice', 'c');"
    "INSERT INTO directory (number, name, accepted_run, group_count, people_count, value_count) "
    "VALUES (1, 'corp', 1, 2, 3, 4);"
    "INSERT INTO membership (target, group_id, principal_folded, principal_id, group_name, principal, "
    "entry_id, "
    "dn, rule) VALUES ('vault', '7', 'ada', 'id-1', 'Operators', 'Ada', 'e-1', 'uid=ada', 'ops'), "
    "('vault', '7', 'bob', '', 'Operators', 'bob', 'e-2', 'uid=bob', 'ops'), "
    "('vault', '8', 'ada', 'id-1', 'Auditors', 'Ada', 'e-1', 'uid=ada', 'ops');"
    "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json) "
    "VALUES ('waits', 1, '2026-11-21T20:00:00.000Z', '2026-11-21T20:00:00.000Z', 'held', '', '', '{}'), "
    "('was', 1, '2026-11-20T20:00:00.000Z', '2026-11-20T20:00:00.000Z', 'applied', "
    "'2026-11-20T20:01:00.000Z', 'bob', '{}');";
constexpr char kSecond[] =
    "INSERT INTO change_number (directory, source, origin, value) VALUES ('corp', 'contextCSN', '000', '5');"
    "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json, "
    "directory) "
    "VALUES ('read', 1, '2026-11-21T20:00:00.000Z', '2026-11-21T20:00:00.000Z', 'held', '', '', '{}', "
    "'corp');";
constexpr char kThird[] = "UPDATE directory SET source = 'contextCSN';";
constexpr char const* kFilled[] = {kFirst, kSecond, kThird};

class GivenFileOfAnOlderSchema : public GivenFolder, public testing::WithParamInterface<std::int64_t> {
 protected:
  void SetUp() override {
    write_file("");
    auto const version = static_cast<std::size_t>(GetParam());
    auto database = Database::open(state_folder(), Database::Access::read_write).value();
    ASSERT_TRUE(migrate(database, migrations().first(version)));
    for (std::size_t step = 0; step < std::min(version, std::size(kFilled)); ++step)
      database.execute(kFilled[step]);
  }
  bool has(std::int64_t version) const { return GetParam() >= version; }
};

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenOfThisSchemaWithAllThatItHeld) {
  auto store = open();
  EXPECT_EQ(ask("PRAGMA user_version"), std::to_string(migrations().back().version));
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(store.last_counts("corp").value()->values, 4);
  auto const held = store.held_plans().value();
  ASSERT_EQ(held.size(), has(2) ? 2U : 1U);
  EXPECT_EQ(store.find_plan(PlanDigest{"waits"}).value()->directory, "");
  EXPECT_EQ(store.find_plan(PlanDigest{"was"}).value()->decided_by, "bob");
  EXPECT_EQ(store.last_change_numbers("corp", "contextCSN").value().values.size(), has(2) ? 1U : 0U);
  EXPECT_EQ(store.held_read("corp").value().has_value(), has(2));
  EXPECT_EQ(store.last_source("corp").value(), has(3) ? "contextCSN" : "");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenEveryGrantIsThereAndCanBeTakenOut) {
  auto store = open();
  auto const grants = store.managed("vault").value().grants;
  ASSERT_EQ(grants.size(), 3U);
  EXPECT_EQ(grants[0].principal, "Ada");
  ASSERT_TRUE(store.forget(RunId{1}, "vault", "daemon", {grants.data(), 2}));
  auto const left = store.managed("vault").value().grants;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].group, "Auditors");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenTheSchemaIsThatOfANewFile) {
  open();
  TempFolder const other;
  ASSERT_TRUE(Store::open({StateFolder::open(other.path()).value()}));
  constexpr char kSchema[] =
      "SELECT group_concat(name || char(10) || coalesce(sql, '')) FROM (SELECT name, sql FROM sqlite_schema "
      "ORDER BY name)";
  SQLite::Database const fresh{other.path() / "dirsyncd.db", SQLite::OPEN_READONLY, 5000};
  SQLite::Statement asked{fresh, kSchema};
  ASSERT_TRUE(asked.executeStep());
  EXPECT_EQ(ask(kSchema), asked.getColumn(0).getString());
}

TEST_P(GivenFileOfAnOlderSchema, WhenOnlyReadThenUnchangedAndTheServiceIsToBeStarted) {
  auto const before = bytes_of(file());
  EXPECT_ERROR(try_open(Options::Mode::read_only), StoreErrc::missing);
  EXPECT_TRUE(bytes_of(file()) == before);
}

INSTANTIATE_TEST_SUITE_P(Released, GivenFileOfAnOlderSchema,
                         testing::Range<std::int64_t>(1, migrations().back().version),
                         [](auto const& tested) { return "Schema" + std::to_string(tested.param); });

}  // namespace
}  // namespace dirsync::store
