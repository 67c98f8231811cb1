// The memory of the program holds passwords and tokens.
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
using testing::HasSubstr;

/// Root may look into everything; without its rights it is an account like any other.
std::vector<std::string> as_any_account(std::vector<std::string> words) {
  if (::geteuid() == 0) {
    auto const without_rights = {"setpriv", "--bounding-set", "-all"};
    words.insert(words.begin(), without_rights.begin(), without_rights.end());
  }
  return words;
}

class GivenAServiceThatHoldsSecrets : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    service_.emplace(as_any_account({DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file(), "run"}),
                     folder_.path(), "service", Environment{{"NOTIFY_SOCKET", ""}});
    ASSERT_TRUE(eventually([this] {
      return service_->err().find("event=service_started") != std::string::npos;
    })) << service_->err();
  }
  /// A part of its memory, as a process of the same account sees it.
  Finished look_into(Process const& process) {
    auto const file = "/proc/" + std::to_string(process.pid()) + "/environ";
    return Process{as_any_account({"cat", file}), folder_.path(), "cat"}.wait();
  }
  std::optional<Process> service_;
};

TEST_F(GivenAServiceThatHoldsSecrets, WhenItsOwnAccountLooksIntoItsMemoryThenItIsRefused) {
  Process const open{as_any_account({"sleep", "600"}), folder_.path(), "sleep"};
  EXPECT_TRUE(eventually([this, &open] { return look_into(open).exit == 0; })) << "any other process is open";
  auto const looked = look_into(*service_);
  EXPECT_NE(looked.exit, 0) << looked.out;
  EXPECT_THAT(looked.err, HasSubstr("denied"));
  service_->send_signal(SIGTERM);
  EXPECT_EQ(service_->wait().exit, 0);
}

}  // namespace
}  // namespace dirsync::test
