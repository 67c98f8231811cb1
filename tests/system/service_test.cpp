// `dirsyncd run`, as a service manager and an operator meet it.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "tests/support/net/datagram_socket.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::size_t occurrences(std::string const& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Service : public World {
 protected:
  Service() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1s\"\njitter = \"0s\"\nwatch = false\n";
  }
  void start_service(Environment environment = {}) {
    environment.emplace("NOTIFY_SOCKET", "");
    service_ = start({"run"}, environment);
  }
  std::string log() const { return service_->err(); }
  bool says(std::string_view part) const {
    return eventually([this, part] { return log().find(part) != std::string::npos; });
  }
  std::size_t cycles() const { return occurrences(log(), "event=run_finished"); }
  /// A cycle that began after this call has ended.
  bool whole_cycle() const {
    return eventually([this, wanted = cycles() + 2] { return cycles() >= wanted; });
  }
  bool in_sync(std::set<std::string> const& without = {}) {
    auto vault = expected_in_vault(without), console = expected_in_console(without);
    vault.insert(vault_before_.begin(), vault_before_.end());
    console.insert(console_before_.begin(), console_before_.end());
    return eventually([this, &vault, &console] {
      return vault_->memberships() == vault && console_->memberships() == console;
    });
  }
  Finished stop_service() {
    service_->send_signal(SIGTERM);
    return service_->wait();
  }
  json::object status() { return document(run({"status", "--json"})).as_object(); }
  /// Acts with the result done, each with how often it stands in the trail.
  std::map<std::string, int> acts_done() {
    std::map<std::string, int> acts;
    for (auto const& row : audit({"--outcome", "done"}))
      if (text_at(row, "phase") == "change" || text_at(row, "phase") == "recovered")
        ++acts[text_at(row, "target") + " " + text_at(row, "verb") + " " + text_at(row, "group") + " " +
               text_at(row, "principal")];
    return acts;
  }

  std::unique_ptr<Process> service_;
};

TEST_F(Service, WhenTheDirectoryChangesBetweenCyclesThenEachCycleFollows) {
  start_service();
  ASSERT_TRUE(in_sync()) << log();
  join("u23", "team-b");
  EXPECT_TRUE(in_sync()) << log();
  leave("u07", "team-b");
  EXPECT_TRUE(in_sync()) << log();
  disable("u12");
  EXPECT_TRUE(in_sync({"u12"})) << log();
  ASSERT_TRUE(whole_cycle());
  forget_calls();
  ASSERT_TRUE(whole_cycle());
  EXPECT_EQ(writes(), 0);
  auto const finished = stop_service();
  EXPECT_EQ(finished.exit, 0) << finished.err;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("event=service_started"), HasSubstr("event=service_stopped"),
                                  HasSubstr("chain_head=")));
  expect_chain_holds();
  for (auto const& row : audit({"--action", "add"})) EXPECT_EQ(text_at(row, "actor"), "daemon");
}

TEST_F(Service, WhenReloadedWithABrokenFileThenTheOldConfigurationStays) {
  start_service();
  ASSERT_TRUE(in_sync());
  auto const good = configuration.vault_rule_keys;
  configuration.vault_rule_keys = "no_such_key = 1\n";
  configure();
  auto const text = content_of(config_file());
  auto const line = 1 + std::ranges::count(text.substr(0, text.find("no_such_key")), '\n');
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reload_refused"));
  EXPECT_THAT(log(), HasSubstr(config_file().string() + ":" + std::to_string(line) + ":1"));
  join("u23", "team-b");
  EXPECT_TRUE(in_sync()) << log();

  configuration.vault_rule_keys = good;
  configuration.console_rule_keys = "exclude_people = \"(uid=u23)\"\n";
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reloaded"));
  // The new configuration wants something else, so its plan waits for a person.
  ASSERT_TRUE(says("event=plan_held"));
  EXPECT_THAT(log(), HasSubstr("the settings of rule plant changed"));
  EXPECT_TRUE(console_->memberships().at("operators").contains("u23@example.com"));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenTheNewConfigurationNamesACaFileOfGarbageThenTheOldOneStays) {
  start_service();
  ASSERT_TRUE(in_sync());
  configuration.console_ca = folder_.path() / "garbage.pem";
  std::ofstream{configuration.console_ca} << "no certificate at all\n";
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reload_refused"));
  EXPECT_THAT(log(), AllOf(HasSubstr("target.console.tls.ca_file"), HasSubstr("holds no certificate")));
  join("u23", "team-b");
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_THAT(log(), Not(HasSubstr("event=read_incomplete")));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenAChangedKeyIsNotTakenOverThenTheReloadSaysSo) {
  start_service();
  ASSERT_TRUE(in_sync());
  configuration.service_keys = "log = { level = \"debug\", format = \"json\" }\n";
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reloaded"));
  EXPECT_THAT(log(), HasSubstr("event=restart_needed key=service.log.format"));
  EXPECT_TRUE(says("level=debug")) << "the level is taken over";
  EXPECT_EQ(stop_service().exit, 0);
}

/// What goes on with no write in hand: nobody waits for it.
struct Slow {
  std::string name, faults;  // of the Vault; empty: the directory does not answer
};

class GivenAServiceThatWaits : public Service, public testing::WithParamInterface<Slow> {};

TEST_P(GivenAServiceThatWaits, WhenAskedToStopThenItLogsOffAndEndsSoon) {
  if (!GetParam().faults.empty()) vault_->replace_faults(GetParam().faults);
  if (GetParam().faults.empty()) ::kill(slapd_->pid(), SIGSTOP);
  start_service();
  ASSERT_TRUE(eventually([this] { return vault_->requests() > 2; })) << log();
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  auto const asked = std::chrono::steady_clock::now();
  auto const finished = stop_service();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds{20}) << "the grace is for writes";
  ::kill(slapd_->pid(), SIGCONT);
  EXPECT_EQ(finished.exit, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("event=service_stopped"));
  EXPECT_EQ(vault_->get("counters").at("live_sessions").as_int64(), 0);
  vault_->replace_faults("[]");
  sync(0);
  expect_in_sync();
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(
    Waits, GivenAServiceThatWaits,
    testing::Values(Slow{"list", R"([{"route":"list-groups","delay_ms":50000,"count":0}])"},
                    Slow{"pause",
                         R"([{"route":"add-member","status":429,"headers":{"Retry-After":"50"},"count":0}])"},
                    Slow{"directory", ""}),
    [](auto const& slow) { return slow.param.name; });

/// By a restore, by an administrator who makes room, or by a unit that is started twice.
TEST_F(Service, WhenTheStateFolderIsReplacedThenNothingMoreIsSent) {
  start_service();
  ASSERT_TRUE(in_sync());
  ASSERT_TRUE(whole_cycle());
  auto const state = folder_.path() / "state", aside = folder_.path() / "aside";
  std::filesystem::rename(state, aside);
  std::filesystem::create_directory(state);
  std::filesystem::permissions(state, std::filesystem::perms::owner_all);
  auto const finished = service_->wait();
  EXPECT_EQ(finished.exit, 1) << finished.err;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("event=journal_failed"), HasSubstr("is another folder")));
  std::filesystem::remove_all(state);
  std::filesystem::rename(aside, state);
  join("u23", "team-b");
  sync(0);
  expect_in_sync();
}

TEST_F(Service, WhenTheStoreIsReplacedThenNothingMoreIsSent) {
  start_service();
  ASSERT_TRUE(in_sync());
  ASSERT_TRUE(whole_cycle());
  std::filesystem::rename(database(), folder_.path() / "moved.db");
  auto const finished = service_->wait();
  EXPECT_EQ(finished.exit, 1) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("dirsyncd.db: is gone"));
}

TEST_F(Service, WhenAHeldPlanIsApprovedByAnotherProcessThenTheNextCycleAppliesIt) {
  configuration.limits_keys = "";
  configure();
  start_service();
  ASSERT_TRUE(says("event=plan_held"));
  ASSERT_TRUE(whole_cycle());
  EXPECT_EQ(writes(), 0);
  auto const held = status().at("held").as_array();
  ASSERT_EQ(held.size(), 1U);
  auto const approved = run({"approve", text_at(held.front().as_object(), "digest")});
  ASSERT_EQ(approved.exit, 0) << approved.err;
  EXPECT_TRUE(in_sync()) << log();
  ASSERT_TRUE(whole_cycle());
  EXPECT_TRUE(status().at("held").as_array().empty());
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenAskedToStopInTheMiddleThenTheChangesInHandAreRecordedAndNothingIsLostOrDoubled) {
  vault_->replace_faults(R"([{"route":"add-member","delay_ms":150,"count":0}])");
  start_service();
  ASSERT_TRUE(eventually([this] { return vault_->writes() >= 5; })) << log();
  auto const finished = stop_service();
  EXPECT_EQ(finished.exit, 0) << finished.err;
  vault_->replace_faults("[]");
  auto const changes = vault_->get("counters").at("changes").to_number<std::size_t>();
  auto wanted = 0U;
  for (auto const& [group, members] : expected_in_vault()) wanted += 1 + members.size();
  EXPECT_LT(changes, wanted) << "it was stopped too late to show anything";
  auto const acts = acts_done();
  auto const in_vault =
      std::ranges::count_if(acts, [](auto const& act) { return act.first.starts_with("vault "); });
  EXPECT_EQ(static_cast<std::size_t>(in_vault), changes);
  for (auto const& [act, count] : acts) EXPECT_EQ(count, 1) << act;
  auto const left = audit({"--target", "vault", "--action", "run"});
  ASSERT_EQ(left.size(), 1U) << "one row for all that was not sent";
  EXPECT_THAT(text_at(left.front(), "detail"), HasSubstr("changes not sent: asked to stop"));
  EXPECT_LE(occurrences(finished.err, "event=changes_left"), 2U) << "one line a target";
  EXPECT_THAT(finished.err, Not(HasSubstr("event=change_not_applied")));

  sync(0);
  expect_in_sync();
  for (auto const& [act, count] : acts_done()) EXPECT_EQ(count, 1) << act;
  EXPECT_TRUE(audit({"--action", "recovered"}).empty());
  EXPECT_EQ(vault_->get("counters").at("changes").to_number<std::size_t>(), wanted);
  expect_chain_holds();
}

TEST_F(Service, WhenAskedToStopWhileItReloadsThenNoFurtherRunBegins) {
  configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = false\n";
  configure();
  start_service();
  ASSERT_TRUE(in_sync()) << log();
  ASSERT_TRUE(says("event=run_finished"));
  join("u23", "team-b");
  forget_calls();
  // The reload ends the old sessions, and this one takes its time.
  vault_->replace_faults(R"([{"path":"ogoff","delay_ms":1500,"count":0}])");
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(eventually([this] { return vault_->requests() > 0; }));
  auto const finished = stop_service();
  EXPECT_EQ(finished.exit, 0) << finished.err;
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(cycles(), 1U);
  EXPECT_THAT(finished.err, HasSubstr("event=reloaded"));
}

TEST_F(Service, WhenASecondSignalComesThenWhatIsInHandEndsAndTheNextRunLooksItUp) {
  vault_->replace_faults(R"([{"route":"add-member","delay_ms":30000,"count":0}])");
  auto const started = std::chrono::steady_clock::now();
  auto command = start({"sync", "--json"});
  ASSERT_TRUE(eventually([this] { return vault_->writes() >= 5; }));
  command->send_signal(SIGINT);
  command->send_signal(SIGTERM);
  auto const finished = command->wait();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{25})
      << "it waited for an answer";
  EXPECT_EQ(finished.exit, 6) << finished.err;
  EXPECT_EQ(text_at(document(finished).at("error").as_object(), "code"), "interrupted");
  vault_->replace_faults("[]");
  sync(0);
  expect_in_sync();
  for (auto const& [act, count] : acts_done()) EXPECT_EQ(count, 1) << act;
  expect_chain_holds();
}

TEST_F(Service, WhenRunByAServiceManagerThenItIsToldEverything) {
  DatagramSocket manager{folder_.path() / "notify"};
  start_service({{"NOTIFY_SOCKET", manager.path()}, {"WATCHDOG_USEC", "600000"}});
  ASSERT_TRUE(eventually([&manager] { return manager.has("READY=1"); }));
  ASSERT_TRUE(eventually([&manager] { return manager.has("STATUS=Run 2: in-sync, exit 0"); }));
  auto const fed = [&manager] { return std::ranges::count(manager.messages(), "WATCHDOG=1"); };
  ASSERT_TRUE(eventually([&fed, before = fed()] { return fed() >= before + 3; }));
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(eventually([&manager] { return manager.has("RELOADING=1\nMONOTONIC_USEC="); }));
  auto const ready = [&manager] {
    return std::ranges::count_if(manager.messages(),
                                 [](auto const& message) { return message.starts_with("READY=1"); });
  };
  ASSERT_TRUE(eventually([&ready] { return ready() == 2; }));
  EXPECT_FALSE(manager.has("STOPPING=1"));
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_TRUE(manager.has("STOPPING=1"));
}

TEST_F(Service, WhenChangesAreFrozenThenTheServiceManagerIsToldByWhomAndEveryRunSaysSo) {
  DatagramSocket manager{folder_.path() / "notify"};
  start_service({{"NOTIFY_SOCKET", manager.path()}});
  ASSERT_TRUE(in_sync()) << log();
  EXPECT_EQ(run({"freeze", "--reason", "an audit"}).exit, 0);
  ASSERT_TRUE(
      eventually([&manager] { return manager.has("; frozen: changes of all targets are frozen by uid:"); }));
  ASSERT_TRUE(eventually([&manager] { return manager.has(": hold, exit 4; frozen: "); }));
  EXPECT_TRUE(says("event=frozen ")) << log();
  EXPECT_EQ(run({"thaw"}).exit, 0);
  join("u23", "team-b");
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenTheFirstReadsHaveEndedThenItIsReady) {
  vault_->replace_faults(R"([{"route":"list-groups","delay_ms":1500,"count":0}])");
  configuration.service_keys = "log = { level = \"debug\" }\n";
  configure();
  DatagramSocket manager{folder_.path() / "notify"};
  start_service({{"NOTIFY_SOCKET", manager.path()}});
  ASSERT_TRUE(eventually([&manager] { return manager.has("READY=1"); }));
  EXPECT_THAT(log(), AllOf(HasSubstr("event=stage_finished"), HasSubstr("stage=read")));
  ASSERT_TRUE(eventually([&manager] { return manager.has("STATUS=Now applying changes, "); }));
  ASSERT_TRUE(eventually([&manager] { return manager.has("; next at 20"); }));
  EXPECT_EQ(stop_service().exit, 0);
}

class GivenAServiceThatIsWatched : public Service {
 protected:
  void SetUp() override {
    configuration.service_keys = "http_listen = \"" + endpoint_ + "\"\n";
    Service::SetUp();
  }
  /// Status and body.
  std::string page(std::string const& path) {
    Process curl{{"curl", "-s", "-w", "%{http_code}", "http://" + endpoint_ + path}, folder_.path(), "curl"};
    return curl.wait().out;
  }
  std::string endpoint_ = "127.0.0.1:" + std::to_string(free_port());
};

TEST_F(GivenAServiceThatIsWatched, WhenItRunsThenMetricsAndHealthSayHowItStands) {
  vault_->replace_faults(R"([{"route":"list-groups","status":500,"count":0}])");
  start_service();
  ASSERT_TRUE(eventually([this] { return cycles() > 0; })) << log();
  EXPECT_THAT(page("/healthz"), AllOf(HasSubstr("ok"), EndsWith("200")));
  EXPECT_THAT(page("/readyz"), AllOf(HasSubstr("target vault"), EndsWith("503")));
  EXPECT_THAT(page("/metrics"), HasSubstr("dirsyncd_reads_total{result=\"incomplete\",side=\"vault\"}"));
  vault_->replace_faults("[]");
  ASSERT_TRUE(in_sync()) << log();
  ASSERT_TRUE(whole_cycle());
  EXPECT_THAT(page("/readyz"), EndsWith("200"));
  auto const metrics = page("/metrics");
  EXPECT_THAT(metrics, AllOf(HasSubstr("dirsyncd_runs_total{verdict=\"in-sync\"}"),
                             HasSubstr("dirsyncd_last_success_timestamp_seconds{target=\"vault\"}"),
                             HasSubstr("dirsyncd_http_requests_total{route=\"/API/UserGroups"),
                             HasSubstr("dirsyncd_run_duration_seconds_bucket{phase=\"read\"")));
  for (auto const* side : {"corp", "vault", "console"})
    EXPECT_THAT(metrics, HasSubstr("dirsyncd_certificate_expiry_timestamp_seconds{side=\"" +
                                   std::string{side} + "\"} 17"))
        << "seconds since 1970, of a certificate of today";
  EXPECT_THAT(page("/nothing"), EndsWith("404"));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatIsWatched, WhenItIsToBeSoNoMoreThenTheReloadSaysThatItTakesARestart) {
  start_service();
  ASSERT_TRUE(in_sync());
  configuration.service_keys = "";
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reloaded"));
  EXPECT_THAT(log(), HasSubstr("event=restart_needed key=service.http_listen"));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatIsWatched, WhenItsPortIsTakenThenItEndsWithOneAndNamesIt) {
  start_service();
  ASSERT_TRUE(says("event=run_finished"));
  configuration.state_dir = folder_.path() / "other";
  configure();
  auto const second = run({"run"});
  EXPECT_EQ(second.exit, 1) << second.err;
  EXPECT_THAT(second.err, AllOf(HasSubstr("service.http_listen " + endpoint_), HasSubstr("free port")));
  EXPECT_EQ(stop_service().exit, 0);
}

#ifndef DIRSYNC_PEOPLE
#define DIRSYNC_PEOPLE 100000
#define DIRSYNC_LONGEST_GAP 1
#endif

class GivenALargeCompany : public Service {
 protected:
  static constexpr int kPeople = DIRSYNC_PEOPLE, kGroups = kPeople < 10'000 ? 25 : 3;

  GivenALargeCompany() {
    configuration.limits_keys = "first_plan = \"hold\"\n";
    for (int n = 0; n < kPeople; ++n)
      company.people.push_back({"n" + std::to_string(n), "New " + std::to_string(n), false, false, false});
    for (int group = 0; group < kGroups; ++group) {
      Group made{.cn = "pam-many-" + std::to_string(group)};
      for (int n = 0; n < kPeople; ++n) made.people.push_back("n" + std::to_string(n));
      company.groups.push_back(std::move(made));
    }
  }
};

/// Its whole plan, tens of thousands of changes, is drafted, judged, written down and held.
TEST_F(GivenALargeCompany, WhenARunComputesThenTheServiceManagerHearsOfItAllTheTime) {
  using std::chrono::steady_clock;
  constexpr std::chrono::minutes kLongest{10};
  DatagramSocket manager{folder_.path() / "notify"};
  start_service({{"NOTIFY_SOCKET", manager.path()}, {"WATCHDOG_USEC", "600000"}});
  auto const fed = [&manager] { return std::ranges::count(manager.messages(), "WATCHDOG=1"); };
  auto last = steady_clock::now();
  auto longest = steady_clock::duration::zero();
  auto const run_ended = eventually(
      [&] {
        static auto before = fed();
        auto const now = steady_clock::now();
        if (auto const count = fed(); count != std::exchange(before, count)) last = now;
        longest = std::max(longest, now - last);
        return log().find("event=plan_held") != std::string::npos;
      },
      kLongest);
  ASSERT_TRUE(run_ended) << log();
  RecordProperty("longest_gap_ms",
                 std::to_string(std::chrono::round<std::chrono::milliseconds>(longest).count()));
  EXPECT_LT(longest, std::chrono::seconds{DIRSYNC_LONGEST_GAP});
  // As a service manager does: whoever tells it something waits while nobody reads.
  std::jthread const reads_on{[&manager](std::stop_token const& stop) {
    while (!stop.stop_requested()) {
      manager.messages();
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }};
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenItRunsThenASecondInstanceIsLockedOutAndLookersAreNot) {
  configuration.service_keys = "control_socket = \"\"\n";
  configure();
  start_service();
  ASSERT_TRUE(in_sync());
  ASSERT_TRUE(whole_cycle());
  for (std::vector<std::string> const& words :
       {std::vector<std::string>{"run", "--json"}, {"sync", "--json"}}) {
    auto const second = run(words);
    EXPECT_EQ(second.exit, 7) << second.err;
    EXPECT_THAT(text_at(document(second).at("error").as_object(), "text"),
                HasSubstr(std::to_string(service_->pid())));
  }
  auto const daemon = status().at("daemon").as_object();
  EXPECT_TRUE(daemon.at("running").as_bool());
  EXPECT_EQ(daemon.at("pid").to_number<pid_t>(), service_->pid());
  EXPECT_THAT(text_at(daemon, "since"), StartsWith("20"));
  EXPECT_EQ(run({"plan"}).exit, 0);
  EXPECT_EQ(run({"log"}).exit, 0);
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_FALSE(status().at("daemon").at("running").as_bool());
}

TEST_F(Service, WhenKilledThenTheLockIsFree) {
  start_service();
  ASSERT_TRUE(in_sync());
  service_->send_signal(SIGKILL);
  EXPECT_EQ(service_->wait().exit, -SIGKILL);
  sync(0);
  expect_in_sync();
  expect_chain_holds();
}

TEST_F(Service, WhenATargetIsDownThenTheOtherIsServedAndItCatchesUpLater) {
  vault_->replace_faults(R"([{"path":"/","status":503,"count":0}])");
  start_service();
  ASSERT_TRUE(says("event=read_incomplete"));
  ASSERT_TRUE(eventually([this] { return console_->writes() > 0; }));
  EXPECT_EQ(vault_->writes(), 0);
  vault_->replace_faults("[]");
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenATargetStaysDownThenItIsAskedLessOftenWhileTheOtherIsKeptInSync) {
  vault_->replace_faults(R"([{"path":"/","status":503,"count":0}])");
  start_service();
  ASSERT_TRUE(says("not tried: failed 2 times in a row since")) << log();
  join("u23", "team-b");
  EXPECT_TRUE(eventually([this] { return console_->memberships()["operators"].contains("u23@example.com"); }))
      << log();
  // Each run that tries it asks it something.
  std::int64_t asked = -1;
  std::size_t since = 0;
  EXPECT_TRUE(eventually([this, &asked, &since] {
    if (auto const now = vault_->requests(); now != asked) {
      asked = now;
      since = cycles();
    }
    return cycles() >= since + 4;
  })) << log();
  EXPECT_EQ(vault_->writes(), 0);
  vault_->replace_faults("[]");
  service_->send_signal(SIGHUP);
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_TRUE(says("event=read_complete_again side=vault")) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(Service, WhenTheDirectoryComesAndGoesThenNobodyIsRemovedForItAndLeaversLeave) {
  start_service();
  ASSERT_TRUE(in_sync());
  for (auto times = 5; times > 0; --times) {
    slapd_->stop();
    ASSERT_TRUE(whole_cycle()) << log();
    slapd_->start();
    ASSERT_TRUE(eventually([this, wanted = cycles() + 1] { return cycles() >= wanted; })) << log();
  }
  leave("u07", "team-b");
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_EQ(stop_service().exit, 0);
  for (auto const& [act, times] : acts_done())
    if (act.find(" remove ") != std::string::npos) {
      EXPECT_THAT(act, HasSubstr("u07"));
    }
  EXPECT_GE(occurrences(log(), "event=read_incomplete"), 1U);
}

TEST_F(Service, WhenTheCaFileOfATargetIsMissingThenTheOtherIsServedAndItCatchesUpLater) {
  std::filesystem::path const whole = std::exchange(configuration.console_ca, folder_.path() / "new-ca.pem");
  configure();
  start_service();
  ASSERT_TRUE(says("event=read_incomplete"));
  ASSERT_TRUE(eventually([this] { return vault_->writes() > 0; }));
  EXPECT_EQ(console_->requests(), 0);
  std::filesystem::copy_file(whole, configuration.console_ca);
  EXPECT_TRUE(in_sync()) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

/// What the service manager starts again.
TEST_F(Service, WhenAnotherProcessKeepsTheStoreBusyThenItEndsWithOne) {
  start_service();
  ASSERT_TRUE(in_sync());
  ASSERT_TRUE(whole_cycle());
  Process const writer{{"sqlite3", database(), ".timeout 10000", "BEGIN IMMEDIATE", ".system sleep 60"},
                       folder_.path(),
                       "sqlite3"};
  auto const finished = service_->wait();
  EXPECT_EQ(finished.exit, 1) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("event=journal_failed"));
}

}  // namespace
}  // namespace dirsync::test
