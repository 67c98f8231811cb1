#include "sync/rest/login_lock.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

namespace dirsync::rest {
namespace {
namespace asio = boost::asio;

/// A session of several callers; each logon takes a turn of the event loop.
class GivenCallersWithoutASession : public testing::Test {
 protected:
  asio::awaitable<Result<int>> log_on() {
    ++logons;
    EXPECT_FALSE(busy) << "two logons at once";
    busy = true;
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    busy = false;
    if (refuses) {
      refused = Error{make_error_code(boost::system::errc::permission_denied), "refused"};
      co_return *refused;
    }
    token = logons;
    co_return logons;
  }
  asio::awaitable<void> call() {
    std::function<std::optional<Result<int>>()> const known = [this]() -> std::optional<Result<int>> {
      if (refused) return *refused;
      if (token > 0) return token;
      return std::nullopt;
    };
    std::function<asio::awaitable<Result<int>>()> const logon = [this] { return log_on(); };
    auto got = co_await lock.session<int>(known, logon);
    results.push_back(got ? *got : -1);
  }
  void run(int callers) {
    for (int caller = 0; caller < callers; ++caller) asio::co_spawn(io, call(), asio::detached);
    io.run();
  }

  asio::io_context io;
  LoginLock lock;
  int logons = 0, token = 0;
  bool busy = false, refuses = false;
  std::optional<Error> refused;
  std::vector<int> results;
};

TEST_F(GivenCallersWithoutASession, WhenAllNeedOneThenOneLogsOnForAll) {
  run(5);
  EXPECT_EQ(logons, 1);
  EXPECT_EQ(results, (std::vector{1, 1, 1, 1, 1}));
}

TEST_F(GivenCallersWithoutASession, WhenTheLogonIsRefusedThenNobodyTriesAgain) {
  refuses = true;
  run(5);
  EXPECT_EQ(logons, 1);
  EXPECT_EQ(results, (std::vector{-1, -1, -1, -1, -1}));
}

}  // namespace
}  // namespace dirsync::rest
