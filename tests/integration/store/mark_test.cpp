// The mark beside the store: an older copy that somebody puts back is not taken for the store.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The one process that holds the lock, as `run` and `sync` do.
struct GivenMarkedFolder : GivenFolder {
  Result<Store> try_hold() const {
    auto const lock = InstanceLock::acquire(state_folder());
    return Store::open({.folder = state_folder(), .clock = clock, .lock = &lock.value(), .actor = "jane"});
  }
  Store hold() const { return try_hold().value(); }
  fs::path mark() const { return folder.path() / "mark"; }
  static RunId begin(Store& store) {
    RunStart start;
    start.trigger = "sync";
    return store.begin_run(start).value();
  }
  static void end(Store& store, RunId run) {
    RunRecord record;
    record.id = run;
    ASSERT_TRUE(store.end_run(record));
  }
  void run_once() const {
    auto store = hold();
    end(store, begin(store));
  }
  /// What a copy of the whole folder's store holds: the files of SQLite, without the mark.
  void copy_store(fs::path const& from, fs::path const& to) const {
    for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"}) {
      fs::remove(to / name);
      if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
    }
  }
  void keep_copy() const { copy_store(folder.path(), copy.path()); }
  void put_copy_back() const { copy_store(copy.path(), folder.path()); }
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> contents;
    for (auto const& entry : fs::directory_iterator{folder.path()})
      // The lock's text is the last holder's; the log, empty, and its index are made anew by whoever opens
      // it.
      if (entry.path().filename() != "dirsyncd.lock" && entry.path().filename() != "dirsyncd.db-shm" &&
          entry.file_size() > 0)
        contents[entry.path().filename()] = bytes_of(entry.path());
    return contents;
  }
  /// By nobody, and no file changes.
  void expect_behind(std::string const& said) const {
    auto const before = contents();
    for (auto const& store : {try_hold(), try_open(), try_open(Options::Mode::read_only)}) {
      ASSERT_FALSE(store);
      EXPECT_EQ(store.error().code, StoreErrc::behind);
      EXPECT_EQ(store.error().code, Failure::permanent);
      EXPECT_THAT(store.error().context,
                  AllOf(HasSubstr(said), HasSubstr("Put the newer store back"),
                        HasSubstr("remove " + mark().string()), HasSubstr("run again")));
    }
    EXPECT_TRUE(contents() == before);
  }
  TempFolder copy;
};

TEST_F(GivenMarkedFolder, WhenTheStoreIsNewThenMarkedInSilence) {
  auto const store = hold();
  EXPECT_FALSE(store.was_unmarked());
  EXPECT_EQ(ask("SELECT count(*) FROM audit"), "0");
  EXPECT_EQ(bytes_of(mark()), "dirsyncd-mark-1\n0\n0\n" + kNoHash + "\n");
  struct stat status {};
  ASSERT_EQ(::stat(mark().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(GivenMarkedFolder, WhenARunEndsThenTheMarkNamesItAndTheHeadOfTheTrail) {
  auto store = hold();
  end(store, begin(store));
  auto const head = store.chain_head().value();
  EXPECT_EQ(bytes_of(mark()), "dirsyncd-mark-1\n1\n1\n" + head.hash + "\n");
  EXPECT_FALSE(fs::exists(folder.path() / "mark.new"));
}

TEST_F(GivenMarkedFolder, WhenOpenedAgainThenUsed) {
  run_once();
  run_once();
  auto const store = hold();
  EXPECT_FALSE(store.was_unmarked());
  EXPECT_TRUE(try_open());
  EXPECT_TRUE(try_open(Options::Mode::read_only));
}

TEST_F(GivenMarkedFolder, WhenAnOlderCopyIsPutBackThenRefusedWithTheNumbersOfBoth) {
  run_once();
  keep_copy();
  run_once();
  put_copy_back();
  expect_behind("ends with run 1 and audit row 1, but " + mark().string() +
                " says that it had come to run 2 and audit row 2");
}

TEST_F(GivenMarkedFolder, WhenTheProcessWasKilledAfterACallThenACopyFromBeforeTheRunIsRefused) {
  run_once();
  keep_copy();
  {
    auto store = hold();
    auto const run = begin(store);
    Change change;
    change.target = "vault";
    ASSERT_TRUE(store.intend(run, PlanDigest{"p"}, "daemon", {&change, 1}));
  }
  ASSERT_TRUE(try_hold());
  put_copy_back();
  expect_behind("ends with run 1 and audit row 1");
}

TEST_F(GivenMarkedFolder, WhenTheStoreIsGoneThenNotMadeAnew) {
  run_once();
  for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"})
    fs::remove(folder.path() / name);
  expect_behind("is not there or is empty");
  EXPECT_FALSE(fs::exists(file()));
  write_file("");
  expect_behind("the store is lost");
}

TEST_F(GivenMarkedFolder, WhenAnotherStoreOfTheSameLengthIsPutThereThenRefused) {
  run_once();
  TempFolder const other;
  auto const elsewhere = StateFolder::open(other.path()).value();
  {
    auto store = Store::open({.folder = elsewhere, .clock = clock}).value();
    for (auto run = 0; run < 3; ++run) end(store, begin(store));
  }
  copy_store(other.path(), folder.path());
  expect_behind("audit row 1 is not the one that " + mark().string() + " names");
}

TEST_F(GivenMarkedFolder, WhenTheMarkIsOlderThanTheStoreThenFine) {
  run_once();
  auto const older = bytes_of(mark());
  run_once();
  std::ofstream{mark()} << older;
  EXPECT_TRUE(try_open(Options::Mode::read_only));
  EXPECT_FALSE(hold().was_unmarked());
}

TEST_F(GivenMarkedFolder, WhenThereIsNoMarkThenANewOneWithARowThatSaysSo) {
  run_once();
  keep_copy();
  run_once();
  put_copy_back();
  fs::remove(mark());
  EXPECT_TRUE(try_open());
  EXPECT_TRUE(try_open(Options::Mode::read_only));
  EXPECT_FALSE(fs::exists(mark()));  // written under the lock alone
  {
    auto const store = hold();
    EXPECT_TRUE(store.was_unmarked());
  }
  EXPECT_EQ(ask("SELECT phase || ' ' || result || ' ' || actor FROM audit WHERE sequence = 2"),
            "store unmarked jane");
  EXPECT_FALSE(hold().was_unmarked());
  EXPECT_EQ(ask("SELECT count(*) FROM audit"), "2");
}

TEST_F(GivenMarkedFolder, WhenTheMarkCannotBeUnderstoodThenRefused) {
  run_once();
  for (auto const& content :
       {std::string{}, std::string{"dirsyncd-mark-2\n1\n1\n"} + kNoHash + "\n",
        std::string{"dirsyncd-mark-1\n1\n-1\n"} + kNoHash + "\n", bytes_of(mark()) + "x"}) {
    std::ofstream{mark()} << content;
    expect_behind("cannot be understood");
  }
}

TEST_F(GivenMarkedFolder, WhenOnlyExaminedThenShownWithWhatIsWrong) {
  run_once();
  keep_copy();
  run_once();
  put_copy_back();
  auto store = Store::open(
      {.folder = state_folder(), .mode = Options::Mode::read_only, .clock = clock, .examine = true});
  ASSERT_TRUE(store) << text(store.error());
  ASSERT_TRUE(store->went_back());
  EXPECT_EQ(store->went_back()->code, StoreErrc::behind);
  EXPECT_EQ(store->runs(5).value().size(), 1U);
}

}  // namespace
}  // namespace dirsync::store
