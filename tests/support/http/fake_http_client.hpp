#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/http/client.hpp"

namespace dirsync::test {

/// Answers from a function of the test, and keeps what was asked. No network.
class FakeHttpClient final : public http::Client {
 public:
  using Handler = std::function<Result<http::Response>(http::Request const&)>;
  explicit FakeHttpClient(Handler handler) : handler_(std::move(handler)) {}

  boost::asio::awaitable<Result<http::Response>> send(http::Request request) override;
  void forget_cookies() override { ++cookies_forgotten; }

  /// Requests of this method whose path begins so.
  std::vector<http::Request> asked(http::Method method, std::string_view path) const;

  std::vector<http::Request> requests;
  int cookies_forgotten = 0;

 private:
  Handler handler_;
};

/// First value; empty when absent. Exact name.
std::string header_of(http::Request const& request, std::string_view name);

http::Response answer(int status, std::string body, std::string content_type = "application/json");

}  // namespace dirsync::test
