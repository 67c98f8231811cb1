#include "daemon/doctor/url_look.hpp"

#include <boost/asio/this_coro.hpp>

#include "sync/console/session/tokens.hpp"
#include "sync/http/curl_client.hpp"

namespace dirsync::doctor {
namespace asio = boost::asio;
namespace {

asio::awaitable<UrlFinding> look_at(http::ClientSettings settings, std::string url) {
  UrlFinding found;
  found.url = url;
  settings.urls = {std::move(url)};
  settings.retry.attempts = 1;
  http::Surroundings surroundings;
  surroundings.on_certificate = [&found](PeerCertificate const& shown) { found.certificate = shown; };
  auto const executor = co_await asio::this_coro::executor;
  auto client = http::open_client(executor, std::move(settings), std::move(surroundings));
  if (!client) {
    found.error = client.error();
    co_return found;
  }
  http::Request request;
  request.path = "/";
  request.route = "/";
  auto sending = (*client)->send(std::move(request));
  auto const response = co_await std::move(sending);
  if (response) {
    found.status = response->status;
    if (auto const date = console::parse_http_date(response->header("date")))
      found.ahead = std::chrono::round<std::chrono::milliseconds>(std::chrono::system_clock::now() - *date);
  } else if (response.error().code != http::HttpErrc::bad_redirect) {
    // One that leads elsewhere is an answer as good as any: nobody asked for a page.
    found.error = response.error();
  }
  co_return found;
}

}  // namespace

asio::awaitable<std::vector<UrlFinding>> look_at_urls(http::ClientSettings settings) {
  std::vector<UrlFinding> findings;
  for (auto const& url : settings.urls) {
    auto looking = look_at(settings, url);
    auto finding = co_await std::move(looking);
    findings.push_back(std::move(finding));
  }
  co_return findings;
}

}  // namespace dirsync::doctor
