#include "sync/rest/sending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync/rest/look_until.hpp"
#include "sync/rest/outcomes.hpp"
#include "sync/rest/path.hpp"
#include "tests/support/http/fake_http_client.hpp"

namespace dirsync::rest {
namespace {
namespace asio = boost::asio;
using http::HttpErrc;
using testing::HasSubstr;

/// Answers like a server that takes its time, and as libcurl when it is cancelled meanwhile.
class SlowSession final : public Sender {
 public:
  asio::awaitable<Result<http::Response>> send(http::Request) override {
    ++sent;
    if (on_sent) on_sent();
    asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::milliseconds{1}};
    boost::system::error_code ended;
    auto token = asio::redirect_error(asio::use_awaitable, ended);
    co_await timer.async_wait(token);
    if (ended) co_return Error{HttpErrc::cancelled, "PUT https://a.example/x"};
    co_return test::answer(status, "{}");
  }
  int sent = 0, status = 200;
  std::function<void()> on_sent;
};

class GivenAChangeToSend : public testing::Test {
 protected:
  using Work = std::function<asio::awaitable<std::vector<Applied>>(Sending&)>;

  static Write write() { return {http::Method::put, Path::fixed("/x"), "{}"}; }

  asio::awaitable<std::vector<Applied>> send_and_look(Sending& sending) {
    auto request = write();
    auto const answer = co_await sending.send(session, std::move(request));
    if (after_answer) after_answer();
    co_await pause(std::chrono::milliseconds{1});
    ++looks;
    co_return for_all(1, applied(answer ? Outcome::done : Outcome::failed));
  }
  std::vector<Applied> run() {
    return run([this](Sending& sending) { return send_and_look(sending); });
  }
  std::vector<Applied> run(Work work) {
    std::vector<Applied> results;
    asio::co_spawn(io, send_and_settle(1, work),
                   asio::bind_cancellation_slot(
                       stop.slot(), [this, &results](std::exception_ptr failure, std::vector<Applied> came) {
                         thrown = failure != nullptr;
                         results = std::move(came);
                       }));
    io.run();
    return results;
  }
  void cancel_soon() {
    asio::post(io, [this] { stop.emit(asio::cancellation_type::terminal); });
  }

  asio::io_context io;
  asio::cancellation_signal stop;
  SlowSession session;
  int looks = 0;
  bool thrown = false;
  std::function<void()> after_answer;
};

TEST_F(GivenAChangeToSend, WhenNothingCancelsThenTheOutcomeIsThatOfTheWork) {
  auto const results = run();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, Outcome::done);
}

TEST_F(GivenAChangeToSend, WhenCancelledInFlightThenTheOutcomeIsUnknownAndNothingIsThrown) {
  session.on_sent = [this] { cancel_soon(); };
  auto const results = run();
  EXPECT_FALSE(thrown);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, Outcome::unknown);
  EXPECT_THAT(results[0].detail, HasSubstr("cancelled"));
  EXPECT_EQ(looks, 0);
}

TEST_F(GivenAChangeToSend, WhenCancelledBetweenAnswerAndLookThenTheOutcomeIsUnknown) {
  after_answer = [this] { cancel_soon(); };
  auto const results = run();
  EXPECT_FALSE(thrown);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, Outcome::unknown);
}

TEST_F(GivenAChangeToSend, WhenCancelledAfterARefusalThenNothingMayHaveBeenDone) {
  session.status = 403;
  after_answer = [this] { cancel_soon(); };
  auto const results = run();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, Outcome::skipped);
}

TEST_F(GivenAChangeToSend, WhenTheWorkIsCancelledBeforeItSendsThenItIsSkipped) {
  Work const work = [this](Sending&) -> asio::awaitable<std::vector<Applied>> {
    cancel_soon();
    co_await pause(std::chrono::hours{1});
    co_return for_all(2, applied(Outcome::done));
  };
  std::vector<Applied> results;
  asio::co_spawn(
      io, send_and_settle(2, work),
      asio::bind_cancellation_slot(stop.slot(), [&results](std::exception_ptr, std::vector<Applied> came) {
        results = std::move(came);
      }));
  io.run();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].outcome, Outcome::skipped);
  EXPECT_EQ(session.sent, 0);
}

TEST_F(GivenAChangeToSend, WhenWaitsDoNotThrowAndALookIsCancelledThenNoOtherLookFollows) {
  Look<int> const look = [this]() -> asio::awaitable<Result<std::optional<int>>> {
    ++looks;
    stop.emit(asio::cancellation_type::terminal);
    co_return Error{HttpErrc::cancelled, "GET https://a.example/x"};
  };
  Work const work = [this, &look](Sending& sending) -> asio::awaitable<std::vector<Applied>> {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto request = write();
    static_cast<void>(co_await sending.send(session, std::move(request)));
    static_cast<void>(co_await look_until<int>({}, look));
    co_return for_all(1, applied(Outcome::failed));
  };
  auto const results = run(work);
  EXPECT_FALSE(thrown);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, Outcome::unknown);
  EXPECT_EQ(looks, 1);
}

class GivenLooks : public testing::Test {
 protected:
  Result<std::optional<int>> look_until_settled(std::vector<Result<std::optional<int>>> seen) {
    Result<std::optional<int>> result{std::optional<int>{}};
    Look<int> const look = [this, &seen]() -> asio::awaitable<Result<std::optional<int>>> {
      co_return seen[static_cast<std::size_t>(count++)];
    };
    asio::co_spawn(
        io, look_until<int>({}, look),
        [&result](std::exception_ptr, Result<std::optional<int>> came) { result = std::move(came); });
    io.run();
    return result;
  }
  asio::io_context io;
  int count = 0;
  Result<std::optional<int>> const nothing{std::optional<int>{}};
  Result<std::optional<int>> const failed{Error{HttpErrc::cut, "GET"}};
};

TEST_F(GivenLooks, WhenOneSettlesThenNoOtherFollows) {
  EXPECT_EQ(*look_until_settled({failed, std::optional{7}, nothing}), 7);
  EXPECT_EQ(count, 2);
}

TEST_F(GivenLooks, WhenNoneSettlesThenTheLastOneTells) {
  EXPECT_EQ(*look_until_settled({nothing, failed, nothing}), std::nullopt);
  EXPECT_EQ(count, 3);
}

TEST_F(GivenLooks, WhenTheLastOneFailsThenThatIsTheError) {
  EXPECT_FALSE(look_until_settled({nothing, nothing, failed}));
}

}  // namespace
}  // namespace dirsync::rest
