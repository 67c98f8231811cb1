// The control socket: as commands use it, and as anybody with an HTTP client may.
#include <gmock/gmock.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
using asio::local::stream_protocol;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A service that has made its first run; the next of its own is an hour away.
class GivenAServiceAtRest : public World {
 protected:
  GivenAServiceAtRest() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = false\n";
  }
  void SetUp() override {
    World::SetUp();
    start_service();
    ASSERT_TRUE(says("event=run_finished")) << service_->err();
    ASSERT_TRUE(fs::is_socket(socket())) << service_->err();
  }
  fs::path socket() const { return folder_.path() / "state/control.sock"; }
  void start_service() { service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}}); }
  bool says(std::string_view part) const {
    return eventually([this, part] { return service_->err().find(part) != std::string::npos; });
  }
  Finished stop_service() {
    service_->send_signal(SIGTERM);
    return service_->wait();
  }
  stream_protocol::socket connect() {
    stream_protocol::socket peer{io_};
    peer.connect({socket().string()});
    return peer;
  }
  static void say(stream_protocol::socket& peer, std::string const& text) {
    boost::system::error_code gone;
    asio::write(peer, asio::buffer(text), gone);
  }
  static std::string rest_of(stream_protocol::socket& peer) {
    std::string answer;
    boost::system::error_code ended;
    asio::read(peer, asio::dynamic_buffer(answer), ended);
    return answer;
  }
  std::string answer_to(std::string const& request) {
    auto peer = connect();
    say(peer, request);
    return rest_of(peer);
  }
  std::string get(std::string const& target, std::string const& headers = "") {
    return answer_to("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
  }
  static std::string posting(std::string const& target, std::string const& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  std::string post(std::string const& target, std::string const& body) {
    return answer_to(posting(target, body));
  }
  static std::string body_of(std::string const& answer) {
    auto const head = answer.find("\r\n\r\n");
    return head == std::string::npos ? std::string{} : answer.substr(head + 4);
  }
  std::string me() const {
    auto const* const entry = ::getpwuid(::getuid());
    return "uid:" + std::to_string(::getuid()) + (entry ? " (" + std::string{entry->pw_name} + ")" : "");
  }
  std::size_t runs() {
    return document(run({"runs", "--json", "--limit", "500"})).as_object().at("runs").as_array().size();
  }

  asio::io_context io_;
  std::unique_ptr<Process> service_;
};

TEST_F(GivenAServiceAtRest, WhenTheSocketIsMadeThenOnlyAccountAndGroupMayUseItAndItGoesWithTheService) {
  struct stat made {};
  ASSERT_EQ(::stat(socket().c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0660U);
  EXPECT_EQ(made.st_gid, ::getegid());
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_FALSE(fs::exists(socket()));
}

TEST_F(GivenAServiceAtRest, WhenStatusIsAskedForThenItIsTheSameWithAndWithoutTheService) {
  auto const answer = get("/v1/status");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Type: application/json"),
                            HasSubstr("dirsyncd-exit: 0")));
  auto const by_command = run({"status", "--json"});
  EXPECT_EQ(by_command.out, body_of(answer));
  EXPECT_EQ(document(by_command).at("daemon").at("pid").to_number<pid_t>(), service_->pid());
  auto const text = run({"status"});
  EXPECT_EQ(text.out, body_of(get("/v1/status", "Accept: text/plain\r\n")));
  stop_service();
  auto const alone = run({"status"});
  EXPECT_EQ(alone.exit, 0);
  auto const table = [](std::string const& out) { return out.substr(0, out.find("instance")); };
  EXPECT_EQ(table(alone.out), table(text.out));
}

TEST_F(GivenAServiceAtRest, WhenPlanAndSyncAreAskedForThenTheyAreTheSameWithAndWithoutTheService) {
  join("u23", "team-b");
  auto const planned = run({"plan", "--detailed-exitcode"});
  EXPECT_EQ(planned.exit, 3) << planned.err;
  auto const planned_json = run({"plan", "--json"});
  EXPECT_EQ(planned_json.exit, 0);
  EXPECT_EQ(json::parse(body_of(get("/v1/plan"))), document(planned_json));
  EXPECT_THAT(run({"plan", "--rule", "nosuch"}).err, HasSubstr("no rule nosuch"));
  EXPECT_EQ(run({"plan", "--rule", "nosuch"}).exit, 2);
  EXPECT_EQ(run({"plan", "--group", "nobody-has-this", "--detailed-exitcode"}).exit, 0);
  EXPECT_EQ(writes(), 0) << "of this run alone";
  stop_service();
  auto const alone = run({"plan", "--detailed-exitcode"});
  EXPECT_EQ(alone.out, planned.out);
  EXPECT_EQ(alone.exit, planned.exit);
  EXPECT_EQ(run({"plan", "--json"}).out, planned_json.out);

  start_service();
  ASSERT_TRUE(says("event=run_finished"));
  leave("u23", "team-b");
  auto const synced = run({"sync"});
  EXPECT_EQ(synced.exit, 0) << synced.err;
  expect_in_sync();
  stop_service();
  join("u23", "team-b");
  leave("u23", "team-b");
  join("u22", "team-b");
  auto const added = run({"sync"});
  EXPECT_EQ(added.exit, 0);
  EXPECT_THAT(synced.out, AllOf(HasSubstr("verdict: run"), HasSubstr("result: ")));
  EXPECT_THAT(added.out, AllOf(HasSubstr("verdict: run"), HasSubstr("result: ")));
}

TEST_F(GivenAServiceAtRest, WhenSomebodySyncsThenTheTrailNamesThePeer) {
  join("u23", "team-b");
  auto const answer = post("/v1/sync", "{}");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("dirsyncd-exit: 0")));
  EXPECT_TRUE(json::parse(body_of(answer)).as_object().contains("digest"));
  expect_in_sync();
  auto const rows = audit({"--user", "u23"});
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(text_at(rows.back(), "actor"), me());
  auto const newest =
      document(run({"runs", "--json", "--limit", "1"})).at("runs").as_array().front().as_object();
  EXPECT_EQ(text_at(newest, "actor"), me());
  EXPECT_EQ(text_at(newest, "trigger"), "sync");
}

TEST_F(GivenAServiceAtRest, WhenThePlanIsAnotherThanExpectedThenNothingIsSent) {
  join("u23", "team-b");
  forget_calls();
  auto const other = post("/v1/sync", R"({"expect": ")" + std::string(64, 'a') + "\"}");
  EXPECT_THAT(other, AllOf(HasSubstr("dirsyncd-exit: 4"), HasSubstr("the plan is another by now")));
  EXPECT_EQ(writes(), 0);
  auto const asked = post("/v1/sync", R"({"ask": true})");
  EXPECT_THAT(asked, HasSubstr("dirsyncd-question: Apply these "));
  EXPECT_EQ(writes(), 0);
  auto const digest = std::string{json::parse(body_of(asked)).at("digest").as_string()};
  EXPECT_THAT(post("/v1/sync", R"({"expect": ")" + digest + "\"}"), HasSubstr("dirsyncd-exit: 0"));
  expect_in_sync();
}

TEST_F(GivenAServiceAtRest, WhenAHundredAskAtOnceThenTheyShareRuns) {
  auto const before = runs();
  vault_->replace_faults(R"([{"route":"list-groups","delay_ms":1500,"count":1}])");
  std::vector<stream_protocol::socket> peers;
  for (int n = 0; n < 100; ++n) {
    peers.push_back(connect());
    say(peers.back(), posting("/v1/sync", "{}"));
  }
  for (auto& peer : peers)
    EXPECT_THAT(rest_of(peer), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("dirsyncd-exit: 0")));
  // The one that began, those that came before its first read ended, and perhaps one for the late.
  EXPECT_LE(runs() - before, 4U);
}

TEST_F(GivenAServiceAtRest, WhenTooManyDifferentRunsWaitThenTheRestIsRefused) {
  vault_->replace_faults(R"([{"route":"list-groups","delay_ms":1000,"count":0}])");
  std::vector<stream_protocol::socket> peers;
  for (int n = 0; n < 25; ++n) {
    peers.push_back(connect());
    say(peers.back(), posting("/v1/sync", R"({"dry_run": true, "user": "u)" + std::to_string(n) + "\"}"));
  }
  auto const refused = rest_of(peers.back());
  EXPECT_THAT(refused, AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("other runs wait already")));
  vault_->replace_faults("[]");
  EXPECT_THAT(rest_of(peers.front()), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServiceAtRest, WhenItIsStoppedThenWhoWaitsIsTold) {
  vault_->replace_faults(R"([{"route":"list-groups","delay_ms":50000,"count":0}])");
  auto running = connect(), waiting = connect();
  say(running, posting("/v1/sync", "{}"));
  auto const asked = vault_->requests();
  ASSERT_TRUE(eventually([this, asked] { return vault_->requests() > asked; }));
  say(waiting, posting("/v1/sync", R"({"dry_run": true})"));
  auto command = start({"plan", "--group", "x"});
  // Both have been taken in once a third is answered.
  EXPECT_THAT(get("/v1/plans"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_THAT(rest_of(waiting), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("the service ended")));
  EXPECT_THAT(rest_of(running), StartsWith("HTTP/1.1 503"));
  vault_->replace_faults("[]");
  command->wait();
}

TEST_F(GivenAServiceAtRest, WhenItIsKilledInTheMiddleThenTheCommandSaysSo) {
  vault_->replace_faults(R"([{"route":"list-groups","delay_ms":50000,"count":0}])");
  auto const asked = vault_->requests();
  auto command = start({"sync"});
  ASSERT_TRUE(eventually([this, asked] { return vault_->requests() > asked; }));
  service_->send_signal(SIGKILL);
  auto const finished = command->wait();
  EXPECT_EQ(finished.exit, 1);
  EXPECT_THAT(finished.err, HasSubstr("the service ended; `dirsyncd runs` tells what was done"));
  vault_->replace_faults("[]");
  // The socket that it left is nobody's.
  sync(0);
  start_service();
  ASSERT_TRUE(says("event=run_finished"));
  EXPECT_THAT(get("/v1/status"), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServiceAtRest, WhenRequestsAreNoneThenEachIsRefusedAndOthersAreServed) {
  auto silent = connect();
  EXPECT_THAT(answer_to("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(get("/v1/nothing"), AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("\"code\":\"not-found\"")));
  EXPECT_THAT(get("/v1/sync"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(post("/v1/status", "{}"), StartsWith("HTTP/1.1 405"));
  for (auto const* const body :
       {"{", "[]", "7", R"({"dryrun": true})", R"({"dry_run": "yes"})", R"({"rule": 1})"})
    EXPECT_THAT(post("/v1/sync", body), AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("malformed"))) << body;
  EXPECT_THAT(post("/v1/approve", "{}"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/sync", std::string(100'000, ' ')), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(get("/v1/plan?rulle=x"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(get("/v1/status"), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServiceAtRest, WhenSomebodyWatchesThenEventsComeAsTheyAreTold) {
  auto watcher = connect();
  say(watcher, "GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string text;
  asio::read_until(watcher, asio::dynamic_buffer(text), "\r\n\r\n");
  EXPECT_THAT(text, HasSubstr("Transfer-Encoding: chunked"));
  join("u23", "team-b");
  EXPECT_EQ(run({"sync"}).exit, 0);
  while (text.find("\"run_finished\"") == std::string::npos) {
    char more[4096];
    text.append(more, watcher.read_some(asio::buffer(more)));
  }
  EXPECT_THAT(text, AllOf(HasSubstr("\"event\":\"change_applied\""),
                          HasSubstr("\"event\":\"stage_finished\""), HasSubstr("\"event\":\"progress\"")));
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_THAT(rest_of(watcher), testing::EndsWith("0\r\n\r\n"));
}

TEST_F(GivenAServiceAtRest, WhenTheConfigurationOfTheCommandIsAnotherThenItGoesOnByItself) {
  configuration.service_keys = "control_socket = \"" + socket().string() + "\"\n";
  auto const state = configuration.state_dir;
  configuration.state_dir = folder_.path() / "other";
  configure();
  EXPECT_EQ(run({"plan"}).exit, 0);
  EXPECT_TRUE(fs::exists(folder_.path() / "other/dirsyncd.db")) << "a store of its own";
  configuration.state_dir = state;
  configuration.vault_rule_keys = "exclude_people = \"(uid=u02)\"\n";
  configure();
  EXPECT_THAT(run({"plan"}).out, HasSubstr("u02")) << "the plan of the new configuration";
  auto const refused = run({"sync"});
  EXPECT_EQ(refused.exit, 7);
  EXPECT_THAT(refused.err, HasSubstr("another configuration"));
}

class GivenAHeldPlan : public GivenAServiceAtRest {
 protected:
  GivenAHeldPlan() { configuration.limits_keys = ""; }
};

TEST_F(GivenAHeldPlan, WhenItIsDecidedThenThePeerHasDecided) {
  auto const plans = json::parse(body_of(get("/v1/plans"))).at("plans").as_array();
  ASSERT_EQ(plans.size(), 1U);
  auto const digest = text_at(plans.front().as_object(), "digest");
  EXPECT_FALSE(plans.front().at("reasons").as_array().empty());
  EXPECT_EQ(json::parse(body_of(get("/v1/plan?digest=" + digest))).at("digest").as_string(), digest);
  EXPECT_THAT(post("/v1/reject", R"({"digest": "no"})"),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("is no digest")));
  auto const approved = run({"approve", digest});
  EXPECT_EQ(approved.exit, 0) << approved.err;
  EXPECT_THAT(approved.out, HasSubstr("approved " + digest));
  auto const rows = audit({"--action", "approve"});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(text_at(rows.front(), "actor"), StartsWith("uid:" + std::to_string(::getuid())));
  EXPECT_EQ(run({"sync"}).exit, 0);
  expect_in_sync();
  expect_chain_holds();
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

/// Members of the group have no access to anything but the configuration and the socket.
class GivenAnotherAccount : public GivenAServiceAtRest {
 protected:
  static constexpr int kOther = 65533;
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be another account";
    fs::permissions(folder_.path(), fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
    configuration.service_keys = "control_socket = \"" + (folder_.path() / "control.sock").string() + "\"\n";
    World::SetUp();
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
