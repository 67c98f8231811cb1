// The service follows its directory's changes, as an administrator meets it: a real slapd with syncprov, and
// a schedule whose next run is an hour away.
#include <gmock/gmock.h>
#include <signal.h>

#include <functional>

#include "tests/support/net/free_port.hpp"
#include "tests/support/occurrences.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

class GivenAServiceThatFollows : public World {
 protected:
  GivenAServiceThatFollows() {
    slapd_options_.global_lines = {"moduleload syncprov"};
    slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1",
                                     "syncprov-sessionlog 10000"};
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    schedule("watch = true\n");
  }
  void schedule(std::string const& keys) {
    configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\n" + keys;
  }
  void SetUp() override {
    World::SetUp();
    start_service();
  }
  void start_service() {
    service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
    ASSERT_TRUE(says("event=run_finished")) << log();
    ASSERT_TRUE(in_sync()) << log();
  }
  std::string log() const { return service_->err(); }
  bool says(std::string_view part) const {
    return eventually([this, part] { return log().find(part) != std::string::npos; });
  }
  int runs() const { return occurrences(log(), "event=run_finished"); }
  bool in_sync(std::set<std::string> const& without = {}) { return comes_in_sync(without); }
  json::object feed() {
    auto const status = document(run({"status", "--json"})).as_object();
    return status.at("feed").at("corp").as_object();
  }
  bool feed_is(std::string_view state) {
    return eventually([this, state] { return text_at(feed(), "state") == state; });
  }
  std::string trigger_of_last_run() {
    auto const list = document(run({"runs", "--json", "--limit", "1"})).as_object();
    return text_at(list.at("runs").at(0).as_object(), "trigger");
  }
  Finished stop_service() {
    service_->send_signal(SIGTERM);
    return service_->wait();
  }

  std::unique_ptr<Process> service_;
};

TEST_F(GivenAServiceThatFollows, WhenAPersonIsDisabledThenTheyLoseTheirGroupsWithoutWaitingForTheSchedule) {
  ASSERT_TRUE(feed_is("following")) << log();
  EXPECT_EQ(text_at(feed(), "kind"), "syncrepl");
  EXPECT_EQ(text_at(feed(), "reason"), "");
  EXPECT_THAT(log(), HasSubstr("event=feed_up directory=corp kind=syncrepl"));
  disable("u12");
  EXPECT_TRUE(in_sync({"u12"})) << log();
  EXPECT_TRUE(eventually([this] { return trigger_of_last_run() == "feed"; }));
  join("u23", "team-b");
  EXPECT_TRUE(in_sync({"u12"})) << log();
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_THAT(log(), Not(HasSubstr("event=feed_down"))) << "the end is no failure";
  expect_chain_holds();
}

/// They are out, or in, before anything else is read, by a run of their own; the run of everything that
/// follows finds nothing left to do.
class GivenSomebodyWhoMoves : public GivenAServiceThatFollows {
 protected:
  /// After `change`, which ends at least one membership in the Vault.
  void expect_out_first(std::function<void()> const& change, std::set<std::string> const& without = {}) {
    expect_first("remove", change, without);
  }
  /// The same of one that begins.
  void expect_in_first(std::function<void()> const& change) { expect_first("add", change, {}); }

 private:
  void expect_first(std::string const& verb, std::function<void()> const& change,
                    std::set<std::string> const& without) {
    ASSERT_TRUE(feed_is("following")) << log();
    auto const calls_before = vault_->get("journal").as_array().size();
    auto const before = runs();
    change();
    ASSERT_TRUE(says("event=leavers_run")) << log();
    ASSERT_TRUE(in_sync(without)) << log();
    ASSERT_TRUE(eventually([this, before] { return runs() > before; })) << log();
    expect_ahead_of_lists(verb + "-member", calls_before);
    expect_triggers(verb);
    EXPECT_EQ(stop_service().exit, 0);
    expect_chain_holds();
  }
  void expect_ahead_of_lists(std::string const& route, std::size_t calls_before) {
    std::vector<std::pair<std::int64_t, std::string>> routes;  // since then, in the order of their arrival
    auto const calls = vault_->get("journal");
    for (auto const& call : calls.as_array()) {
      auto const& fields = call.as_object();
      // A search for one name is no list of everything.
      auto const is_search = text_at(fields, "target").find("?search=") != std::string::npos;
      routes.emplace_back(fields.at("seq").to_number<std::int64_t>(),
                          is_search ? "search-groups" : text_at(fields, "route"));
    }
    std::ranges::sort(routes);
    routes.erase(routes.begin(), routes.begin() + static_cast<std::ptrdiff_t>(calls_before));
    auto const first = [&routes](std::string_view name) {
      return std::ranges::find(routes, name, &std::pair<std::int64_t, std::string>::second) - routes.begin();
    };
    ASSERT_LT(first(route), static_cast<std::ptrdiff_t>(routes.size()));
    EXPECT_LT(first(route), first("list-groups"));
    EXPECT_LT(first(route), first("list-users"));
  }
  void expect_triggers(std::string const& verb) {
    auto const rows = audit({"--target", "vault", "--action", verb});
    ASSERT_FALSE(rows.empty());
    auto const run_of_row = rows.back().at("run").to_number<std::int64_t>();
    auto const list = document(run({"runs", "--json", "--limit", "9"})).as_object();
    auto const& all = list.at("runs").as_array();
    auto const found = std::ranges::find_if(all, [run_of_row](json::value const& one) {
      return one.as_object().at("run").to_number<std::int64_t>() == run_of_row;
    });
    ASSERT_NE(found, all.end());
    EXPECT_EQ(text_at(found->as_object(), "trigger"), "leavers");
    EXPECT_EQ(text_at(all.front().as_object(), "trigger"), "feed");
  }
};

TEST_F(GivenSomebodyWhoMoves, WhenTheyAreDisabledThenTheyAreOutBeforeTheVaultIsReadAsAWhole) {
  expect_out_first([this] { disable("u12"); }, {"u12"});
}

TEST_F(GivenSomebodyWhoMoves, WhenTheyLeaveAGroupThenTheyAreOutBeforeTheVaultIsReadAsAWhole) {
  expect_out_first([this] { leave("u16", "pam-unix"); });
}

TEST_F(GivenSomebodyWhoMoves, WhenTheyJoinAGroupThenTheyAreInBeforeTheVaultIsReadAsAWhole) {
  expect_in_first([this] { join("u14", "pam-unix"); });
}

TEST_F(GivenAServiceThatFollows, WhenThePersonIsDeletedThenTheyLoseTheirGroups) {
  ASSERT_TRUE(feed_is("following")) << log();
  modify_directory("dn: " + company.person("u12").dn() + "\nchangetype: delete\n");
  EXPECT_TRUE(eventually([this] { return trigger_of_last_run() == "feed"; })) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenAnAttributeThatNoRuleNeedsChangesThenNoRunBegins) {
  ASSERT_TRUE(feed_is("following")) << log();
  auto const before = runs();
  modify_directory("dn: " + company.person("u12").dn() +
                   "\nchangetype: modify\nreplace: description\ndescription: likes tea\n");
  disable("u12");
  ASSERT_TRUE(in_sync({"u12"})) << log();
  ASSERT_TRUE(eventually([this, before] { return runs() > before; }));
  EXPECT_EQ(runs(), before + 1) << "the second change alone";
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenTheDirectoryWasAwayThenWhatChangedMeanwhileIsFound) {
  ASSERT_TRUE(feed_is("following")) << log();
  slapd_->stop();
  ASSERT_TRUE(says("event=feed_down")) << log();
  EXPECT_TRUE(feed_is("down"));
  EXPECT_THAT(text_at(feed(), "reason"), Not(HasSubstr("Pass")));
  EXPECT_NE(text_at(feed(), "reason"), "");
  slapd_->start();
  disable("u12");
  EXPECT_TRUE(in_sync({"u12"})) << log();
  EXPECT_TRUE(feed_is("following"));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenTheServiceWasAwayThenWhatChangedMeanwhileIsFound) {
  ASSERT_TRUE(feed_is("following")) << log();
  ASSERT_EQ(stop_service().exit, 0);
  disable("u12");
  service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
  EXPECT_TRUE(in_sync({"u12"})) << log();
  EXPECT_TRUE(feed_is("following"));
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenReloadedThenTheNewConfigurationSaysWhetherItFollows) {
  ASSERT_TRUE(feed_is("following")) << log();
  schedule("watch = false\n");
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reloaded")) << log();
  EXPECT_TRUE(feed_is("off"));
  EXPECT_EQ(text_at(feed(), "kind"), "none");
  schedule("watch = true\n");
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(feed_is("following")) << log();
  disable("u12");
  EXPECT_TRUE(in_sync({"u12"})) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenManyChangeAtOnceThenFewRunsFollow) {
  ASSERT_TRUE(feed_is("following")) << log();
  auto const before = runs();
  std::string changes;
  for (auto at = 0; at < 500; ++at) {
    auto const* const act = at % 2 == 0 ? "add" : "delete";
    changes += "dn: " + company.person("u12").dn() + "\nchangetype: modify\n" + act +
               ": employeeType\nemployeeType: disabled\n\n";
  }
  modify_directory(changes);
  disable("u13");
  EXPECT_TRUE(in_sync({"u13"})) << log();
  EXPECT_LT(runs() - before, 100) << "a run for each change, or nearly so";
  EXPECT_EQ(stop_service().exit, 0);
}

TEST_F(GivenAServiceThatFollows, WhenNoServiceRunsThenStatusSaysThatNobodyFollows) {
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_EQ(text_at(feed(), "state"), "off");
  EXPECT_EQ(text_at(feed(), "kind"), "none");
  EXPECT_TRUE(feed().at("since").is_null());
}

class GivenAServiceWithMetrics : public GivenAServiceThatFollows {
 protected:
  void SetUp() override {
    configuration.service_keys = "http_listen = \"" + endpoint_ + "\"\n";
    GivenAServiceThatFollows::SetUp();
  }
  bool shows(std::string_view line) {
    return eventually([this, line] {
      Process curl{{"curl", "-s", "http://" + endpoint_ + "/metrics"}, folder_.path(), "curl"};
      return curl.wait().out.find(line) != std::string::npos;
    });
  }
  std::string const endpoint_ = "127.0.0.1:" + std::to_string(free_port());
};

TEST_F(GivenAServiceWithMetrics, WhenTheFeedGoesAndComesThenTheyShowIt) {
  EXPECT_TRUE(shows(R"(dirsyncd_feed_state{directory="corp",kind="syncrepl"} 1)")) << log();
  disable("u12");
  EXPECT_TRUE(shows(R"(dirsyncd_feed_events_total{directory="corp"} 1)")) << log();
  slapd_->stop();
  EXPECT_TRUE(shows(R"(dirsyncd_feed_state{directory="corp",kind="syncrepl"} 0)")) << log();
  slapd_->start();
  EXPECT_TRUE(shows(R"(dirsyncd_feed_state{directory="corp",kind="syncrepl"} 1)")) << log();
  EXPECT_EQ(stop_service().exit, 0);
}

/// As a server does that is deaf behind a proxy, or an account that sees entries from now on which it did
/// not.
TEST_F(GivenAServiceWithMetrics, WhenTheFeedDoesNotTellOfAChangeThenTheNextReadFindsAndCountsIt) {
  ASSERT_TRUE(feed_is("following")) << log();
  EXPECT_TRUE(shows(R"(dirsyncd_full_read_differences_total{directory="corp"} 0)")) << log();
  auto& team = company.group("team-a");
  ASSERT_EQ(std::erase(team.people, "u04"), 1U);
  slapd_->modify_unseen("dn: " + team.dn() +
                        "\nchangetype: modify\ndelete: member\nmember: " + company.person("u04").dn() + "\n");
  sync(0);
  ASSERT_TRUE(in_sync()) << log();
  EXPECT_THAT(log(), Not(HasSubstr("event=full_read_differed"))) << "the feed may only be late";
  sync(0);
  EXPECT_THAT(log(), HasSubstr("event=full_read_differed directory=corp count=2 entries="))
      << "slapmodify gives the group another entryUUID: it is gone, and there is a new one";
  EXPECT_TRUE(shows(R"(dirsyncd_full_read_differences_total{directory="corp"} 2)")) << log();
  join("u23", "team-b");
  ASSERT_TRUE(in_sync()) << log();
  sync(0);
  sync(0);
  EXPECT_TRUE(shows(R"(dirsyncd_full_read_differences_total{directory="corp"} 2)")) << "it told of that one";
  EXPECT_EQ(stop_service().exit, 0);
}

}  // namespace
}  // namespace dirsync::test
