#include <unistd.h>

#include "store/instance_lock.hpp"
#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {

using GivenStateFolder = GivenFolder;

TEST_F(GivenStateFolder, WhenLockIsFreeThenHeldWithOurProcessId) {
  auto const lock = InstanceLock::acquire(state_folder());
  ASSERT_TRUE(lock) << text(lock.error());
  EXPECT_EQ(bytes_of(folder.path() / "dirsyncd.lock"), std::to_string(::getpid()) + "\n");
}

TEST_F(GivenStateFolder, WhenLockIsMovedThenStillHeldUntilItsEnd) {
  {
    auto lock = InstanceLock::acquire(state_folder());
    auto const moved = *std::move(lock);
    EXPECT_ERROR(InstanceLock::acquire(state_folder()), StoreErrc::locked);
  }
  EXPECT_TRUE(InstanceLock::acquire(state_folder()));
}

TEST_F(GivenStateFolder, WhenAnotherProcessHoldsTheLockThenItIsNamedUntilItIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  Child holder{[this, &ready] {
    auto const lock = InstanceLock::acquire(state_folder());
    if (!lock || ::write(ready[1], "x", 1) != 1) return 1;
    for (;;) ::pause();
  }};
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);

  auto const refused = InstanceLock::acquire(state_folder());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrc::locked);
  EXPECT_EQ(refused.error().code, Failure::transient);
  EXPECT_NE(refused.error().context.find("process " + std::to_string(holder.pid())), std::string::npos);

  holder.kill_now();
  EXPECT_EQ(holder.wait(), -SIGKILL);
  EXPECT_TRUE(InstanceLock::acquire(state_folder()));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace dirsync::store
