#include <unistd.h>

#include "store/instance_lock.hpp"
#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {

using GivenStateFolder = StateFolder;

TEST_F(GivenStateFolder, WhenLockIsFreeThenHeldWithOurProcessId) {
  auto const lock = InstanceLock::acquire(folder.path());
  ASSERT_TRUE(lock) << text(lock.error());
  EXPECT_EQ(bytes_of(folder.path() / "dirsyncd.lock"), std::to_string(::getpid()) + "\n");
}

TEST_F(GivenStateFolder, WhenLockIsMovedThenStillHeldUntilItsEnd) {
  {
    auto lock = InstanceLock::acquire(folder.path());
    auto const moved = *std::move(lock);
    EXPECT_ERROR(InstanceLock::acquire(folder.path()), StoreErrc::locked);
  }
  EXPECT_TRUE(InstanceLock::acquire(folder.path()));
}

TEST_F(GivenStateFolder, WhenLockedInAMissingFolderThenRefusedWithItsPath) {
  auto const lock = InstanceLock::acquire(folder.path() / "none");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, StoreErrc::unwritable);
  EXPECT_NE(lock.error().context.find("none/dirsyncd.lock"), std::string::npos);
}

TEST_F(GivenStateFolder, WhenAnotherProcessHoldsTheLockThenItIsNamedUntilItIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  Child holder{[this, &ready] {
    auto const lock = InstanceLock::acquire(folder.path());
    if (!lock || ::write(ready[1], "x", 1) != 1) return 1;
    for (;;) ::pause();
  }};
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);

  auto const refused = InstanceLock::acquire(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrc::locked);
  EXPECT_EQ(refused.error().code, Failure::transient);
  EXPECT_NE(refused.error().context.find("process " + std::to_string(holder.pid())), std::string::npos);

  holder.kill_now();
  EXPECT_EQ(holder.wait(), -SIGKILL);
  EXPECT_TRUE(InstanceLock::acquire(folder.path()));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace dirsync::store
