// The service follows its directory, whose people change without a pause, while everything around it fails
// now and then; the schedule's own runs are an hour apart.
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <iostream>
#include <random>

#include "sync/model/time.hpp"
#include "tests/sequences/dice.hpp"
#include "tests/support/figure_from_environment.hpp"
#include "tests/support/net/tcp_proxy.hpp"
#include "tests/support/occurrences.hpp"
#include "tests/system/soak/access_ledger.hpp"
#include "tests/system/soak/directory_acts.hpp"
#include "tests/system/target_faults.hpp"
#include "tests/system/world.hpp"

#ifndef DIRSYNC_SOAK_SECONDS
#define DIRSYNC_SOAK_SECONDS 600
#endif

namespace dirsync::test {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

std::string now() { return rfc3339(std::chrono::system_clock::now()); }

/// 40 people, all known to both targets; groups over nested teams, two of which hold each other.
Company soaked_company() {
  Company company;
  std::vector<std::string> uids;
  for (int n = 10; n < 50; ++n) uids.push_back("p" + std::to_string(n));
  for (auto const& uid : uids) company.people.push_back({.uid = uid, .name = "Person " + uid});
  auto const some = [&uids](std::ptrdiff_t first, std::ptrdiff_t count) {
    return std::vector<std::string>(uids.begin() + first, uids.begin() + first + count);
  };
  company.groups = {{"team-a", some(0, 6), {"team-b"}},      {"team-b", some(6, 6), {}},
                    {"team-c", some(12, 6), {"team-d"}},     {"team-d", some(18, 6), {"team-c"}},
                    {"pam-linux", some(24, 4), {"team-a"}},  {"pam-oracle", some(26, 6), {"team-c"}},
                    {"pam-storage", some(30, 10), {}},       {"iot-gates", some(22, 6), {"team-b"}},
                    {"iot-alerts", some(32, 4), {"team-d"}}, {"iot-plant", some(0, 9), {"team-a"}}};
  return company;
}

class GivenAServiceThatFollowsForLong : public World {
 protected:
  GivenAServiceThatFollowsForLong()
      : length_(figure_from_environment("DIRSYNC_SOAK_SECONDS", DIRSYNC_SOAK_SECONDS)),
        seed_(figure_from_environment("DIRSYNC_SEED", std::random_device{}())),
        dice_(seed_) {
    company = soaked_company();
    slapd_options_.global_lines = {"moduleload syncprov"};
    slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1",
                                     "syncprov-sessionlog 1000"};
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n"
        "empty_group = \"allow\"\n";
    configuration.directory_keys = "band = { at_least = 1000000 }\n";
    configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = true\n";
  }
  void SetUp() override {
    World::SetUp();
    std::cout << "DIRSYNC_SEED=" << seed_ << std::endl;
    proxy_.emplace(slapd_->tls_port(), TcpProxy::Fault::none, 0);
    configuration.ldap_uri = "ldaps://127.0.0.1:" + std::to_string(proxy_->port());
    configure();
    act({.told = "a branch",
         .records = "dn: " + std::string{kBranchBase} +
                    "\nchangetype: add\nobjectClass: organizationalUnit\nou: branch\n"});
    start_service();
    ASSERT_TRUE(comes_to_what_is_said(kByItself)) << story();
  }

  /// What went before, for whoever has to find out why it ended badly.
  std::string story() const {
    return "DIRSYNC_SEED=" + std::to_string(seed_) + "\n" + story_ +
           (service_ ? service_->err() : earlier_log_);
  }
  int told(std::string_view event) const {
    return occurrences(earlier_log_, event) + (service_ ? occurrences(service_->err(), event) : 0);
  }
  void start_service() { service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}}); }
  /// `number`: the signal that ends it.
  void end_service(int number) {
    service_->send_signal(number);
    auto const finished = service_->wait();
    earlier_log_ += finished.err;
    EXPECT_EQ(finished.exit, number == SIGTERM ? 0 : -number) << story();
    service_.reset();
  }

  /// Does it to the directory, and takes down who is in what from then on.
  void act(DirectoryAct const& what) {
    if (what.records.empty()) return;
    note(what.told);
    auto const began = now();
    modify_directory(what.records);
    content_ = content_from_ldif(slapd_->backup());
    auto const ended = now();
    vault_access_.note(content_, began, ended);
    console_access_.note(content_, began, ended);
    needs_further_runs_ = needs_further_runs_ || what.leaves_values;
  }
  void directory_changes() { act(random_directory_act(content_, dice_, ++fresh_)); }
  void somebody_is_hired() {
    auto const uid = "n" + std::to_string(++fresh_);
    auto const dn = dn_of_new_person(uid), mail = uid + "@example.com";
    vault_->edit(boost::json::serialize(
        boost::json::object{{"op", "create-user"}, {"username", uid}, {"source", "LDAP"}, {"userDN", dn}}));
    console_->edit(boost::json::serialize(boost::json::object{
        {"op", "add_user"},
        {"user", boost::json::object{{"userName", mail}, {"displayName", uid}, {"email", mail}}}}));
    auto const& group = dice_.pick(content_.groups).second;
    act({.told = uid + " is hired into " + group.cn,
         .records = record_of_new_person(uid) + record_of_joining(group.dn, dn)});
  }

  boost::json::object status() { return document(run({"status", "--json"})).as_object(); }
  std::string state_of_feed() { return text_at(status().at("feed").at("corp").as_object(), "state"); }
  bool waits_for_another_read() {
    auto const targets = status().at("targets").as_object();
    return std::ranges::any_of(targets, [](auto const& target) {
      return text_at(target.value().as_object(), "state") == "unconfirmed";
    });
  }
  void connections_are_cut() {
    note("connections are cut");
    proxy_->cut_all();
  }
  /// Its session log is in memory, and lost.
  void directory_restarts() {
    note("slapd restarts");
    slapd_->stop();
    slapd_->start();
  }
  /// Long enough for the service to know; so something may have to wait for another try.
  void directory_is_away() {
    note("slapd is away");
    slapd_->stop();
    EXPECT_TRUE(eventually([this] { return state_of_feed() == "down"; })) << story();
    slapd_->start();
  }
  void target_fails() {
    auto const is_vault = dice_.chance(2);
    auto const rule = random_target_fault(dice_, true);
    note((is_vault ? "vault " : "console ") + rule);
    (is_vault ? *vault_ : *console_).replace_faults("[" + rule + "]");
    needs_further_runs_ = true;
  }
  void service_is_killed() {
    note("service is killed");
    end_service(SIGKILL);
    if (dice_.chance(2)) directory_changes();
    start_service();
  }
  void cookies_are_spoilt() {
    std::vector<std::string> const ways{
        "cookie = x''",
        "cookie = x'ff00fe'",
        "cookie = CAST(substr(cookie, 1, length(cookie) / 2) AS BLOB)",
        "cookie = CAST(replace(CAST(cookie AS TEXT), 'csn=20', 'csn=30') AS BLOB)",  // a time to come
        "cookie = CAST(replace(CAST(cookie AS TEXT), 'csn=20', 'csn=10') AS BLOB)",  // long ago
        "cookie = CAST(replace(CAST(cookie AS TEXT), '#000#', '#007#') AS BLOB)",    // of another server
        "kind = 'dirsync'",
    };
    auto const& way = dice_.pick(ways);
    note("service stops; " + way);
    end_service(SIGTERM);
    output_of({"sqlite3", database(), "UPDATE feed_cookie SET " + way}, folder_.path());
    for (auto more = dice_.below(3); more > 0; --more) directory_changes();
    start_service();
  }

  void something_happens() {
    using Self = GivenAServiceThatFollowsForLong;
    using Act = void (Self::*)();
    constexpr std::array kFaults{Act{&Self::connections_are_cut}, &Self::directory_restarts,
                                 &Self::directory_is_away,        &Self::target_fails,
                                 &Self::service_is_killed,        &Self::cookies_are_spoilt};
    if (dice_.chance(6))
      (this->*dice_.pick(kFaults))();
    else if (dice_.chance(8))
      somebody_is_hired();
    else
      directory_changes();
  }

  enum Help { kByItself, kByFurtherRuns };
  /// Both targets as slapd's own content says. With `help` a person asks for runs meanwhile, which without it
  /// would come an hour later: what a target refused waits for one, and so do confirmations.
  bool comes_to_what_is_said(Help help) {
    auto const vault = content_.memberships("pam-", &PersonEntry::uid);
    auto const console = content_.memberships("iot-", &PersonEntry::mail);
    if (help == kByItself) {
      for (int waited = 0; waited < 12 && !needs_further_runs_; ++waited) {
        if (comes_to_hold(vault, console, seconds{20})) return true;
        // More than `confirm.removals_above` at once wait for another read.
        needs_further_runs_ = waits_for_another_read();
      }
      if (!needs_further_runs_) return false;
    }
    for (int asked = 0; asked < 24; ++asked) {
      if (comes_to_hold(vault, console, seconds{10})) return true;
      run({"retry"});
    }
    return false;
  }
  /// Some acts without a pause, then everything works again and must come to be as it should.
  void some_acts_and_calm() {
    needs_further_runs_ = false;
    for (auto left = 5 + dice_.below(20); left > 0 && !HasFailure(); --left) something_happens();
    for (auto* target : {&*vault_, &*console_}) target->replace_faults("[]");
    note("calm");
    ASSERT_TRUE(comes_to_what_is_said(needs_further_runs_ ? kByFurtherRuns : kByItself)) << story();
    ++calms_;
    if (needs_further_runs_) read_everything_again();
  }
  /// As the schedule would: what takes several looks to be certain is so then.
  void read_everything_again() {
    for (int looks = 0; looks < 2; ++looks) EXPECT_EQ(run({"sync"}).exit, 0) << story();
  }

  /// Nobody was taken out who was not out at some moment between the beginning of the run that did it and
  /// then.
  void expect_removals_explained() {
    std::map<std::int64_t, std::string> started;
    std::map<std::int64_t, bool> has_finished;
    auto const runs = document(run({"runs", "--json", "--limit", "1000000"})).as_object();
    for (auto const& value : runs.at("runs").as_array()) {
      auto const& one = value.as_object();
      auto const number = one.at("run").to_number<std::int64_t>();
      started[number] = text_at(one, "started");
      has_finished[number] = !text_at(one, "finished").empty();
    }
    for (auto const& row : audit({"--action", "remove"})) {
      if (text_at(row, "result") != "done") continue;
      auto number = row.at("run").to_number<std::int64_t>();
      // What a killed service had begun is told by the next run, and was decided after the last one that
      // ended.
      if (text_at(row, "phase") == "recovered")
        for (--number; started.contains(number) && !has_finished.at(number);) --number;
      auto const from = started.find(number);
      auto const& access = text_at(row, "target") == "vault" ? vault_access_ : console_access_;
      ++removals_;
      EXPECT_TRUE(access.was_out(text_at(row, "group"), text_at(row, "principal"),
                                 from == started.end() ? "" : from->second, text_at(row, "time")))
          << boost::json::serialize(row) << "\n"
          << story();
    }
  }

  unsigned length_;  // seconds
  unsigned seed_;    // does the same again, as far as the machine's own times let it
  sequences::Dice dice_;
  std::optional<TcpProxy> proxy_;
  std::unique_ptr<Process> service_;
  DirectoryContent content_;
  AccessLedger vault_access_{"pam-", &PersonEntry::uid}, console_access_{"iot-", &PersonEntry::mail};
  int fresh_ = 0, calms_ = 0, removals_ = 0;
  bool needs_further_runs_ = false;
  std::string story_, earlier_log_;

 private:
  void note(std::string const& what) { story_ += now() + ": " + what + "\n"; }
};

TEST_F(GivenAServiceThatFollowsForLong,
       WhenEverythingChangesAndFailsThenNobodyKeepsOrLosesWhatTheyShouldNot) {
  auto const end = steady_clock::now() + seconds{length_};
  do {
    ASSERT_NO_FATAL_FAILURE(some_acts_and_calm());
    ASSERT_FALSE(HasFailure()) << story();
  } while (steady_clock::now() < end);

  end_service(SIGTERM);
  expect_removals_explained();
  for (auto const* event :
       {"event=internal_error", "event=journal_failed", "event=plan_held", "event=full_read_differed"})
    EXPECT_EQ(told(event), 0) << event << "\n" << story();
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0) << "something was left to do\n" << story();
  EXPECT_TRUE(comes_to_what_is_said(kByItself)) << story();
  expect_chain_holds();
  std::cout << fresh_ << " changes, " << calms_ << " calms, " << removals_ << " removals, "
            << told("event=run_finished") << " runs" << std::endl;
}

}  // namespace
}  // namespace dirsync::test
