// What a run leaves behind in the Vault: no session, and no refused logons.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
using testing::HasSubstr;

class VaultSession : public World {
 protected:
  VaultSession() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  std::int64_t counter(std::string const& name) const {
    return vault_->get("counters").at(name).to_number<std::int64_t>();
  }
  std::int64_t calls(std::string const& route) const {
    auto const counters = vault_->get("counters");
    auto const* const count = counters.at("by_route").as_object().if_contains(route);
    return count == nullptr ? 0 : count->to_number<std::int64_t>();
  }
  void expect_logged_off() const {
    EXPECT_GE(counter("most_sessions"), 1);
    EXPECT_EQ(counter("live_sessions"), 0);
  }
  /// The service, until its first addition has reached the Vault, which takes its time for the answer.
  std::unique_ptr<Process> service_in_mid_write() {
    vault_->replace_faults(R"([{"route":"add-member","delay_ms":500,"count":0}])");
    auto service = start({"run"}, {{"NOTIFY_SOCKET", ""}});
    EXPECT_TRUE(eventually([this] { return calls("add-member") > 0; })) << service->err();
    return service;
  }
};

TEST_F(VaultSession, WhenARunIsDoneThenLoggedOff) {
  EXPECT_EQ(run({"sync"}).exit, 0);
  expect_logged_off();
}
TEST_F(VaultSession, WhenAReadFailsThenLoggedOff) {
  vault_->replace_faults(R"([{"route":"list-groups","status":500,"count":0}])");
  EXPECT_EQ(run({"sync"}).exit, 5);
  expect_logged_off();
}
TEST_F(VaultSession, WhenWritesFailThenLoggedOff) {
  vault_->replace_faults(
      R"([{"route":"add-member","status":400,"body":{"ErrorCode":"PASWS167E"},"count":0}])");
  EXPECT_EQ(run({"sync"}).exit, 6);
  expect_logged_off();
}
TEST_F(VaultSession, WhenTheServiceIsStoppedInMidWriteThenLoggedOff) {
  auto const service = service_in_mid_write();
  service->send_signal(SIGTERM);
  EXPECT_EQ(service->wait().exit, 0);
  expect_logged_off();
}
TEST_F(VaultSession, WhenARunIsStoppedInMidReadThenLoggedOff) {
  vault_->replace_faults(R"([{"route":"list-users","delay_ms":500,"count":0}])");
  auto const sync = start({"sync"});
  ASSERT_TRUE(eventually([this] { return calls("list-users") > 0; }));
  sync->send_signal(SIGTERM);
  sync->wait();
  expect_logged_off();
}
TEST_F(VaultSession, WhenThePasswordIsWrongThenTheServiceTriesItOnce) {
  std::ofstream{configuration.vault_password_file} << "wrong\n";
  configuration.more = "[schedule]\ninterval = \"1s\"\njitter = \"0s\"\nwatch = false\n";
  configure();
  auto const service = start({"run"}, {{"NOTIFY_SOCKET", ""}});
  auto const cycles = [&service] {
    auto const log = service->err();
    std::size_t count = 0;
    for (auto at = log.find("event=run_finished"); at != log.npos;
         at = log.find("event=run_finished", at + 1))
      ++count;
    return count;
  };
  ASSERT_TRUE(eventually([&cycles] { return cycles() >= 3; })) << service->err();
  service->send_signal(SIGTERM);
  auto const finished = service->wait();
  EXPECT_EQ(calls("logon"), 1);
  EXPECT_THAT(finished.err, HasSubstr("does not try again"));
  EXPECT_EQ(finished.err.find("wrong"), std::string::npos);
}

}  // namespace
}  // namespace dirsync::test
