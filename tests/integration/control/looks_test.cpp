// What the store tells whoever looks, over HTTP.
#include "daemon/control/looks.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <optional>

#include "tests/support/temp_folder.hpp"

namespace dirsync::control {
namespace {
namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::SizeIs;

/// A store with one membership, of ada in "ops" of the Vault.
class GivenAStoreToLookAt : public testing::Test {
 protected:
  GivenAStoreToLookAt() {
    auto const run =
        store_.begin_run({std::chrono::system_clock::now(), "sync", "uid:0 (root)", "c"}).value();
    Change change;
    change.n = 1;
    change.target = "vault";
    change.verb = Verb::add;
    change.group = "ops";
    change.group_id = "7";
    change.principal = "ada";
    change.principal_id = "12";
    change.dn = "uid=ada,dc=example,dc=com";
    change.id = EntryId{"entry-ada"};
    change.rule = "all";
    change.path = "cn=ops > uid=ada,dc=example,dc=com";
    auto const intent = store_.intend(run, PlanDigest{"plan-1"}, "daemon", {&change, 1}).value().at(0);
    EXPECT_TRUE(store_.settle(intent, {change, Outcome::done, ""}));
  }

  Page ask(std::string path, std::map<std::string, std::string> query = {}, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    std::optional<Page> page;
    asio::co_spawn(io_, looks_.answer(std::move(request)), [&page](std::exception_ptr failure, Page answer) {
      EXPECT_FALSE(failure);
      page = std::move(answer);
    });
    auto const end = steady_clock::now() + std::chrono::seconds{60};
    io_.restart();
    while (!page && steady_clock::now() < end) io_.run_one_until(end);
    EXPECT_TRUE(page);
    return page.value_or(Page{});
  }
  json::object document(std::string path, std::map<std::string, std::string> query = {}) {
    auto const page = ask(std::move(path), std::move(query));
    EXPECT_EQ(page.status, 200) << page.body.view();
    return json::parse(page.body.view()).as_object();
  }

  TempFolder folder_;
  store::StateFolder state_ = store::StateFolder::open(folder_.path()).value();
  store::Store store_ = store::Store::open({state_}).value();
  asio::io_context io_{1};
  std::map<std::string, Time> certificates_{
      {"vault", std::chrono::system_clock::now() + std::chrono::hours{50}}};
  Looks looks_{io_.get_executor(), config::Config{}, state_, [this] { return certificates_; }};
};

TEST_F(GivenAStoreToLookAt, WhenSomebodySearchesThenPeopleAndGroupsAreFound) {
  auto const found = document("/v1/search", {{"q", "AD"}});
  ASSERT_THAT(found.at("people").as_array(), SizeIs(1));
  auto const& ada = found.at("people").as_array()[0].as_object();
  EXPECT_EQ(ada.at("id").as_string(), "entry-ada");
  EXPECT_EQ(ada.at("names").as_array()[0].at("principal").as_string(), "ada");
  EXPECT_FALSE(found.at("more").as_bool());
  auto const groups = document("/v1/search", {{"q", "op"}}).at("groups").as_array();
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].at("group").as_string(), "ops");
  EXPECT_EQ(groups[0].at("members").as_int64(), 1);
}

TEST_F(GivenAStoreToLookAt, WhenAccessIsAskedForThenItIsAsTheCommandsTellIt) {
  auto const who = document("/v1/who", {{"group", "OPS"}});
  EXPECT_EQ(who.at("members").as_array()[0].at("principal").as_string(), "ada");
  auto const why = document("/v1/why", {{"user", "ada"}, {"group", "ops"}});
  EXPECT_EQ(why.at("decision").as_string(), "granted");
  EXPECT_EQ(why.at("paths").as_array()[0].as_array().size(), 2U);
  auto const person = document("/v1/person", {{"user", "entry-ada"}});
  EXPECT_EQ(person.at("memberships").as_array()[0].at("group").as_string(), "ops");
  auto const before_all = document("/v1/person", {{"user", "ada"}, {"at", "9d"}});
  EXPECT_EQ(before_all.at("memberships").as_array().size(), 0U);
  EXPECT_EQ(before_all.at("people").as_array().at(0).at("id").as_string(), "entry-ada")
      << "known all the same";
  EXPECT_EQ(document("/v1/person", {{"user", "nobody"}}).at("people").as_array().size(), 0U);
  EXPECT_THAT(std::string{ask("/v1/who", {{"group", "nothing"}}).body.view()},
              HasSubstr("never had anything"));
}

TEST_F(GivenAStoreToLookAt, WhenHistoryIsAskedForThenRunsRowsAndDaysAreThere) {
  auto const runs = document("/v1/runs").at("runs").as_array();
  ASSERT_EQ(runs.size(), 1U);
  auto const oldest = boost::json::serialize(runs[0].at("run"));
  EXPECT_EQ(document("/v1/runs", {{"before", oldest}}).at("runs").as_array().size(), 0U);
  EXPECT_EQ(document("/v1/run", {{"run", "1"}}).at("run").as_int64(), 1);
  EXPECT_EQ(ask("/v1/run", {{"run", "2"}}).status, 400);
  auto const log = document("/v1/log", {{"user", "ada"}, {"limit", "1"}});
  ASSERT_EQ(log.at("rows").as_array().size(), 1U);
  EXPECT_EQ(log.at("rows").as_array()[0].at("verb").as_string(), "add");
  EXPECT_FALSE(log.at("more").as_bool());
  auto const days = document("/v1/days").at("days").as_array();
  ASSERT_EQ(days.size(), 30U);
  EXPECT_EQ(days.back().at("added").as_int64(), 1);
  EXPECT_TRUE(days.back().at("p50_ms").is_null());
}

TEST_F(GivenAStoreToLookAt, WhenHealthIsAskedForThenDaysOfCertificatesAreThere) {
  auto const health = document("/v1/health");
  EXPECT_EQ(health.at("certificates").as_array()[0].at("days").as_int64(), 2);
  EXPECT_GT(health.at("store").at("bytes").as_int64(), 0);
  EXPECT_TRUE(health.at("run").is_null());
}

TEST_F(GivenAStoreToLookAt, WhenAQueryIsNotUnderstoodThenItIsSaid) {
  for (auto const& [path, query] : std::vector<std::pair<std::string, std::map<std::string, std::string>>>{
           {"/v1/search", {{"q", "a"}, {"limit", "1000000"}}},
           {"/v1/search", {{"Q", "a"}}},
           {"/v1/search", {{"q", std::string(5000, 'a')}}},
           {"/v1/who", {}},
           {"/v1/why", {{"group", "ops"}}},
           {"/v1/who", {{"group", "ops"}, {"at", "soon"}}},
           {"/v1/log", {{"limit", "0"}}},
           {"/v1/log", {{"before", "x"}}},
           {"/v1/days", {{"days", "4000"}}},
           {"/v1/health", {{"x", ""}}}})
    EXPECT_EQ(ask(path, query).status, 400) << path;
  EXPECT_EQ(ask("/v1/search", {}, "POST").status, 405);
}

TEST_F(GivenAStoreToLookAt, WhenAPathIsAnothersThenItIsNotKnown) {
  for (auto const* const path : {"/v1/status", "/v1/sync", "/v1/", "/v1/log/", "/", ""})
    EXPECT_FALSE(Looks::knows(path)) << path;
  for (auto const* const path : {"/v1/search", "/v1/log", "/v1/health"})
    EXPECT_TRUE(Looks::knows(path)) << path;
}

}  // namespace
}  // namespace dirsync::control
