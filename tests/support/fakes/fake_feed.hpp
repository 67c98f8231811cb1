#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <string>
#include <utility>

#include "sync/ports/feed.hpp"

namespace dirsync::fake {

/// Answers what it is told to, one after the other.
class FakeFeed final : public Feed {
 public:
  explicit FakeFeed(boost::asio::any_io_executor executor)
      : wake_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  int asked = 0;
  FeedKind its_kind = FeedKind::syncrepl;
  std::string resumed_at;

  void answer(Result<FeedNews> answer) {
    answers_.push_back(std::move(answer));
    wake_.cancel();
  }
  FeedKind kind() const override { return its_kind; }
  void resume(std::string cookie) override { resumed_at = std::move(cookie); }
  boost::asio::awaitable<Result<FeedNews>> next() override {
    ++asked;
    boost::system::error_code woken;
    while (answers_.empty())
      co_await wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    co_return answer;
  }

 private:
  boost::asio::steady_timer wake_;
  std::deque<Result<FeedNews>> answers_;
};

}  // namespace dirsync::fake
