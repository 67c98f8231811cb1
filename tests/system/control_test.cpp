// What the control socket can be asked: as commands use it, and as anybody with an HTTP client may.
#include <gmock/gmock.h>

#include <boost/asio/read_until.hpp>

#include "tests/system/service_at_rest.hpp"

namespace dirsync::test {
namespace {
namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
using asio::local::stream_protocol;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

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
  auto const table = [](std::string const& out) {
    return out.substr(0, std::min(out.find("no instance"), out.find("instance running")));
  };
  EXPECT_EQ(table(alone.out), table(text.out));
}

TEST_F(GivenAServiceAtRest, WhenPlanAndSyncAreAskedForThenTheyAreTheSameWithAndWithoutTheService) {
  join("u23", "team-b");
  forget_calls();
  auto const planned = run({"plan", "--detailed-exitcode"});
  EXPECT_EQ(planned.exit, 3) << planned.err;
  auto const planned_json = run({"plan", "--json"});
  EXPECT_EQ(planned_json.exit, 0);
  EXPECT_EQ(json::parse(body_of(get("/v1/plan"))), document(planned_json));
  EXPECT_THAT(run({"plan", "--rule", "nosuch"}).err, HasSubstr("no rule nosuch"));
  EXPECT_EQ(run({"plan", "--rule", "nosuch"}).exit, 2);
  auto const unknown = run({"plan", "--group", "nobody-has-this"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("\"nobody-has-this\""));
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
  EXPECT_THAT(synced.out, AllOf(HasSubstr("\nPlan: "), HasSubstr("\nResult: ")));
  EXPECT_THAT(added.out, AllOf(HasSubstr("\nPlan: "), HasSubstr("\nResult: ")));
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

/// Leavers are in no digest that is approved.
class GivenAServiceWithoutALimitOfRemovals : public GivenAServiceAtRest {
 protected:
  GivenAServiceWithoutALimitOfRemovals() { configuration.limits_keys += "removals = \"off\"\n"; }
};

TEST_F(GivenAServiceWithoutALimitOfRemovals, WhenMorePeopleLeaveThanSomebodySaidYesToThenNothingIsSent) {
  join("u22", "team-b");
  join("u23", "team-b");
  ASSERT_THAT(post("/v1/sync", "{}"), HasSubstr("dirsyncd-exit: 0"));
  disable("u22");
  forget_calls();
  auto const asked = post("/v1/sync", R"({"ask": true})");
  EXPECT_THAT(asked, HasSubstr("dirsyncd-question: "));
  disable("u23");
  constexpr std::string_view kHeader = "dirsyncd-expect: ";
  auto const at = asked.find(kHeader);
  ASSERT_NE(at, std::string::npos);
  auto const expect = R"({"expect": ")" + asked.substr(at + kHeader.size(), 64) + "\"}";
  EXPECT_THAT(post("/v1/sync", expect),
              AllOf(HasSubstr("dirsyncd-exit: 4"), HasSubstr("the plan is another by now")));
  EXPECT_EQ(writes(), 0);
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

TEST_F(GivenAServiceAtRest, WhenOneAccountHoldsManyConnectionsThenItIsToldAndTheServiceGoesOn) {
  std::vector<stream_protocol::socket> watchers;
  for (int n = 0; n < 128; ++n) {
    watchers.push_back(connect());
    say(watchers.back(), "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::string head;
    asio::read_until(watchers.back(), asio::dynamic_buffer(head), "\r\n\r\n");
  }
  EXPECT_THAT(get("/v1/status"), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("\"busy\"")));
  auto const refused = run({"status"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.err, HasSubstr("too many connections"));
  watchers.clear();
  EXPECT_TRUE(eventually([this] { return get("/v1/status").starts_with("HTTP/1.1 200"); }));
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
  auto const asked = vault_->requests();
  say(running, posting("/v1/sync", "{}"));
  ASSERT_TRUE(eventually([this, asked] { return vault_->requests() > asked; }));
  say(waiting, posting("/v1/sync", R"({"dry_run": true})"));
  auto command = start({"plan", "--group", "x"});
  // Both have been taken in once a third, whose name is looked up as theirs are, is answered.
  EXPECT_THAT(post("/v1/approve", R"({"digest": "aaaaaaaa"})"), StartsWith("HTTP/1.1 400"));
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
  EXPECT_THAT(finished.err, AllOf(HasSubstr("the service ended; `dirsyncd --config "),
                                  HasSubstr(" runs` tells what was done")));
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
  EXPECT_THAT(get("/v1/plan?rule=%FF"), AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("UTF-8")));
  EXPECT_THAT(get("/v1/status"), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServiceAtRest, WhenTheLengthOfABodyIsALieThenNoOtherRunIsMade) {
  join("u23", "team-b");
  forget_calls();
  auto const before = runs();
  std::string const head = "POST /v1/sync HTTP/1.1\r\nHost: localhost\r\n", body = R"({"dry_run": true})";
  EXPECT_THAT(answer_to(head + "\r\n" + body),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("Content-Length")));
  EXPECT_THAT(answer_to(head + "Content-Length: 0\r\n\r\n" + body), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to(posting("/v1/sync", body) + posting("/v1/sync", "{}")), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to(head + "Content-Length: 2\r\nContent-Length: 17\r\n\r\n" + body),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to(head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + body),
              StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(runs(), before);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenAServiceAtRest, WhenSomebodyWatchesThenEventsComeAsTheyAreTold) {
  auto watcher = connect();
  say(watcher, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
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
  EXPECT_THAT(approved.out, HasSubstr("approved " + digest.substr(0, 12) + ";"));
  auto const rows = audit({"--action", "approve"});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(text_at(rows.front(), "actor"), StartsWith("uid:"));
  EXPECT_EQ(run({"sync"}).exit, 0);
  expect_in_sync();
  expect_chain_holds();
}

}  // namespace
}  // namespace dirsync::test
