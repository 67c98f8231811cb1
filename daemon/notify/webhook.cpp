#include <boost/asio/this_coro.hpp>

#include "daemon/notify/errors.hpp"
#include "daemon/notify/receiver.hpp"
#include "sync/http/curl_client.hpp"

namespace dirsync::notify {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds kPostDeadline{10};
constexpr std::size_t kLargestAnswer = 8U << 20;  // bytes; nobody reads it, but a longer one is no answer

/// RFC 9110: the request is wrong as it is. 408 and 429 only ask for another time.
bool is_refusal(int status) { return status >= 400 && status < 500 && status != 408 && status != 429; }

class WebhookReceiver final : public Receiver {
 public:
  WebhookReceiver(config::Webhook webhook, std::unique_ptr<http::Client> client)
      : webhook_(std::move(webhook)), host_(config::host_of(webhook_)), client_(std::move(client)) {}

  std::size_t most_at_a_time() const override { return 1; }

  asio::awaitable<Result<void>> give(std::vector<Waiting> news) override {
    http::Request request;
    request.method = http::Method::post;
    request.path = webhook_.url.substr(host_.size());
    if (!request.path.starts_with('/')) request.path.insert(0, "/");
    request.route = "/";
    request.body = json_of(news.front().news, news.front().origin);
    request.content_type = "application/json";
    request.headers.push_back({"X-Dirsyncd-Signature", signature_of(webhook_.secret, request.body)});
    auto const response = co_await client_->send(std::move(request));
    // The client's own words have the path.
    if (!response) co_return Error{response.error().code, host_};
    if (response->status >= 200 && response->status < 300) co_return Result<void>{};
    auto const code = is_refusal(response->status) ? NotifyErrc::refused : NotifyErrc::not_taken;
    co_return Error{code, host_ + " answered with status " + std::to_string(response->status)};
  }

 private:
  config::Webhook webhook_;
  std::string host_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace

Result<std::unique_ptr<Receiver>> open_webhook(asio::any_io_executor executor,
                                               config::Webhook const& webhook) {
  http::ClientSettings settings;
  settings.target = "notify";
  settings.urls = {config::host_of(webhook)};
  settings.tls.ca_file = webhook.ca_file;
  settings.tls.plaintext = settings.urls.front().starts_with("http://");  // every run warns of it
  settings.timeouts = {.connect = kPostDeadline, .idle = kPostDeadline, .total = kPostDeadline};
  settings.retry.attempts = 1;  // the pauses between attempts are longer than a client's
  settings.largest_body = kLargestAnswer;
  auto client = http::open_client(executor, std::move(settings));
  if (!client) return client.error();
  return std::unique_ptr<Receiver>{std::make_unique<WebhookReceiver>(webhook, std::move(*client))};
}

}  // namespace dirsync::notify
