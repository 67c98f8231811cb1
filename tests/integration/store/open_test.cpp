#include <sys/stat.h>

#include <array>

#include "store/schema.hpp"
#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;
constexpr auto kReadOnly = Options::Mode::read_only;

mode_t mode_of(fs::path const& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

using GivenStateFolder = GivenFolder;

TEST_F(GivenStateFolder, WhenOpenedFirstThenCreatedForTheOwnerAlone) {
  auto const before = ::umask(0);
  auto store = open();
  ASSERT_TRUE(store.begin_run({}));
  ::umask(before);
  EXPECT_EQ(mode_of(file()), 0600U);
  EXPECT_EQ(mode_of(file().string() + "-wal"), 0600U);
  EXPECT_EQ(ask("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask("PRAGMA application_id"), std::to_string(kApplicationId));
  EXPECT_EQ(ask("PRAGMA user_version"), std::to_string(migrations().back().version));
}

TEST_F(GivenStateFolder, WhenOpenedAgainThenStateIsThere) {
  ASSERT_TRUE(open().remember_rule("r", {"s"}));
  EXPECT_EQ(open().rule_memory("r").value()->settings, "s");
}

TEST_F(GivenStateFolder, WhenFileIsOpenToOthersThenMadePrivate) {
  open();
  ::chmod(file().c_str(), 0644);
  open();
  EXPECT_EQ(mode_of(file()), 0600U);
}

TEST_F(GivenStateFolder, WhenFileIsEmptyThenFilled) {
  write_file("");
  ASSERT_TRUE(open().begin_run({}));
}

TEST_F(GivenStateFolder, WhenItsMakerWasKilledThenFilledAllTheSame) {
  write_file("");
  Child maker{[this] {
    SQLite::Database half{file(), SQLite::OPEN_READWRITE, 5000};
    // With a cache of one page the file has what its journal must take back.
    half.exec(
        "PRAGMA cache_size = 1; BEGIN; CREATE TABLE t (x); WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL "
        "SELECT i + "
        "1 FROM n WHERE i < 100) INSERT INTO t SELECT zeroblob(4000) FROM n;");
    ::kill(::getpid(), SIGKILL);
    return 0;
  }};
  EXPECT_EQ(maker.wait(), -SIGKILL);
  ASSERT_TRUE(fs::exists(file().string() + "-journal"));
  EXPECT_FALSE(try_open(kReadOnly));
  ASSERT_TRUE(open().begin_run({}));
  EXPECT_FALSE(fs::exists(file().string() + "-journal"));
}

TEST_F(GivenStateFolder, WhenFileIsOfVersionZeroThenMigrated) {
  write_file("");
  sql("CREATE TABLE t (x); DROP TABLE t;");
  ASSERT_EQ(ask("PRAGMA user_version"), "0");
  ASSERT_TRUE(open().begin_run({}));
  EXPECT_EQ(ask("PRAGMA user_version"), std::to_string(migrations().back().version));
}

TEST_F(GivenStateFolder, WhenOpenedInAMissingFolderThenRefusedWithRemedy) {
  auto const none = StateFolder::open(folder.path() / "none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, StoreErrc::unwritable);
  EXPECT_NE(none.error().context.find("none: cannot be entered"), std::string::npos);
  EXPECT_NE(none.error().context.find("Create the folder"), std::string::npos);
}

TEST_F(GivenStateFolder, WhenOpenedForReadingThenNothingIsCreated) {
  EXPECT_ERROR(try_open(kReadOnly), StoreErrc::missing);
  EXPECT_TRUE(fs::is_empty(folder.path()));
  write_file("");
  EXPECT_ERROR(try_open(kReadOnly), StoreErrc::missing);
  EXPECT_EQ(bytes_of(file()), "");
}

TEST_F(GivenStateFolder, WhenOpenForReadingThenEveryWriteIsRefused) {
  open();
  auto store = open(kReadOnly);
  EXPECT_ERROR(store.begin_run({}), StoreErrc::read_only);
  EXPECT_ERROR(store.append({}), StoreErrc::read_only);
  EXPECT_ERROR(store.decide_plan({.digest = PlanDigest{"x"}, .actor = "me", .time = Time{}}),
               StoreErrc::read_only);
}

TEST_F(GivenStateFolder, WhenManyProcessesOpenItFirstThenAllSucceed) {
  std::vector<std::unique_ptr<Child>> children;
  for (int n = 0; n < 6; ++n)
    children.push_back(std::make_unique<Child>([this] {
      auto store = try_open();
      auto const run = store ? store->begin_run({}) : Result<RunId>{store.error()};
      if (!run) std::fprintf(stderr, "%s\n", text(run.error()).c_str());
      return run ? 0 : 1;
    }));
  for (auto const& child : children) EXPECT_EQ(child->wait(), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM run"), "6");
}

struct GivenFileOfSomebodyElse : GivenFolder {
  void expect_refused_unchanged(StoreErrc expected) const {
    auto const before = bytes_of(file());
    for (auto const mode : {Options::Mode::read_write, kReadOnly}) {
      auto const store = try_open(mode);
      ASSERT_FALSE(store);
      EXPECT_EQ(store.error().code, expected) << text(store.error());
      EXPECT_NE(store.error().context.find(file().string()), std::string::npos);
      EXPECT_TRUE(bytes_of(file()) == before);
    }
  }
};

TEST_F(GivenFileOfSomebodyElse, WhenNewerThenRefusedUnchanged) {
  open();
  sql("PRAGMA user_version = 99");
  expect_refused_unchanged(StoreErrc::newer);
}

TEST_F(GivenFileOfSomebodyElse, WhenGarbageThenRefusedUnchanged) {
  write_file(std::string(20'000, 'g'));
  expect_refused_unchanged(StoreErrc::corrupt);
}

TEST_F(GivenFileOfSomebodyElse, WhenCutShortThenRefusedUnchanged) {
  open();
  write_file(bytes_of(file()).substr(0, 5000));
  expect_refused_unchanged(StoreErrc::corrupt);
}

TEST_F(GivenFileOfSomebodyElse, WhenOfAnotherProgramThenRefusedUnchanged) {
  write_file("");
  sql("CREATE TABLE bookmarks (url TEXT)");
  expect_refused_unchanged(StoreErrc::foreign);
}

TEST_F(GivenStateFolder, WhenOnePageIsDamagedThenNotOpenedForWriting) {
  {
    auto store = open();
    for (int n = 0; n < 200; ++n) ASSERT_TRUE(store.begin_run({{}, std::string(200, 't'), "a", "c"}));
  }
  auto bytes = bytes_of(file());
  bytes.replace(bytes.size() - 4096, 4096, std::string(4096, '\xff'));
  write_file(bytes);
  EXPECT_ERROR(try_open(), StoreErrc::corrupt);
  EXPECT_TRUE(bytes_of(file()) == bytes);
}

/// Tests run as root in containers, and root may write everywhere.
struct GivenReadOnlyFolder : GivenFolder {
  ~GivenReadOnlyFolder() override { ::chmod(folder.path().c_str(), 0700); }
  static constexpr uid_t kNobody = 65534;
  void close_folder() const {
    if (::geteuid() == 0) {
      for (auto const& entry : fs::directory_iterator{folder.path()})
        ASSERT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
      ASSERT_EQ(::chown(folder.path().c_str(), kNobody, kNobody), 0);
    }
    ASSERT_EQ(::chmod(folder.path().c_str(), 0500), 0);
  }
  /// What opening gives to an account that owns the folder but may not write to it: 0, or the error's value.
  int open_as_nobody(Options::Mode mode) const {
    Child child{[this, mode] {
      if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 126;
      auto store = try_open(mode);
      if (!store) return store.error().code.value();
      auto const report = store->verify_chain();
      return report && !report->fault && report->count == 1 ? 0 : 124;
    }};
    return child.wait();
  }
};

TEST_F(GivenReadOnlyFolder, WhenThereIsNoFileThenNotCreated) {
  close_folder();
  EXPECT_EQ(open_as_nobody(Options::Mode::read_write), static_cast<int>(StoreErrc::unwritable));
}

TEST_F(GivenReadOnlyFolder, WhenFileIsThereThenReadableButNotWritable) {
  ASSERT_TRUE(open().append({}));
  ASSERT_FALSE(fs::exists(file().string() + "-wal"));
  auto const before = bytes_of(file());
  close_folder();
  EXPECT_EQ(open_as_nobody(Options::Mode::read_write), static_cast<int>(StoreErrc::unwritable));
  EXPECT_EQ(open_as_nobody(kReadOnly), 0);
  EXPECT_TRUE(bytes_of(file()) == before);
}

TEST_F(GivenReadOnlyFolder, WhenTheFileAloneMayNotBeWrittenThenRefused) {
  ASSERT_TRUE(open().append({}));
  close_folder();
  ASSERT_EQ(::chmod(folder.path().c_str(), 0700), 0);
  ASSERT_EQ(::chmod(file().c_str(), 0400), 0);
  Child child{[this] {
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 126;
    auto const lock = InstanceLock::acquire(state_folder());
    if (!lock) return 123;
    auto const store = Store::open({.folder = state_folder(), .clock = clock, .lock = &*lock});
    return store ? 124 : store.error().code.value();
  }};
  EXPECT_EQ(child.wait(), static_cast<int>(StoreErrc::unwritable));
}

struct GivenMigrations : GivenFolder {
  GivenMigrations() { write_file(""); }
  Database database() const { return Database::open(state_folder(), Database::Access::read_write).value(); }
};

TEST_F(GivenMigrations, WhenRunInTwoReleasesThenEachStepRunsOnce) {
  constexpr std::array<Migration, 2> kSteps{
      {{1, "CREATE TABLE a (x); INSERT INTO a VALUES (1);"},
       {2, "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (2, 2);"}}};
  auto file_database = database();
  ASSERT_TRUE(migrate(file_database, std::span{kSteps}.first(1)));
  EXPECT_EQ(inspect(file_database, std::span{kSteps}.first(1)).value(), 1);
  ASSERT_TRUE(migrate(file_database, kSteps));
  ASSERT_TRUE(migrate(file_database, kSteps));
  EXPECT_EQ(inspect(file_database, kSteps).value(), 2);
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "2");
  EXPECT_ERROR(inspect(file_database, std::span{kSteps}.first(1)), StoreErrc::newer);
}

TEST_F(GivenMigrations, WhenStepFailsThenNothingIsChanged) {
  constexpr std::array<Migration, 2> kSteps{
      {{1, "CREATE TABLE a (x)"}, {2, "CREATE TABLE b (x); CREATE TABLE a (x)"}}};
  auto file_database = database();
  EXPECT_FALSE(migrate(file_database, kSteps));
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema"), "0");
  EXPECT_EQ(ask("PRAGMA user_version"), "0");
  ASSERT_TRUE(migrate(file_database, std::span{kSteps}.first(1)));
}

}  // namespace
}  // namespace dirsync::store
