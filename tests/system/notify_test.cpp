// Whom the service tells what somebody must look at, and how.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <mutex>

#include "daemon/notify/message.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/support/net/loopback.hpp"
#include "tests/support/net/wire_server.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kSecret[] = "what signs the news";

/// Keeps what was posted, and answers as the test says.
class Hook {
 public:
  explicit Hook(CertificateFiles const* certificates = nullptr)
      : server_([this](WireRequest const& request) { return take(request); }, certificates) {}
  std::string url() const { return server_.url() + "/news?token=xyzzy"; }
  int requests() const { return server_.requests(); }
  void answer_with(int status) {
    std::lock_guard const lock{mutex_};
    status_ = status;
  }
  /// The first news get 400, as often as they come.
  void refuse_the_first() {
    std::lock_guard const lock{mutex_};
    refuses_the_first_ = true;
  }
  std::vector<WireRequest> taken() const {
    std::lock_guard const lock{mutex_};
    return taken_;
  }
  /// "event subject" of each post that was taken.
  std::vector<std::string> news() const {
    std::vector<std::string> news;
    for (auto const& request : taken()) {
      auto const object = json::parse(request.body).as_object();
      news.push_back(text_at(object, "event") + " " + text_at(object, "subject"));
    }
    return news;
  }

 private:
  WireReply take(WireRequest const& request) {
    std::lock_guard const lock{mutex_};
    if (refuses_the_first_) {
      auto const object = json::parse(request.body).as_object();
      auto const what = text_at(object, "event") + " " + text_at(object, "subject");
      if (refused_.empty()) refused_ = what;
      if (what == refused_) return reply(400, "");
    }
    if (status_ == 200) taken_.push_back(request);
    return reply(status_, "");
  }
  mutable std::mutex mutex_;
  int status_ = 200;
  bool refuses_the_first_ = false;
  std::string refused_;
  std::vector<WireRequest> taken_;
  WireServer server_;
};

class GivenAServiceThatTells : public World {
 protected:
  GivenAServiceThatTells() {
    configuration.limits_keys = "first_plan = \"hold\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1s\"\njitter = \"0s\"\nwatch = false\n";
    secret_ = folder_.path() / "hook.secret";
    std::ofstream{secret_} << kSecret << "\n";
    std::filesystem::permissions(secret_,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  std::string to_hook(std::string const& url, std::string const& more = "") const {
    return "{ url = \"" + url + "\", secret = { file = \"" + secret_.string() + "\" }" + more + " }";
  }
  void start_service(std::string const& receivers) {
    configuration.service_keys = "notify = [" + receivers + "]\n";
    configure();
    service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
  }
  std::string log() const { return service_->err(); }
  bool says(std::string_view part) const {
    return eventually([this, part] { return log().find(part) != std::string::npos; });
  }
  std::size_t told(std::string_view part) const {
    auto const text = log();
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
  bool more_runs(std::size_t runs) const {
    return eventually(
        [this, wanted = told("event=run_finished") + runs] { return told("event=run_finished") >= wanted; });
  }
  void reload(std::string const& receivers) {
    configuration.service_keys = "notify = [" + receivers + "]\n";
    configure();
    service_->send_signal(SIGHUP);
    EXPECT_TRUE(says("event=reloaded")) << log();
  }
  void stop_service() {
    service_->send_signal(SIGTERM);
    auto const finished = service_->wait();
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_THAT(finished.err, AllOf(Not(HasSubstr("xyzzy")), Not(HasSubstr(kSecret))));
  }
  /// A program in the place of sendmail that keeps each message in a file of its own.
  std::string fake_sendmail() {
    auto const program = folder_.path() / "sendmail";
    std::ofstream{program} << "#!/bin/sh\necho \"$@\" >" << (folder_.path() / "arguments").string()
                           << "\ncat >" << (folder_.path() / "mail.$$").string() << ".new\nmv "
                           << (folder_.path() / "mail.$$").string() << ".new "
                           << (folder_.path() / "mail.$$").string() << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  }
  std::vector<std::string> mails() const {
    std::vector<std::string> mails;
    for (auto const& file : std::filesystem::directory_iterator{folder_.path()})
      if (auto const name = file.path().filename().string();
          name.starts_with("mail.") && !name.ends_with(".new"))
        mails.push_back(content_of(file.path()));
    return mails;
  }

  std::filesystem::path secret_;
  std::unique_ptr<Process> service_;
};

TEST_F(GivenAServiceThatTells, WhenAPlanIsHeldThenTheHookIsToldOnceWithASignature) {
  Hook hook{&certificates_};
  start_service(to_hook(hook.url(), ", ca_file = \"" + certificates_.ca_file.string() + "\""));
  ASSERT_TRUE(eventually([&hook] { return !hook.taken().empty(); })) << log();
  ASSERT_TRUE(more_runs(3)) << log();
  ASSERT_THAT(hook.news(), ElementsAre(StartsWith("held ")));
  auto const request = hook.taken()[0];
  EXPECT_TRUE(request.has("POST /news?token=xyzzy HTTP/1.1\r\n")) << request.head;
  EXPECT_TRUE(request.has("X-Dirsyncd-Signature: " + notify::signature_of(Secret{kSecret}, request.body)))
      << request.head;
  EXPECT_TRUE(request.has("Content-Type: application/json")) << request.head;
  auto const held = document(run({"status", "--json"})).at("held").at(0).as_object();
  EXPECT_EQ(hook.news()[0], "held " + text_at(held, "digest"));
  EXPECT_THAT(log(), Not(HasSubstr("event=notify_failed")));
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenATargetCannotBeReadAndThenCanThenItIsToldAgainTheNextTime) {
  Hook hook;
  start_service(to_hook(hook.url(), ", events = [\"read_incomplete\"]"));
  EXPECT_TRUE(says("event=insecure_setting")) << "it goes without TLS";
  ASSERT_TRUE(says("event=run_finished"));
  auto const refuse = R"([{"route":"list-groups","status":403,"count":0}])";
  for (std::size_t time = 1; time <= 2; ++time) {
    vault_->replace_faults(refuse);
    EXPECT_TRUE(eventually([&hook, time] { return hook.taken().size() == time; })) << log();
    vault_->replace_faults("[]");
    ASSERT_TRUE(eventually([this, time] { return told("event=read_complete_again") == time; })) << log();
  }
  EXPECT_THAT(hook.news(), ElementsAre("read_incomplete vault", "read_incomplete vault"));
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenTheHookFailsThenTheLogSaysSoOnceAndTheNewsArriveLater) {
  Hook hook;
  hook.answer_with(500);
  start_service(to_hook(hook.url()));
  ASSERT_TRUE(says("event=notify_failed")) << log();
  EXPECT_THAT(log(), HasSubstr("answered with status 500"));
  ASSERT_TRUE(eventually([&hook] { return hook.requests() >= 2; })) << log();
  ASSERT_TRUE(more_runs(2)) << "a run does not wait for it";
  EXPECT_EQ(told("event=notify_failed"), 1U);
  hook.answer_with(200);
  EXPECT_TRUE(eventually([&hook] { return hook.news().size() == 1; })) << log();
  stop_service();
}

/// Its attempts take a quarter of a minute.
TEST_F(GivenAServiceThatTells, WhenTheHookAlwaysRefusesOneThenThatIsDroppedAndTheNextOneArrives) {
  Hook hook;
  hook.refuse_the_first();
  start_service(to_hook(hook.url()));
  ASSERT_TRUE(says("event=notify_failed")) << log();
  EXPECT_THAT(log(), HasSubstr("answered with status 400"));
  vault_->replace_faults(R"([{"route":"list-groups","status":403,"count":0}])");
  // What waits for a person is another plan now, without the Vault.
  ASSERT_TRUE(eventually([&hook] { return hook.news().size() == 2; })) << log();
  EXPECT_THAT(hook.news(), ElementsAre(StartsWith("held "), "read_incomplete vault"));
  EXPECT_TRUE(says("event=notify_refused"));
  EXPECT_THAT(log(), HasSubstr("news=\"held "));
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenNobodyListensThenRunsGoOnAndTheServiceEndsInTime) {
  start_service(to_hook("http://127.0.0.1:" + std::to_string(free_port()) + "/news?token=xyzzy"));
  ASSERT_TRUE(says("event=notify_failed")) << log();
  EXPECT_THAT(log(), HasSubstr("could not be reached"));
  EXPECT_TRUE(more_runs(2));
  stop_service();
}

/// A connection that is taken and never answered.
TEST_F(GivenAServiceThatTells, WhenTheHookIsSilentThenRunsGoOnAndTheServiceEndsInTime) {
  auto const silent = LoopbackSocket::listening();
  start_service(to_hook("http://127.0.0.1:" + std::to_string(silent.port()) + "/news?token=xyzzy"));
  ASSERT_TRUE(says("event=notify_failed")) << log();
  EXPECT_THAT(log(), HasSubstr("no complete answer in time"));
  EXPECT_TRUE(more_runs(2));
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenAPlanIsHeldThenPeopleGetOneMail) {
  start_service("{ sendmail = \"" + fake_sendmail() + "\", to = [\"ops@example.com\", \"root\"] }");
  ASSERT_TRUE(eventually([this] { return !mails().empty(); })) << log();
  ASSERT_TRUE(more_runs(2));
  ASSERT_THAT(mails(), ElementsAre(StartsWith("To: ops@example.com, root\nSubject: dirsyncd on ")));
  EXPECT_THAT(mails()[0], HasSubstr("\n\nheld: a plan waits for a person"));
  EXPECT_EQ(content_of(folder_.path() / "arguments"), "-t -i\n");
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenSendmailIsNotThereThenTheLogSaysSo) {
  start_service(R"({ sendmail = "/no/such/sendmail", to = ["root"] })");
  ASSERT_TRUE(says("event=notify_failed receiver=\"/no/such/sendmail to root\"")) << log();
  EXPECT_TRUE(more_runs(2));
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenReloadedThenANewReceiverHearsWhatIsSoAndTheOldOneNothingTwice) {
  Hook first, second;
  start_service(to_hook(first.url()));
  ASSERT_TRUE(eventually([&first] { return first.news().size() == 1; })) << log();
  reload(to_hook(first.url()) + ", " + to_hook(second.url()));
  EXPECT_TRUE(eventually([&second] { return second.news().size() == 1; })) << log();
  EXPECT_THAT(log(), Not(HasSubstr("event=restart_needed")));
  EXPECT_EQ(first.news(), second.news());
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenOneOfTwoHooksOfAHostGoesThenTheOtherIsNotTakenForIt) {
  Hook hook;
  auto const first = hook.url() + "/first", second = hook.url() + "/second";
  start_service(to_hook(first) + ", " + to_hook(second, ", events = [\"blocked\"]"));
  ASSERT_TRUE(eventually([&hook] { return hook.news().size() == 1; })) << log();
  reload(to_hook(second, ", events = [\"held\"]"));
  EXPECT_TRUE(eventually([&hook] { return hook.news().size() == 2; })) << log();
  stop_service();
}

TEST_F(GivenAServiceThatTells, WhenTheStoreIsLostAndItsMarkIsNotThenThatIsToldBeforeTheServiceEnds) {
  sync(4);
  for (auto const* const part : {"", "-wal", "-shm"}) std::filesystem::remove(database().string() + part);
  Hook hook;
  start_service(to_hook(hook.url()));
  EXPECT_EQ(service_->wait().exit, 2);
  EXPECT_THAT(hook.news(), ElementsAre("store_behind store")) << log();
}

TEST_F(GivenAServiceThatTells, WhenSomebodyEditedTheTrailThenThatIsToldBeforeTheServiceEnds) {
  sync(4);
  Process sqlite{{"sqlite3", database(),
                  "DROP TRIGGER audit_is_not_updated; UPDATE audit SET detail = 'x' WHERE sequence = 1;"},
                 folder_.path(),
                 "sqlite3"};
  ASSERT_EQ(sqlite.wait().exit, 0);
  Hook hook;
  start_service(to_hook(hook.url()));
  EXPECT_EQ(service_->wait().exit, 2);
  EXPECT_THAT(hook.news(), ElementsAre("chain_broken store")) << log();
}

}  // namespace
}  // namespace dirsync::test
