#include "sync/vault/session.hpp"

#include <algorithm>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"
#include "sync/rest/quoting.hpp"
#include "sync/rest/write_fate.hpp"
#include "sync/vault/answers.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/requests.hpp"
#include "sync/vault/result_class.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {

namespace {

/// The server, or what is before it, cannot serve now; another one of them perhaps can.
bool is_unable(int status) { return status >= 502 && status <= 504; }

}  // namespace

Session::Session(Settings const& settings, http::Client& pvwa, http::Client* identity,
                 std::function<Time()> now)
    : settings_{settings}, pvwa_{pvwa}, identity_{identity}, now_{std::move(now)} {
  DIRSYNC_ASSERT(shared_services() == (identity != nullptr));
}
Session::~Session() = default;

void Session::begin_run() {
  logged_on_again_ = false;
  moves_in_run_ = 0;
  ended_.reset();
}

bool Session::usable() const { return !token_.empty() && now_() < renew_at_; }

std::string Session::server() const {
  auto const& urls = settings_.http.urls;
  auto const at = node_.value_or(0);
  return at < urls.size() ? urls[at] : std::string{};
}

asio::awaitable<Result<http::Response>> Session::send(http::Request request) {
  std::uint64_t lost = 0;
  auto loss = Loss::none;
  while (true) {
    auto const generation = co_await token_newer_than(lost, loss);
    if (!generation) co_return generation.error();
    auto response = co_await pvwa_.send(signed_with_token(request));
    if (response && response->status / 100 != 2) hide_secrets(*response);
    loss = loss_of(request, response);
    if (loss == Loss::none) co_return response;
    lost = *generation;
  }
}

Session::Loss Session::loss_of(http::Request const& request, Result<http::Response> const& response) const {
  auto const servers = settings_.http.urls.size();
  auto const elsewhere = node_ && servers > 1;
  if (!response)
    return elsewhere && response.error().code == http::HttpErrc::connect_failed ? Loss::unreachable
                                                                                : Loss::none;
  if (response->status < 400) return Loss::none;
  // A write may have been done all the same: who sent it looks first. And where no server can, this answer is
  // of the call alone.
  auto const is_read = request.repeat == http::Repeat::always;
  if (elsewhere && is_read && is_unable(response->status) && moves_in_run_ < servers) return Loss::unable;
  return session_ended(response->status, parse_refusal(response->body)) ? Loss::refused : Loss::none;
}

void Session::hide_secrets(http::Response& response) const {
  constexpr std::string_view kScheme = "Bearer ";
  auto token = token_.reveal();
  if (token.starts_with(kScheme)) token.remove_prefix(kScheme.size());
  rest::hide_secrets(response, {token, settings_.password.reveal()});
}

/// Generation of a token that is not the lost one. `lost`: 0 for any token.
asio::awaitable<Result<std::uint64_t>> Session::token_newer_than(std::uint64_t lost, Loss loss) {
  std::function<std::optional<Result<std::uint64_t>>()> const known = [this, lost] {
    return known_token(lost);
  };
  std::function<asio::awaitable<Result<std::uint64_t>>()> const log_on_anew = [this, lost, loss] {
    return new_token(lost, loss);
  };
  return login_lock_.session<std::uint64_t>(known, log_on_anew);
}

std::optional<Result<std::uint64_t>> Session::known_token(std::uint64_t lost) const {
  if (refused_) return *refused_;
  if (ended_) return *ended_;
  if (generation_ > lost && usable()) return generation_;
  return std::nullopt;
}

asio::awaitable<Result<std::uint64_t>> Session::new_token(std::uint64_t lost, Loss loss) {
  if (auto const allowed = allow_new_logon(loss); !allowed) {
    ended_ = allowed.error();
    co_return *ended_;
  }
  auto const opened = co_await log_on(loss);
  if (opened) co_return ++generation_;
  if (keeps_old_token(lost)) co_return generation_;
  token_ = {};
  if (!refused_) ended_ = opened.error();
  co_return opened.error();
}

/// Within a run one new logon after a 401, and one round over the servers: each logon takes a session.
Result<void> Session::allow_new_logon(Loss loss) {
  if (loss == Loss::refused) {
    if (logged_on_again_)
      return Error{VaultErrc::session_lost,
                   "401 again after a new logon; send all calls of a session to one PVWA node, "
                   "and let nobody else log on as " +
                       settings_.user + " without concurrentSession"};
    logged_on_again_ = true;
  }
  if (loss == Loss::unreachable || loss == Loss::unable) {
    if (moves_in_run_ == settings_.http.urls.size())
      return Error{VaultErrc::logon_failed,
                   "every server of urls was lost once in this run; "
                   "check the PVWA servers and the network between; the next run tries again"};
    ++moves_in_run_;
    ++moves_;
  }
  return {};
}

/// A token that could not be renewed is good until its end; asked again in between, more often towards the
/// end.
bool Session::keeps_old_token(std::uint64_t lost) {
  auto const now = now_();
  if (refused_ || token_.empty() || lost == generation_ || now >= ends_at_) return false;
  constexpr std::chrono::seconds kShortestPause{10};
  auto const left = ends_at_ - now;
  renew_at_ = now + std::min<Time::duration>(left, std::max<Time::duration>(left / 2, kShortestPause));
  return true;
}

asio::awaitable<Result<void>> Session::log_on(Loss loss) {
  auto const servers = settings_.http.urls.size();
  auto const next = loss == Loss::unable && node_ ? std::optional{(*node_ + 1) % servers} : std::nullopt;
  auto sending = send_logon(next);
  auto response = co_await std::move(sending);
  if (!response) co_return within("logon", rest::not_sent(response.error(), VaultErrc::logon_failed));
  if (response->status != 200) {
    hide_secrets(*response);
    co_return refusal(*response);
  }
  auto const kept = shared_services() ? keep_platform_token(*response) : keep_token(*response);
  wipe(response->body);
  co_return kept;
}

/// At any server that can be reached, or at `first`; then at the others, each once, while they cannot serve.
/// What the Vault has judged is never sent again.
asio::awaitable<Result<http::Response>> Session::send_logon(std::optional<std::size_t> first) {
  if (shared_services()) co_return co_await identity_->send(platform_token(settings_));
  token_ = {};
  pvwa_.forget_cookies();
  auto const servers = settings_.http.urls.size();
  auto request = logon(settings_);
  request.only_at = first;
  // Rather at the next one at once than here again.
  if (servers > 1) request.repeat = http::Repeat::when_refused;
  for (std::size_t tried = 1;; ++tried) {
    auto response = co_await pvwa_.send(request);
    auto const at = response ? std::optional{response->from} : request.only_at;
    auto const unable =
        response ? is_unable(response->status) : response.error().code == http::HttpErrc::connect_failed;
    if (!at || !unable || tried == servers) {
      wipe(request.body);
      co_return response;
    }
    request.only_at = (*at + 1) % servers;
  }
}

Result<void> Session::keep_platform_token(http::Response const& response) {
  auto const token = parse_platform_token(response.body);
  if (!token)
    return Error{VaultErrc::bad_answer, "logon: no access_token in the answer; check auth.token_url"};
  // Before it ends by itself: a call in flight must not meet the end.
  auto const now = now_();
  renew_at_ = now + token->lifetime * 4 / 5;
  ends_at_ = now + token->lifetime;
  token_ = Secret{"Bearer " + token->token};
  return {};
}

Result<void> Session::keep_token(http::Response const& response) {
  auto token = parse_token(response.body);
  // A page of a proxy passes; only an answer of PVWA itself is final.
  if (!token && !parse_refusal(response.body).json)
    return Error{VaultErrc::bad_answer,
                 "logon: the answer is no JSON but a web page or the like; "
                 "check url and that no proxy answers in place of PVWA; the next run tries again"};
  if (!token) {
    refused_ = Error{VaultErrc::logon_refused,
                     "logon: the answer is no token, as when a second factor is asked for; give " +
                         settings_.user + " a method without one, then restart or reload dirsyncd"};
    return *refused_;
  }
  node_ = response.from;
  token_ = Secret{std::move(*token)};
  return {};
}

/// What a person has to do about a refused logon.
std::string Session::remedy(Refusal const& refusal) const {
  if (is_challenge(refusal))
    return "RADIUS asks for a second answer, which a service cannot give: "
           "exempt the user from it, or set auth.method to \"cyberark\" or \"ldap\"";
  if (settings_.method == AuthMethod::windows && !refusal.json)
    return "check user (DOMAIN\\user) and password, and that IIS offers NTLM for this place, "
           "or Negotiate and this process has a Kerberos ticket";
  return "check user, password and suspension in the Vault";
}

Error Session::refusal(http::Response const& response) {
  auto const status = response.status;
  auto const answer = parse_refusal(response.body);
  auto context = "logon of " + settings_.user + ": status " + std::to_string(status) +
                 (answer.code.empty() ? "" : " " + printable(answer.code)) +
                 (answer.message.empty() ? "" : " (" + answer.message + ")");
  constexpr std::string_view kNotAgain =
      ", then restart or reload dirsyncd: it does not try again, because failed logons suspend the user";
  if (logon_is_final(status, answer)) {
    refused_ = Error{VaultErrc::logon_refused, context + "; " + remedy(answer) + std::string{kNotAgain}};
    return *refused_;
  }
  if (status == 404 || status == 405)
    return {VaultErrc::bad_answer, context +
                                       " from the web server, not from PVWA; "
                                       "check that url ends with the application's name, "
                                       "such as /PasswordVault"};
  if (status == 403)
    return {VaultErrc::logon_failed, context +
                                         "; where the user has reached the limit of 300 sessions, "
                                         "end some or wait until they end; the next run tries again"};
  return {VaultErrc::logon_failed, context + "; the next run tries again"};
}

http::Request Session::signed_with_token(http::Request request) const {
  request.headers.push_back({"Authorization", std::string{token_.reveal()}});
  request.only_at = node_;
  return request;
}

asio::awaitable<void> Session::close() {
  if (token_.empty()) co_return;
  auto request = signed_with_token(logoff());
  token_ = {};
  node_.reset();
  // Tokens of shared services end by themselves.
  if (!shared_services()) static_cast<void>(co_await pvwa_.send(std::move(request)));
  pvwa_.forget_cookies();
}

}  // namespace dirsync::vault
