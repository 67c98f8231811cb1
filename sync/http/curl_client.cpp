#include "sync/http/curl_client.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <vector>

#include "sync/http/base_url.hpp"
#include "sync/http/pacer.hpp"
#include "sync/http/retry.hpp"
#include "sync/http/transfers.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace asio = boost::asio;

namespace dirsync::http {
namespace {

/// "pvwa.example.com:8443"; empty for what has no scheme.
std::string_view authority_of(std::string_view url) {
  auto const scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto const rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

/// The place that a redirect names, without its path.
std::string host_of(std::string_view location) {
  auto const authority = authority_of(location);
  return authority.empty() ? "the same host" : printable(authority);
}

bool breaks_a_line(Header const& field) {
  constexpr std::string_view kBreaks{"\r\n\0", 3};
  return field.name.find_first_of(kBreaks) != std::string::npos ||
         field.value.find_first_of(kBreaks) != std::string::npos;
}

class CurlClient final : public Client {
 public:
  CurlClient(asio::any_io_executor executor, ClientSettings settings, std::vector<BaseUrl> urls,
             Surroundings surroundings)
      : executor_{executor},
        settings_{settings},
        urls_{std::move(urls)},
        surroundings_{std::move(surroundings)},
        pacer_{std::make_shared<Pacer>(executor, settings.pace)},
        transfers_{std::move(settings)} {}

  asio::awaitable<Result<Response>> send(Request request) override {
    WipesBody const wiped{request};
    for (auto const& field : request.headers)
      if (breaks_a_line(field))
        co_return Error{HttpErrc::bad_setup, "the header " + printable(field.name) + " holds a line break"};
    if (has_dot_segment(request.path))
      co_return Error{HttpErrc::bad_path,
                      where(request) + ": a server takes '.' and '..' in it for the folder above"};
    for (int attempt = 1;; ++attempt) {
      auto permit = co_await pacer_->enter();
      if (!permit) co_return cancelled(request);
      auto const begun = std::chrono::steady_clock::now();
      auto result = co_await attempt_at_each_url(request);
      permit.reset();
      tell(request, result, attempt, begun);
      if (request.only_at && urls_.size() > 1 && unreachable(result)) co_return result;
      auto const next =
          next_step(result, request, attempt, settings_.retry, surroundings_.jitter(), surroundings_.now());
      if (next.pause_target) pacer_->pause(next.wait);
      switch (next.kind) {
        case NextStep::Kind::hand_over:
          co_return result;
        case NextStep::Kind::give_up:
          co_return wait_too_long(request, next.wait);
        case NextStep::Kind::repeat:
          break;
      }
      if (next.pause_target) continue;  // the pacer makes this request wait as all others
      asio::steady_timer timer{executor_, next.wait};
      boost::system::error_code ended;
      auto token = asio::redirect_error(asio::use_awaitable, ended);
      co_await timer.async_wait(token);
      if (ended) co_return cancelled(request);
    }
  }

  void forget_cookies() override { transfers_.forget_cookies(); }

 private:
  std::string where(Request const& request) const {
    return where(request, urls_[request.only_at.value_or(preferred_)]);
  }
  static std::string where(Request const& request, BaseUrl const& url) {
    auto const path = request.path.substr(0, request.path.find('?'));
    return std::string{to_text(request.method)} + " " + url.text + printable(path);
  }

  Error cancelled(Request const& request) const { return {HttpErrc::cancelled, where(request)}; }

  Error wait_too_long(Request const& request, std::chrono::milliseconds asked) const {
    auto const seconds = [](std::chrono::milliseconds time) {
      return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
    };
    return {HttpErrc::retry_after_too_long, where(request) + ": asked to wait " + seconds(asked) +
                                                ", retry.longest is " + seconds(settings_.retry.longest) +
                                                "; lower pace or raise retry.longest"};
  }

  static bool unreachable(Result<Response> const& result) {
    return !result && result.error().code == HttpErrc::connect_failed;
  }

  /// Goes to the next URL only when one cannot be reached; stays with the one that answered.
  asio::awaitable<Result<Response>> attempt_at_each_url(Request const& request) {
    auto const most = request.only_at ? 1 : urls_.size();
    for (std::size_t tried = 1;; ++tried) {
      auto const at = request.only_at.value_or(preferred_);
      DIRSYNC_ASSERT(at < urls_.size());
      auto result = co_await attempt(request, at);
      if (!unreachable(result)) co_return result;
      // Several calls may meet the same dead server at once; one step leads away from it.
      if (preferred_ == at) preferred_ = (at + 1) % urls_.size();
      if (tried == most) co_return result;
    }
  }

  asio::awaitable<Result<Response>> attempt(Request const& request, std::size_t at) {
    auto exchange = co_await perform(request, at, false);
    if (!exchange->error && exchange->wants_ticket) exchange = co_await perform(request, at, true);
    if (exchange->error) co_return *exchange->error;
    auto& response = exchange->response;
    response.from = at;
    if (response.status >= 300 && response.status < 400)
      co_return Error{HttpErrc::bad_redirect, exchange->where + ": redirected to " +
                                                  host_of(response.header("Location")) +
                                                  "; set url to the address that answers itself"};
    co_return std::move(response);
  }

  asio::awaitable<std::shared_ptr<Exchange>> perform(Request const& request, std::size_t at,
                                                     bool with_ticket) {
    auto const& url = urls_[at];
    auto exchange = std::make_shared<Exchange>();
    exchange->url = url.text + request.path;
    exchange->method = request.method;
    exchange->headers = request.headers;
    exchange->body = request.body;
    exchange->content_type = request.content_type;
    exchange->login = request.login;
    exchange->total = std::min(request.total.value_or(settings_.timeouts.total), settings_.timeouts.total);
    exchange->may_be_sent_twice = request.repeat == Repeat::always;
    exchange->where = where(request, url);
    exchange->with_ticket = with_ticket;
    if (request.make_sink) exchange->response.sink = request.make_sink();
    {
      WritesInHand::One const in_hand{request.is_write ? surroundings_.writes : nullptr};
      co_await transfers_.perform(exchange);
    }
    if (request.confidential) wipe(exchange->body);
    tell_certificate(*exchange, url);
    co_return exchange;
  }

  void tell_certificate(Exchange const& exchange, BaseUrl const& url) const {
    if (!surroundings_.on_certificate) return;
    auto first = first_to_expire(exchange.shown, surroundings_.now());
    if (!first) return;
    first->server = authority_of(url.text);
    surroundings_.on_certificate(*first);
  }

  void tell(Request const& request, Result<Response> const& result, int attempt,
            std::chrono::steady_clock::time_point begun) const {
    if (!surroundings_.on_request) return;
    auto const at = result ? result->from : request.only_at.value_or(preferred_);
    RequestEvent event;
    event.target = settings_.target;
    event.method = request.method;
    event.host = authority_of(urls_[at].text);
    event.route = request.route;
    event.attempt = attempt;
    if (result)
      event.status = result->status;
    else
      event.error = result.error().code;
    auto const time = std::chrono::steady_clock::now() - begun;
    event.time = std::chrono::duration_cast<std::chrono::milliseconds>(time);
    surroundings_.on_request(event);
  }

  asio::any_io_executor executor_;
  ClientSettings settings_;
  std::vector<BaseUrl> urls_;
  Surroundings surroundings_;
  std::size_t preferred_ = 0;
  std::shared_ptr<Pacer>
      pacer_;  // shared with permits, which may outlive the client when the loop is torn down
  Transfers transfers_;
};

void complete(Surroundings& surroundings) {
  if (!surroundings.jitter)
    surroundings.jitter = [engine = std::mt19937_64{std::random_device{}()}]() mutable {
      return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
    };
  if (!surroundings.now) surroundings.now = [] { return std::chrono::system_clock::now(); };
}

}  // namespace

Result<std::unique_ptr<Client>> open_client(asio::any_io_executor executor, ClientSettings settings,
                                            Surroundings surroundings) {
  if (settings.urls.empty()) return Error{HttpErrc::bad_setup, settings.target + ": url is missing"};
  if (auto const checked = check_tls(settings.tls); !checked) return within(settings.target, checked.error());
  std::vector<BaseUrl> urls;
  for (auto const& url : settings.urls) {
    auto parsed = parse_base_url(url, settings.tls);
    if (!parsed) return within(settings.target, parsed.error());
    urls.push_back(*std::move(parsed));
  }
  complete(surroundings);
  return std::unique_ptr<Client>{
      std::make_unique<CurlClient>(executor, std::move(settings), std::move(urls), std::move(surroundings))};
}

}  // namespace dirsync::http
