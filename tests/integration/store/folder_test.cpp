// What stands at the names of the state folder's files is not taken on trust: whoever runs dirsyncd as root
// must not be made to write, or to truncate, a file that somebody else chose.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <sched.h>

#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr char kPrecious[] = "not to be touched";
constexpr uid_t kNobody = 65534;

/// One of the names that dirsyncd opens or lets SQLite open.
class GivenAStrangeFile : public GivenFolder, public testing::WithParamInterface<char const*> {
 protected:
  fs::path place() const { return folder.path() / GetParam(); }
  bool is_lock() const { return std::string_view{GetParam()} == "dirsyncd.lock"; }
  /// Neither a command that writes nor, but for the lock, one that reads goes on.
  void expect_untrusted(std::string const& why) const {
    auto const said = AllOf(HasSubstr(place().string()), HasSubstr(why));
    if (is_lock()) {
      auto const lock = InstanceLock::acquire(state_folder());
      ASSERT_FALSE(lock);
      EXPECT_EQ(lock.error().code, StoreErrc::untrusted);
      EXPECT_THAT(lock.error().context, said);
      EXPECT_FALSE(InstanceLock::holder(state_folder()));
      return;
    }
    for (auto const mode : {Options::Mode::read_write, Options::Mode::read_only}) {
      auto const store = try_open(mode);
      ASSERT_FALSE(store);
      EXPECT_EQ(store.error().code, StoreErrc::untrusted);
      EXPECT_THAT(store.error().context, said);
    }
  }
};

TEST_P(GivenAStrangeFile, WhenItIsALinkThenNotFollowedAndItsEndUntouched) {
  TempFolder const elsewhere;
  auto const victim = elsewhere.path() / "victim";
  std::ofstream{victim} << kPrecious;
  fs::create_symlink(victim, place());
  expect_untrusted("is a link");
  EXPECT_EQ(bytes_of(victim), kPrecious);
}

TEST_P(GivenAStrangeFile, WhenItIsALinkToNothingThenNothingIsMade) {
  TempFolder const elsewhere;
  fs::create_symlink(elsewhere.path() / "victim", place());
  expect_untrusted("is a link");
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST_P(GivenAStrangeFile, WhenItIsAPipeThenRefusedAndNotWaitedFor) {
  ASSERT_EQ(::mkfifo(place().c_str(), 0600), 0);
  expect_untrusted("no regular file");
}

TEST_P(GivenAStrangeFile, WhenItIsAFolderThenRefused) {
  fs::create_directory(place());
  expect_untrusted("no regular file");
}

TEST_P(GivenAStrangeFile, WhenItBelongsToSomebodyElseThenBothAccountsAndTheRemedyAreNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give a file away";
  std::ofstream{place()} << kPrecious;
  ASSERT_EQ(::chown(place().c_str(), kNobody, kNobody), 0);
  expect_untrusted("belongs to uid 65534");
  expect_untrusted("but the folder to uid 0");
  expect_untrusted("chown 0 " + place().string());
  EXPECT_EQ(bytes_of(place()), kPrecious);
}

INSTANTIATE_TEST_SUITE_P(Names, GivenAStrangeFile,
                         testing::Values("dirsyncd.lock", "dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm",
                                         "dirsyncd.db-journal", "mark", "mark.new", "audit.key",
                                         "audit.key.new"),
                         [](auto const& tested) {
                           std::string name;
                           for (auto const c : std::string_view{tested.param})
                             if (std::isalnum(static_cast<unsigned char>(c)) != 0) name.push_back(c);
                           return name;
                         });

using GivenStateFolder = GivenFolder;

TEST_F(GivenStateFolder, WhenTheFolderIsReachedThroughALinkThenUsed) {
  TempFolder const elsewhere;
  fs::create_directory_symlink(folder.path(), elsewhere.path() / "state");
  auto const state = StateFolder::open(elsewhere.path() / "state").value();
  ASSERT_TRUE(Store::open({state})->begin_run({}));
  EXPECT_TRUE(fs::exists(file()));
}

/// As systemd keeps the state of a service with DynamicUser=yes.
TEST_F(GivenStateFolder, WhenAFolderAboveMayNotBeEnteredThenStillUsedOnceOpen) {
  auto const above = folder.path() / "private";
  auto const below = above / "dirsyncd";
  fs::create_directories(below);
  Child child{[&above, &below, this] {
    if (::geteuid() == 0 && ::chown(below.c_str(), kNobody, kNobody) != 0) return 126;
    auto const state = StateFolder::open(below).value();
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 127;
    if (::getuid() != kNobody && ::chmod(above.c_str(), 0) != 0) return 128;
    auto const lock = InstanceLock::acquire(state);
    if (!lock) return lock.error().code.value();
    auto store = Store::open({state, Options::Mode::read_write, clock, &*lock});
    if (!store) return store.error().code.value();
    if (!store->begin_run({}) || !Store::open({state, Options::Mode::read_only, clock})) return 124;
    return ::access((below / "dirsyncd.db").c_str(), F_OK) == 0 ? 123 : 0;
  }};
  EXPECT_EQ(child.wait(), 0);
  fs::permissions(above, fs::perms::owner_all);
}

TEST_F(GivenStateFolder, WhenAnotherHoldsTheLockThenTheFileIsNeitherMadeNorMigrated) {
  auto const lock = InstanceLock::acquire(state_folder()).value();
  EXPECT_ERROR(try_open(), StoreErrc::locked);
  EXPECT_FALSE(fs::exists(file()));
  ASSERT_TRUE(Store::open({state_folder(), Options::Mode::read_write, clock, &lock})->begin_run({}));
  EXPECT_TRUE(open().begin_run({})) << "a file in order needs no lock";
  sql("PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE);");
  EXPECT_ERROR(try_open(), StoreErrc::locked);
  EXPECT_EQ(ask("PRAGMA user_version"), "1");
}

TEST_F(GivenStateFolder, WhenTheFileWasMadeThenTheLockIsFreeAgain) {
  auto const store = open();
  EXPECT_TRUE(InstanceLock::acquire(state_folder()));
}

/// A file system with no room: a small tmpfs where this process may mount one, else the limit of a file's
/// size.
void leave_no_room(fs::path const& folder) {
  if (::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=32k,mode=0700") == 0)
    return;
  ::signal(SIGXFSZ, SIG_IGN);
  constexpr rlimit kLimit{16384, 16384};
  ::setrlimit(RLIMIT_FSIZE, &kLimit);
}

TEST_F(GivenStateFolder, WhenTheDiskIsFullThenToldAsFullAndWorthAnotherTry) {
  Child child{[this] {
    leave_no_room(folder.path());
    auto const store = try_open();
    if (store) return 124;
    return store.error().code == Failure::transient ? store.error().code.value() : 123;
  }};
  EXPECT_EQ(child.wait(), static_cast<int>(StoreErrc::full));
}

}  // namespace
}  // namespace dirsync::store
