#pragma once
// An HTTP client without a network: answers come from a script, bodies in small pieces.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sync/http/client.hpp"

namespace dirsync::test {

struct ScriptedAnswer {
  int status = 200;
  std::string body;
  std::optional<http::HttpErrc> error;  // instead of an answer
};

/// Shared by the test and the client that the object under test owns.
struct Script {
  struct Sent {
    std::string call;  // "GET /API/Users?ExtendedDetails=true"
    std::string body, authorization;
    std::optional<std::size_t> only_at;
  };
  std::map<std::string, std::deque<ScriptedAnswer>> answers;  // by call; the last one of a call repeats
  std::vector<Sent> sent;
  int forgotten_cookies = 0;
  std::size_t logon_at = 0;  // the URL that answers calls that may go to any

  void on(std::string const& call, std::vector<ScriptedAnswer> given) {
    answers[call] = {given.begin(), given.end()};
  }
  long count(std::string_view call) const {
    return std::ranges::count_if(sent, [call](Sent const& each) { return each.call == call; });
  }
};

class ScriptedClient final : public http::Client {
 public:
  explicit ScriptedClient(std::shared_ptr<Script> script) : script_{std::move(script)} {}

  boost::asio::awaitable<Result<http::Response>> send(http::Request request) override {
    constexpr char const* kMethods[] = {"GET ", "POST ", "PUT ", "DELETE "};
    auto const call = kMethods[static_cast<int>(request.method)] + request.path;
    std::string authorization;
    for (auto const& header : request.headers)
      if (header.name == "Authorization") authorization = header.value;
    script_->sent.push_back(
        {.call = call, .body = request.body, .authorization = authorization, .only_at = request.only_at});
    // Others get their turn, as with a real network.
    auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    auto const answer = next(call);
    if (answer.error) co_return Error{*answer.error, call};
    http::Response response;
    response.status = answer.status;
    response.from = request.only_at.value_or(script_->logon_at);
    if (request.make_sink && answer.status >= 200 && answer.status < 300) {
      response.sink = request.make_sink();
      constexpr std::size_t kPiece = 7;
      for (std::size_t at = 0; at < answer.body.size(); at += kPiece)
        response.sink->write(std::string_view{answer.body}.substr(at, kPiece));
    } else {
      response.body = answer.body;
    }
    co_return response;
  }
  void forget_cookies() override { ++script_->forgotten_cookies; }

 private:
  ScriptedAnswer next(std::string const& call) {
    auto const found = script_->answers.find(call);
    if (found == script_->answers.end()) return {404, "<html>not in the script</html>", {}};
    auto answer = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return answer;
  }

  std::shared_ptr<Script> script_;
};

}  // namespace dirsync::test
