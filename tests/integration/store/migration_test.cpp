// A file of every older schema is brought to this one with all that it holds.
#include "store/schema.hpp"
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

struct GivenFileOfTheFirstSchema : GivenFolder {
  void SetUp() override {
    write_file("");
    auto database = Database::open(state_folder(), Database::Access::read_write).value();
    ASSERT_TRUE(migrate(database, migrations().first(1)));
    database.execute(
        "INSERT INTO run (id, started, trigger, actor, configuration_digest) "
        "VALUES (1, '2026-11-21T20:00:00.000Z', 'sync', 'alice', 'c');"
        "INSERT INTO directory (number, name, accepted_run, group_count, people_count, value_count) "
        "VALUES (1, 'corp', 1, 2, 3, 4);"
        "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json) "
        "VALUES ('waits', 1, '2026-11-21T20:00:00.000Z', '2026-11-21T20:00:00.000Z', 'held', '', '', '{}'), "
        "('was', 1, '2026-11-20T20:00:00.000Z', '2026-11-20T20:00:00.000Z', 'applied', "
        "'2026-11-20T20:01:00.000Z', 'bob', '{}');");
  }
};

TEST_F(GivenFileOfTheFirstSchema, WhenOpenedThenOfThisSchemaWithAllThatItHeld) {
  auto store = open();
  EXPECT_EQ(ask("PRAGMA user_version"), std::to_string(migrations().back().version));
  EXPECT_EQ(store.last_counts("corp").value()->values, 4);
  auto const held = store.held_plans().value();
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].digest, PlanDigest{"waits"});
  EXPECT_EQ(held[0].directory, "");
  EXPECT_EQ(store.find_plan(PlanDigest{"was"}).value()->decided_by, "bob");
  EXPECT_TRUE(store.last_change_numbers("corp", "contextCSN").value().values.empty());
  EXPECT_EQ(store.last_source("corp").value(), "");
  EXPECT_FALSE(store.held_read("corp").value());
}

TEST_F(GivenFileOfTheFirstSchema, WhenOnlyReadThenUnchangedAndTheServiceIsToBeStarted) {
  auto const before = bytes_of(file());
  EXPECT_ERROR(try_open(Options::Mode::read_only), StoreErrc::missing);
  EXPECT_TRUE(bytes_of(file()) == before);
}

}  // namespace
}  // namespace dirsync::store
