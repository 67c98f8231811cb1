#include "sync/console/session/session.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "sync/console/api/answers.hpp"
#include "sync/console/api/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/rest/quoting.hpp"
#include "sync/rest/requests.hpp"
#include "sync/rest/write_fate.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kFirstLoginWait = 60s;
constexpr std::chrono::seconds kLongestLoginWait = 15min;
/// Scripts of the vendor's users ask for the versions with this one.
constexpr std::string_view kVersionToAskVersions = "1.0";

bool succeeded(http::Response const& response) { return response.status / 100 == 2; }

std::string accept(std::string_view version) {
  return std::string{rest::kJson} + ";api-version=" + std::string{version};
}

/// Releases without GET /api/versions, or with a gateway that does not pass it on.
bool has_no_versions(http::Response const& response) {
  return response.status == 404 || response.status == 405 || response.status == 501 ||
         refuses_version(response);
}

/// What a refusal may be told from: the body of a session call is nobody's to read.
http::Response without_body(http::Response const& response) {
  http::Response said;
  said.status = response.status;
  if (auto const words = response.header("grpc-message"); !words.empty())
    said.headers.push_back({"grpc-message", std::string{words}});
  return said;
}

std::string offered(Versions const& versions) {
  if (versions.supported.empty()) return versions.current;
  return join(versions.supported, ", ", [](std::string const& version) { return printable(version, 20); });
}

/// The credentials of RFC 7617, with UTF-8.
Secret base64(std::string const& user, Secret const& password) {
  auto pair = user + ':' + std::string{password.reveal()};
  std::string coded(4 * ((pair.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  auto const length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                      reinterpret_cast<unsigned char const*>(pair.data()), static_cast<int>(pair.size()));
  coded.resize(static_cast<std::size_t>(length));
  wipe(pair);
  return Secret{std::move(coded)};
}

std::string bearer(Secret const& token) { return "Bearer " + std::string{token.reveal()}; }
}  // namespace

Session::Session(http::Client& client, Clock const& clock, Settings const& settings, Profile const& profile)
    : client_(client), clock_(clock), settings_(settings), profile_(profile) {}

Session::Time Session::server_now() const { return clock_.now() + skew_; }

void Session::note_clock(http::Response const& response) {
  if (auto const date = parse_http_date(response.header("date"))) skew_ = *date - clock_.now();
}

bool Session::usable(std::string_view refused_token) const {
  return tokens_ && !version_refused_ && tokens_->access.reveal() != refused_token &&
         !refresh_due(*tokens_, server_now());
}

awaitable<Result<http::Response>> Session::send(http::Request request) {
  http::WipesBody const wiped{request};
  auto opened = co_await open({});
  if (!opened) co_return rest::not_sent(opened.error(), ConsoleErrc::no_session);
  auto used = tokens_->access;
  auto answer = co_await send_once(request);
  if (answer && answer->status == 401) {
    opened = co_await open(used.reveal());
    if (!opened) co_return rest::not_sent(opened.error(), ConsoleErrc::no_session);
    used = tokens_->access;
    answer = co_await send_once(std::move(request));
  }
  if (answer && !succeeded(*answer)) hide_secrets(*answer, used.reveal());
  if (answer && refuses_version(*answer)) version_refused_ = true;
  co_return answer;
}

awaitable<Result<http::Response>> Session::send_once(http::Request request) {
  request.headers.push_back({"Accept", accept(api_version_)});
  request.headers.push_back({"Authorization", bearer(tokens_->access)});
  if (!organization_.empty()) request.headers.push_back({profile_.organization_header, organization_});
  request.content_type = rest::kJson;
  return client_.send(std::move(request));
}

/// What a server repeats of a call must not bring a secret into a message.
void Session::hide_secrets(http::Response& response, std::string_view token) const {
  auto const credentials = base64(settings_.user, settings_.password);
  rest::hide_secrets(response, {token, credentials.reveal(), settings_.password.reveal()});
}

/// `refused_token`: lives until then.
awaitable<Result<void>> Session::open(std::string_view refused_token) {
  using Opened = std::optional<Result<void>>;
  std::function<Opened()> const known = [this, refused_token] {
    return usable(refused_token) ? Opened{Result<void>{}} : Opened{};
  };
  std::function<awaitable<Result<void>>()> const renewal = [this, refused_token] {
    return renew(refused_token);
  };
  return login_lock_.session<void>(known, renewal);
}

awaitable<Result<void>> Session::renew(std::string_view refused_token) {
  if (api_version_.empty() || version_refused_) {
    auto negotiated = co_await negotiate_version();
    if (!negotiated) co_return negotiated;
    version_refused_ = false;
    if (usable(refused_token)) co_return Result<void>{};
  }
  if (tokens_ && !tokens_->refresh.empty() &&
      (!tokens_->refresh_ends || server_now() < *tokens_->refresh_ends)) {
    auto const refreshed = co_await refresh();
    if (!refreshed) co_return refreshed.error();
    if (*refreshed) co_return Result<void>{};
  }
  co_return co_await login();
}

awaitable<Result<http::Response>> Session::ask_versions(std::string accepted) {
  auto request = rest::read_request(rest::Path::fixed(profile_.versions_path));
  request.headers.push_back({"Accept", std::move(accepted)});
  request.content_type = rest::kJson;
  return client_.send(std::move(request));
}

awaitable<Result<void>> Session::negotiate_version() {
  auto const& wanted = profile_.api_version;
  auto answer = co_await ask_versions(accept(kVersionToAskVersions));
  if (answer && refuses_version(*answer)) answer = co_await ask_versions(rest::kJson);
  if (!answer) co_return within("asking the console for its API versions", answer.error());
  if (wanted != "auto" && has_no_versions(*answer)) {
    api_version_ = wanted;  // the operator's word, as the console gives none
    co_return Result<void>{};
  }
  if (!succeeded(*answer)) co_return refusal("asking for the API versions", *answer);
  auto const versions = parse_versions(answer->body);
  if (!versions) co_return versions.error();
  auto chosen = choose_version(*versions, wanted);
  if (!chosen) {
    Error unsupported{ConsoleErrc::unsupported,
                      wanted == "auto" ? "the console names no API version; set api_version of this target"
                                       : "the console does not support API version " + wanted +
                                             ", only: " + offered(*versions) +
                                             "; set api_version to one of them, or to \"auto\""};
    co_return unsupported;
  }
  api_version_ = std::move(*chosen);
  co_return Result<void>{};
}

/// A login or a refresh.
awaitable<Result<http::Response>> Session::ask(http::Request request, std::string authorization) {
  request.headers.push_back({"Accept", accept(api_version_)});
  request.headers.push_back({"Authorization", std::move(authorization)});
  request.content_type = rest::kJson;
  request.repeat = http::Repeat::always;
  auto answer = co_await client_.send(std::move(request));
  if (answer) {
    note_clock(*answer);
    if (!succeeded(*answer)) hide_secrets(*answer, tokens_ ? tokens_->refresh.reveal() : std::string_view{});
  }
  co_return answer;
}

awaitable<Result<bool>> Session::refresh() {
  auto request = rest::session_call(http::Method::get, rest::Path::fixed(profile_.refresh_path), {});
  auto answer = co_await ask(std::move(request), bearer(tokens_->refresh));
  if (!answer) co_return within("refreshing the console session", answer.error());
  if (!succeeded(*answer)) co_return false;  // a full login follows
  auto fresh = parse_tokens(answer->body, server_now());
  if (!fresh) co_return false;
  tokens_ = merged(*tokens_, std::move(*fresh));
  co_return true;
}

awaitable<Result<void>> Session::login() {
  if (refusal_ && clock_.now() < next_login_) co_return *refusal_;
  tokens_.reset();
  client_.forget_cookies();
  auto request = rest::session_call(http::Method::get, rest::Path::fixed(profile_.login_path), {});
  if (!settings_.org_domain.empty())
    request.headers.push_back({profile_.domain_header, settings_.org_domain});
  auto credentials = "Basic " + std::string{base64(settings_.user, settings_.password).reveal()};
  auto answer = co_await ask(std::move(request), std::move(credentials));
  if (!answer) co_return within("logging in to the console", answer.error());
  if (refuses_version(*answer)) {
    version_refused_ = true;
    co_return refusal("logging in", *answer);
  }
  auto const status = answer->status;
  if (status == 400 || status == 401 || status == 403 || status == 404) co_return refused(*answer);
  if (!succeeded(*answer)) co_return refusal("logging in", without_body(*answer));
  auto tokens = parse_tokens(answer->body, server_now());
  if (!tokens) co_return tokens.error();
  tokens_ = std::move(*tokens);
  refusal_.reset();
  login_wait_ = 0s;
  co_return Result<void>{};
}

/// Every one of these statuses is a refused login, 404 too. Repeating it soon could lock the account.
Error Session::refused(http::Response const& response) {
  login_wait_ = login_wait_ == 0s ? kFirstLoginWait : std::min(login_wait_ * 2, kLongestLoginWait);
  next_login_ = clock_.now() + login_wait_;
  auto const words = words_of(without_body(response));
  refusal_ = Error{
      ConsoleErrc::login_refused,
      "the console refused the login of " + settings_.user + " with " + std::to_string(response.status) +
          (words.empty() ? "" : " (" + words + ")") +
          "; check url, user, password and org_domain, and that the account is active. Not tried again for " +
          std::to_string(login_wait_.count()) + " s"};
  return *refusal_;
}

awaitable<void> Session::close() {
  if (tokens_) {
    auto request = rest::log_off_request(http::Method::put, rest::Path::fixed(profile_.logout_path), "{}");
    auto const ended = co_await send_once(std::move(request));  // its outcome is of no consequence
    static_cast<void>(ended);
  }
  tokens_.reset();
  api_version_.clear();
  organization_.clear();
}

}  // namespace dirsync::console
