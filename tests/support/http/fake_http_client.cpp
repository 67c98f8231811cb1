#include "tests/support/http/fake_http_client.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dirsync::test {

boost::asio::awaitable<Result<http::Response>> FakeHttpClient::send(http::Request request) {
  // As with a real client, others run before the answer comes.
  auto const executor = co_await boost::asio::this_coro::executor;
  co_await boost::asio::post(executor, boost::asio::use_awaitable);
  requests.push_back(request);
  co_return handler_(request);
}

std::vector<http::Request> FakeHttpClient::asked(http::Method method, std::string_view path) const {
  std::vector<http::Request> found;
  for (auto const& request : requests)
    if (request.method == method && request.path.starts_with(path)) found.push_back(request);
  return found;
}

std::string header_of(http::Request const& request, std::string_view name) {
  auto const found = std::ranges::find(request.headers, name, &http::Header::name);
  return found == request.headers.end() ? std::string{} : found->value;
}

http::Response answer(int status, std::string body, std::string content_type) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  if (!content_type.empty()) response.headers.push_back({"Content-Type", std::move(content_type)});
  return response;
}

}  // namespace dirsync::test
