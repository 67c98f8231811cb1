#include "sync/vault/session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync/model/assert.hpp"
#include "sync/vault/answers.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {

struct Session::Waiters {
  std::list<asio::steady_timer*> timers;  // of calls that wait for a logon to end
};

/// Holds the right to log on; its end wakes those who waited, also when the coroutine is torn down.
class Session::Turn {
 public:
  explicit Turn(Session& session) : session_{session} { session_.logging_on_ = true; }
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;
  ~Turn() {
    session_.logging_on_ = false;
    for (auto* const timer : session_.waiters_->timers) timer->cancel();
  }

 private:
  Session& session_;
};

Session::Session(Settings const& settings, http::Client& pvwa, http::Client* identity)
    : settings_{settings}, pvwa_{pvwa}, identity_{identity}, waiters_{std::make_unique<Waiters>()} {
  DIRSYNC_ASSERT((settings.method == AuthMethod::ispss) == (identity != nullptr));
}
Session::~Session() = default;

void Session::begin_run() {
  logged_on_again_ = false;
  ended_.reset();
}

bool Session::usable() const { return !token_.empty() && std::chrono::steady_clock::now() < renew_at_; }

asio::awaitable<Result<http::Response>> Session::send(http::Request request) {
  auto const first = co_await token_newer_than(0);
  if (!first) co_return first.error();
  auto response = co_await pvwa_.send(signed_with_token(request));
  if (!response || response->status != 401) co_return response;
  auto const second = co_await token_newer_than(*first);
  if (!second) co_return second.error();
  auto again = co_await pvwa_.send(signed_with_token(std::move(request)));
  if (!again || again->status != 401) co_return again;
  ended_ = error_of(*again, "the call after a new logon", "");
  co_return *ended_;
}

/// Generation of a token that is not the refused one. `refused`: 0 for any token.
asio::awaitable<Result<std::uint64_t>> Session::token_newer_than(std::uint64_t refused) {
  while (true) {
    if (refused_) co_return *refused_;
    if (ended_) co_return *ended_;
    if (generation_ > refused && usable()) co_return generation_;
    if (!logging_on_) break;
    asio::steady_timer timer{co_await asio::this_coro::executor,
                             std::chrono::steady_clock::time_point::max()};
    auto const place = waiters_->timers.insert(waiters_->timers.end(), &timer);
    struct Leave {
      std::list<asio::steady_timer*>& timers;
      std::list<asio::steady_timer*>::iterator place;
      ~Leave() { timers.erase(place); }
    } const leave{waiters_->timers, place};
    boost::system::error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await timer.async_wait(token);
  }
  if (refused != 0) {
    if (logged_on_again_) {
      ended_ = Error{
          VaultErrc::session_lost,
          "401 again after a new logon; send all calls of a session to one PVWA node, and let nobody else "
          "log on as " +
              settings_.user + " without concurrentSession"};
      co_return *ended_;
    }
    logged_on_again_ = true;
  }
  Turn const turn{*this};
  auto const opened = co_await log_on();
  if (!opened) {
    if (!refused_) ended_ = opened.error();
    co_return opened.error();
  }
  co_return ++generation_;
}

asio::awaitable<Result<void>> Session::log_on() {
  auto const shared_services = settings_.method == AuthMethod::ispss;
  token_ = {};
  if (!shared_services) pvwa_.forget_cookies();
  auto request = shared_services ? platform_token(settings_) : logon(settings_);
  auto& issuer = shared_services ? *identity_ : pvwa_;
  auto response = co_await issuer.send(std::move(request));
  if (!response) co_return within("logon", response.error());
  if (response->status != 200) co_return refusal(*response);
  renew_at_ = std::chrono::steady_clock::time_point::max();
  if (shared_services) {
    auto const token = parse_platform_token(response->body);
    if (!token)
      co_return Error{VaultErrc::bad_answer, "logon: no access_token in the answer; check auth.token_url"};
    // Before it ends by itself: a call in flight must not meet the end.
    renew_at_ = std::chrono::steady_clock::now() + token->lifetime * 4 / 5;
    token_ = Secret{"Bearer " + token->token};
  } else {
    auto token = parse_token(response->body);
    // A page of a proxy passes; only an answer of PVWA itself is final.
    if (!token && !parse_refusal(response->body).json)
      co_return Error{VaultErrc::bad_answer,
                      "logon: the answer is no JSON but a web page or the like; check url and that no proxy "
                      "answers in place of PVWA; the next run tries again"};
    if (!token) {
      refused_ = Error{VaultErrc::logon_refused,
                       "logon: the answer is no token, as when a second factor is asked for; give " +
                           settings_.user + " a method without one, then restart or reload dirsyncd"};
      co_return *refused_;
    }
    token_ = Secret{std::move(*token)};
  }
  wipe(response->body);
  co_return Result<void>{};
}

Error Session::refusal(http::Response const& response) {
  auto const status = response.status;
  auto const answer = parse_refusal(response.body);
  auto context = "logon of " + settings_.user + ": status " + std::to_string(status) +
                 (answer.code.empty() ? "" : " " + answer.code) +
                 (answer.message.empty() ? "" : " (" + answer.message + ")");
  constexpr std::string_view kChallenge = "ITATS542I";    // RADIUS asks for more than a password
  constexpr std::string_view kUnspecific = "CAWS00001E";  // also at the limit of sessions, which passes
  auto const denied = status == 400 || status == 401 || status == 403 || status == 409;
  if (answer.code == kChallenge || (answer.json && denied && answer.code != kUnspecific)) {
    refused_ =
        Error{VaultErrc::logon_refused,
              context +
                  "; check user, password and suspension in the Vault, then restart or reload dirsyncd: "
                  "it does not try again, because failed logons suspend the user"};
    return *refused_;
  }
  if (status == 404 || status == 405)
    return {VaultErrc::bad_answer, context +
                                       " from the web server, not from PVWA; check that url ends with the "
                                       "application's name, such as /PasswordVault"};
  return {VaultErrc::logon_failed, context + "; the next run tries again"};
}

http::Request Session::signed_with_token(http::Request request) const {
  request.headers.push_back({"Authorization", std::string{token_.reveal()}});
  return request;
}

asio::awaitable<void> Session::close() {
  if (token_.empty()) co_return;
  auto request = signed_with_token(logoff());
  token_ = {};
  // Tokens of shared services end by themselves.
  if (settings_.method != AuthMethod::ispss) static_cast<void>(co_await pvwa_.send(std::move(request)));
  pvwa_.forget_cookies();
}

}  // namespace dirsync::vault
