// The file of the control socket: where it can stand, and who may use it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/system/service_at_rest.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using boost::asio::local::stream_protocol;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(GivenAServiceAtRest, WhenTheSocketIsMadeThenOnlyAccountAndGroupMayUseItAndItGoesWithTheService) {
  struct stat made {};
  ASSERT_EQ(::stat(socket().c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0660U);
  EXPECT_EQ(made.st_gid, ::getegid());
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_FALSE(fs::exists(socket()));
}

/// Each in the place where the socket should be.
class GivenNoPlaceForASocket : public GivenAServiceAtRest {
 protected:
  void SetUp() override { World::SetUp(); }
  Finished service_with(std::string const& path) {
    configuration.service_keys = "control_socket = \"" + path + "\"\n";
    configure();
    return run({"run"}, {{"NOTIFY_SOCKET", ""}});
  }
};

TEST_F(GivenNoPlaceForASocket, WhenThePathWasGivenThenTheServiceEndsAndSaysWhy) {
  std::ofstream{folder_.path() / "file"} << "text\n";
  auto const file = service_with(folder_.path() / "file");
  EXPECT_EQ(file.exit, 2);
  EXPECT_THAT(file.err, HasSubstr("something else than a socket stands there"));
  EXPECT_EQ(content_of(folder_.path() / "file"), "text\n");
  auto const missing = service_with(folder_.path() / "none/control.sock");
  EXPECT_EQ(missing.exit, 2);
  stream_protocol::acceptor const live{io_, {(folder_.path() / "live").string()}};
  auto const taken = service_with(folder_.path() / "live");
  EXPECT_EQ(taken.exit, 2);
  EXPECT_THAT(taken.err, HasSubstr("another process answers there"));
}

TEST_F(GivenNoPlaceForASocket, WhenItIsTheDefaultThenTheServiceGoesOnWithout) {
  fs::create_directories(socket());
  fs::permissions(folder_.path() / "state", fs::perms::owner_all);
  start_service();
  EXPECT_TRUE(says("event=no_control_socket"));
  ASSERT_TRUE(says("event=run_finished"));
  auto const refused = run({"sync"});
  EXPECT_EQ(refused.exit, 7);
  EXPECT_THAT(refused.err, HasSubstr("no service answers on its control socket"));
  EXPECT_EQ(stop_service().exit, 0);
}

/// It takes a request and is gone, as one is that is restarted at that moment.
class GivenAServiceThatPartsInTheMiddle : public GivenAServiceAtRest {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    listening_.emplace(io_, stream_protocol::endpoint{socket().string()});
  }
  Finished run_and_part(std::vector<std::string> words) {
    auto command = start(std::move(words));
    {
      auto peer = listening_->accept();
      char first[1];
      peer.read_some(boost::asio::buffer(first));
    }
    return command->wait();
  }
  std::optional<stream_protocol::acceptor> listening_;
};

TEST_F(GivenAServiceThatPartsInTheMiddle, WhenOnlyTheStatusWasAskedForThenTheCommandLooksByItself) {
  auto const looked = run_and_part({"status"});
  EXPECT_EQ(looked.exit, 0) << looked.err;
  EXPECT_THAT(looked.out, testing::AllOf(HasSubstr("TARGET"), HasSubstr("no instance running")));
}

TEST_F(GivenAServiceThatPartsInTheMiddle, WhenSomethingWasToBeDoneThenTheCommandDoesNotDoItAgain) {
  join("u23", "team-b");
  forget_calls();
  for (auto const& words : std::vector<std::vector<std::string>>{{"sync"}, {"approve", "aaaaaaaa"}}) {
    auto const ended = run_and_part(words);
    EXPECT_EQ(ended.exit, 1) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr("the service ended"));
  }
  EXPECT_EQ(writes(), 0);
}

/// Members of the group have no access to anything but the configuration and the socket.
class GivenAnotherAccount : public GivenAServiceAtRest {
 protected:
  static constexpr int kOther = 65533;
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be another account";
    fs::permissions(folder_.path(), fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
    configuration.service_keys = "control_socket = \"" + (folder_.path() / "control.sock").string() + "\"\n";
    World::SetUp();
    fs::permissions(config_file(), fs::perms::group_read, fs::perm_options::add);
    start_service();
    ASSERT_TRUE(says("event=run_finished"));
  }
  Finished run_as_other(std::string const& group, std::vector<std::string> words) {
    std::vector<std::string> all{"setpriv",
                                 "--reuid=" + std::to_string(kOther),
                                 "--regid=" + group,
                                 "--clear-groups",
                                 binary().string(),
                                 "--config",
                                 config_file().string()};
    all.insert(all.end(), words.begin(), words.end());
    Process process{std::move(all), folder_.path(), "other" + std::to_string(++others_)};
    return process.wait();
  }
  static fs::path binary() { return fs::path{DIRSYNC_BIN_DIR} / "dirsyncd"; }

 private:
  int others_ = 0;
};

TEST_F(GivenAnotherAccount, WhenItIsInTheGroupThenTheSocketIsAllItNeeds) {
  auto const group = std::to_string(::getegid());
  join("u23", "team-b");
  EXPECT_EQ(run_as_other(group, {"status"}).exit, 0);
  auto const synced = run_as_other(group, {"sync"});
  EXPECT_EQ(synced.exit, 0) << synced.err;
  expect_in_sync();
  auto const rows = audit({"--user", "u23"});
  ASSERT_FALSE(rows.empty());
  EXPECT_THAT(text_at(rows.back(), "actor"), StartsWith("uid:" + std::to_string(kOther)));
  auto const stranger = run_as_other("65532", {"status"});
  EXPECT_EQ(stranger.exit, 2) << stranger.out;
  EXPECT_THAT(stranger.out, Not(HasSubstr("TARGET")));
}

}  // namespace
}  // namespace dirsync::test
