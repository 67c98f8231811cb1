// A store that is lost, damaged or older, and how it comes back into use.
#include "store/recovery.hpp"

#include <gmock/gmock.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using StoreKind = StoreState::Kind;

struct GivenAStoreToRecover : GivenFolder {
  Result<Store> try_hold(bool recover = false) const {
    auto const lock = InstanceLock::acquire(state_folder());
    return Store::open({.folder = state_folder(),
                        .clock = clock,
                        .lock = &lock.value(),
                        .actor = "jane",
                        .recover = recover});
  }
  static void run_once(Store& store) {
    RunStart start;
    start.trigger = "sync";
    RunRecord record;
    record.id = store.begin_run(start).value();
    ASSERT_TRUE(store.end_run(record));
  }
  void run_once() const {
    auto store = try_hold().value();
    run_once(store);
  }
  StoreState look() const { return look_at_store(state_folder()).value(); }
  void remove_store() const {
    for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"})
      fs::remove(folder.path() / name);
  }
  /// Spoils a page in the middle of the file: the first one of the table of grants.
  void spoil_page() const {
    auto const size = std::stoul(ask("PRAGMA page_size"));
    auto const page = std::stoul(ask("SELECT rootpage FROM sqlite_schema WHERE name = 'membership'"));
    auto bytes = bytes_of(file());
    ASSERT_LE(page * size, bytes.size());
    bytes.replace((page - 1) * size, size, std::string(size, '\xff'));
    write_file(bytes);
  }
  /// In use again, by nobody before it was vouched for.
  void expect_recovers() const {
    {
      auto store = try_hold(true).value();
      EXPECT_TRUE(store.went_back());
      run_once(store);
    }
    EXPECT_ERROR(try_hold(), StoreErrc::behind);
    EXPECT_ERROR(try_open(Options::Mode::read_only), StoreErrc::behind);
    {
      auto store = try_hold(true).value();
      run_once(store);
      ASSERT_TRUE(store.vouch("it was recovered from a copy"));
      EXPECT_FALSE(store.went_back());
    }
    EXPECT_EQ(look().kind, StoreKind::sound);
    auto store = try_hold();
    ASSERT_TRUE(store);
    EXPECT_EQ(ask("SELECT phase || ' ' || result || ' ' || actor || ' ' || detail FROM audit ORDER BY "
                  "sequence DESC LIMIT 1"),
              "store recovered jane it was recovered from a copy");
    run_once(*store);
    auto const chain = store->verify_chain();
    ASSERT_TRUE(chain);
    EXPECT_FALSE(chain->fault);
  }
};

TEST_F(GivenAStoreToRecover, WhenThereIsNoneYetOrItIsInOrderThenSound) {
  EXPECT_EQ(look().kind, StoreKind::sound);
  run_once();
  EXPECT_EQ(look().kind, StoreKind::sound);
  auto const store = try_hold(true);
  ASSERT_TRUE(store);
  EXPECT_FALSE(store->went_back());
}

TEST_F(GivenAStoreToRecover, WhenAnOlderCopyIsPutBackThenBehindUntilItIsVouchedFor) {
  run_once();
  auto const copy = bytes_of(file());
  run_once();
  remove_store();
  write_file(copy);
  auto const found = look();
  EXPECT_EQ(found.kind, StoreKind::behind);
  EXPECT_THAT(found.why, HasSubstr("says that it had come to run 2"));
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenTheFileIsGoneThenLostUntilANewOneIsVouchedFor) {
  run_once();
  remove_store();
  EXPECT_EQ(look().kind, StoreKind::lost);
  EXPECT_FALSE(fs::exists(file())) << "a look makes none";
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenAPageIsDamagedThenKeptAsideAndANewOneTakesItsPlace) {
  for (int n = 0; n < 40; ++n) run_once();
  spoil_page();
  auto const bytes = bytes_of(file());
  auto const found = look();
  EXPECT_EQ(found.kind, StoreKind::damaged);
  EXPECT_THAT(found.why, HasSubstr(file().string()));
  EXPECT_THAT(found.why, ContainsRegex("[Pp]age [0-9]+"));
  EXPECT_TRUE(bytes_of(file()) == bytes);
  EXPECT_EQ(set_store_aside(state_folder()).value(), "dirsyncd.db.damaged-1");
  EXPECT_TRUE(bytes_of(file().string() + ".damaged-1") == bytes);
  EXPECT_FALSE(fs::exists(file()));
  expect_recovers();
  for (int n = 0; n < 40; ++n) run_once();
  spoil_page();
  EXPECT_EQ(set_store_aside(state_folder()).value(), "dirsyncd.db.damaged-2");
}

TEST_F(GivenAStoreToRecover, WhenADamagedOneHadNoMarkThenANewOneIsStillRefusedUntilItIsVouchedFor) {
  run_once();
  fs::remove(folder.path() / "mark");
  write_file(std::string(20'000, 'g'));
  EXPECT_EQ(look().kind, StoreKind::damaged);
  ASSERT_TRUE(set_store_aside(state_folder()));
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenPuttingItAsideWasCutOffThenItsPartsComeTogetherUnderOneName) {
  run_once();
  std::string const aside = file().string() + ".damaged-1", log = "what was not taken in yet";
  write_file(std::string(20'000, 'g'));
  std::ofstream{aside + "-wal"} << log;
  std::ofstream{file().string() + "-wal"} << "";  // SQLite makes one when it looks
  EXPECT_EQ(set_store_aside(state_folder()).value(), "dirsyncd.db.damaged-1");
  EXPECT_EQ(bytes_of(aside + "-wal"), log);
  EXPECT_EQ(fs::file_size(aside), 20'000U);
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(GivenAStoreToRecover, WhenItIsPutAsideThenNoStoreOfThatNamePassesBeforeItIsVouchedFor) {
  run_once();
  auto const newest = bytes_of(file());
  ASSERT_TRUE(set_store_aside(state_folder()));
  write_file(newest);
  auto const found = look();
  EXPECT_EQ(found.kind, StoreKind::behind) << "without its log a file may look sound";
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenTheMakingOfANewOneWasCutOffThenItIsStillLost) {
  run_once();
  remove_store();
  {
    // Pages without room in the cache are written before the end, and the journal before them.
    TempFolder const elsewhere;
    auto const half = elsewhere.path() / "half.db";
    SQLite::Database making{half, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    making.exec(
        "PRAGMA cache_size = 1; BEGIN; CREATE TABLE made (bytes BLOB); "
        "INSERT INTO made VALUES (zeroblob(1000000));");
    for (std::string const suffix : {"", "-journal"})
      fs::copy_file(half.string() + suffix, file().string() + suffix);
  }
  ASSERT_GT(fs::file_size(file()), 0U);
  EXPECT_EQ(look().kind, StoreKind::lost);
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenTheMarkCannotBeUnderstoodThenBehind) {
  run_once();
  std::ofstream{folder.path() / "mark"} << "scribble";
  EXPECT_EQ(look().kind, StoreKind::behind);
  expect_recovers();
}

TEST_F(GivenAStoreToRecover, WhenItIsOfAnotherProgramThenNotTouched) {
  write_file("");
  sql("CREATE TABLE bookmarks (url TEXT)");
  EXPECT_ERROR(look_at_store(state_folder()), StoreErrc::foreign);
}

/// What a machine that lost power leaves: the file, and a log that was not taken into it yet.
struct GivenALogThatIsNotTakenIn : GivenAStoreToRecover {
  TempFolder after;

  void SetUp() override {
    auto store = try_hold().value();
    run_once(store);
    run_once(store);
    for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "mark"})
      fs::copy_file(folder.path() / name, after.path() / name);
  }
  StateFolder state_after() const { return StateFolder::open(after.path()).value(); }
};

TEST_F(GivenALogThatIsNotTakenIn, WhenItIsWholeThenNothingIsLost) {
  EXPECT_EQ(look_at_store(state_after()).value().kind, StoreKind::sound);
}

TEST_F(GivenALogThatIsNotTakenIn, WhenItIsTornThenTheMarkTellsThatSomethingIsMissing) {
  auto const log = after.path() / "dirsyncd.db-wal";
  fs::resize_file(log, fs::file_size(log) - 100);
  EXPECT_EQ(look_at_store(state_after()).value().kind, StoreKind::behind);
  auto const lock = InstanceLock::acquire(state_after());
  EXPECT_ERROR(Store::open({.folder = state_after(), .clock = clock, .lock = &lock.value()}),
               StoreErrc::behind);
}

}  // namespace
}  // namespace dirsync::store
