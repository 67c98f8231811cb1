// What waits for what at the desk of the control socket.
#include "daemon/control/desk.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <utility>

#include "daemon/control/headers.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::control {
namespace {
namespace asio = boost::asio;
using std::chrono::steady_clock;
using testing::HasSubstr;

/// Names of accounts come from a server that does not answer before it is let.
class GivenASlowNameService : public testing::Test {
 protected:
  static constexpr std::chrono::seconds kLongest{60};
  static inline uid_t const kStranger = ::geteuid() + 1;

  ~GivenASlowNameService() override { let_names_come(); }

  void ask(char const* method, char const* path, char const* body, std::optional<Page>& page,
           uid_t peer = kStranger, std::string const& person = "") {
    Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.peer = peer;
    if (!person.empty()) request.headers[kPersonHeader] = person;
    asio::co_spawn(io_, desk_.answer(std::move(request)), [&page](std::exception_ptr failure, Page answer) {
      EXPECT_FALSE(failure);
      page = std::move(answer);
    });
  }
  void run_until_there_is(std::optional<Page> const& page) {
    auto const end = steady_clock::now() + kLongest;
    while (!page && steady_clock::now() < end) io_.run_one_until(end);
  }
  void let_names_come() {
    if (!std::exchange(let_, true)) answers_.set_value();
  }
  /// Of the desk's threads; false: none began.
  bool waits_for_a_name() {
    io_.poll();
    return asked_.get_future().wait_for(kLongest) == std::future_status::ready;
  }

  TempFolder folder_;
  store::StateFolder state_ = store::StateFolder::open(folder_.path()).value();
  store::Store store_ = store::Store::open({state_}).value();
  asio::io_context io_{1};
  Events events_{io_.get_executor()};
  bool let_ = false;
  std::promise<void> answers_, asked_;
  std::optional<std::string> retried_;
  Desk desk_{io_.get_executor(),
             config::Config{},
             state_,
             {.ask_for_run = [](AskedRuns::Asked const&, AskedRuns::OnEnd const&) {},
              .on_change = [] {},
              .on_retry = [this](std::string const& target) { retried_ = target; },
              .feeds = [] { return watch::FeedStates{}; }},
             events_,
             [this, answers = answers_.get_future().share()](uid_t) {
               asked_.set_value();
               answers.wait();
               return std::string{"ann"};
             }};
};

TEST_F(GivenASlowNameService, WhenSomebodyDecidesThenWhoAsksForTheStatusNeedNotWait) {
  std::optional<Page> decision, status;
  ask("POST", "/v1/approve", R"({"digest": "aaaaaaaa"})", decision);
  ASSERT_TRUE(waits_for_a_name());
  ask("GET", "/v1/status", "", status);
  run_until_there_is(status);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->status, 200);
  EXPECT_FALSE(decision);
  let_names_come();
  run_until_there_is(decision);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->status, 400);
  EXPECT_THAT(std::string{decision->body.view()}, HasSubstr("aaaaaaaa"));
}

TEST_F(GivenASlowNameService, WhenTheServicesOwnAccountSaysForWhomItAsksThenItIsThatPerson) {
  std::optional<Page> frozen;
  ask("POST", "/v1/freeze", R"({"reason": "an audit"})", frozen, ::geteuid(), "uid:1000 (jane) via sudo");
  run_until_there_is(frozen);
  ASSERT_TRUE(frozen);
  EXPECT_EQ(frozen->status, 200) << frozen->body.view();
  EXPECT_EQ(store_.freezes().value().at(0).actor, "uid:1000 (jane) via sudo");
}

TEST_F(GivenASlowNameService, WhenAnybodyElseSaysForWhomTheyAskThenTheirAccountCounts) {
  let_names_come();
  std::optional<Page> frozen;
  ask("POST", "/v1/freeze", R"({"reason": "an audit"})", frozen, kStranger, "uid:1000 (jane)");
  run_until_there_is(frozen);
  ASSERT_TRUE(frozen);
  EXPECT_EQ(store_.freezes().value().at(0).actor, "uid:" + std::to_string(kStranger) + " (ann)");
}

TEST_F(GivenASlowNameService, WhenSomebodyRetriesThenWhoMakesTheRunsHearsOfIt) {
  std::optional<Page> taken;
  let_names_come();
  ask("POST", "/v1/retry", "{}", taken);
  run_until_there_is(taken);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, 200);
  EXPECT_EQ(retried_, "");
}

TEST_F(GivenASlowNameService, WhenARetryIsRefusedThenNobodyHearsOfIt) {
  std::optional<Page> refused;
  let_names_come();
  ask("POST", "/v1/retry", R"({"target": "vault"})", refused);
  run_until_there_is(refused);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 400) << "no such target is configured";
  EXPECT_FALSE(retried_);
}

}  // namespace
}  // namespace dirsync::control
