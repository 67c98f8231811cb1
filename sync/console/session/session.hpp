#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sync/console/api/profile.hpp"
#include "sync/console/session/tokens.hpp"
#include "sync/console/settings.hpp"
#include "sync/http/client.hpp"
#include "sync/ports/clock.hpp"
#include "sync/rest/login_lock.hpp"
#include "sync/rest/sending.hpp"

namespace dirsync::console {

/// Versions, login, refresh, and the headers of every call. Thread: event loop; several coroutines may send
/// at once, and one of them at a time logs in for all.
class Session final : public rest::Sender {
 public:
  Session(http::Client& client, Clock const& clock, Settings const& settings, Profile const& profile);

  /// Opens the session if there is none, then sends. On a 401 it renews the session and repeats once. After a
  /// refused API version the next call asks for the versions anew.
  /// A status that is not 2xx is a Response; errors are those of the transport and of the login.
  boost::asio::awaitable<Result<http::Response>> send(http::Request request) override;
  /// Scopes every later call to this organization; empty: to that of the token.
  void use_organization(std::string id) { organization_ = std::move(id); }
  std::string const& organization() const noexcept { return organization_; }
  /// Empty before the first call.
  std::string const& api_version() const noexcept { return api_version_; }
  boost::asio::awaitable<void> close();

 private:
  using Time = std::chrono::system_clock::time_point;
  boost::asio::awaitable<Result<http::Response>> send_once(http::Request request);
  boost::asio::awaitable<Result<void>> open(std::string_view refused_token);
  boost::asio::awaitable<Result<void>> renew(std::string_view refused_token);
  boost::asio::awaitable<Result<void>> negotiate_version();
  boost::asio::awaitable<Result<http::Response>> ask_versions(std::string accepted);
  boost::asio::awaitable<Result<void>> login();
  boost::asio::awaitable<Result<bool>> refresh();
  boost::asio::awaitable<Result<http::Response>> ask(http::Request request, std::string authorization);
  bool usable(std::string_view refused_token) const;
  Time server_now() const;
  void note_clock(http::Response const& response);
  Error refused(http::Response const& response);
  void hide_secrets(http::Response& response, std::string_view token) const;

  http::Client& client_;
  Clock const& clock_;
  Settings const& settings_;
  Profile const& profile_;
  rest::LoginLock login_lock_;
  std::string api_version_, organization_;
  bool version_refused_ = false;  // the server may have been replaced by another release
  std::optional<Tokens> tokens_;
  std::chrono::system_clock::duration skew_{0};  // server's clock minus ours
  std::optional<Error> refusal_;                 // the console said no; not asked again before next_login_
  std::chrono::seconds login_wait_{0};
  Time next_login_;
};

}  // namespace dirsync::console
