#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sync/http/client.hpp"
#include "sync/model/secret.hpp"
#include "sync/rest/login_lock.hpp"
#include "sync/rest/sending.hpp"
#include "sync/vault/answers.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// One logon shared by all calls, at one server of `urls`. A 401 leads to one new logon, however many calls
/// saw it, and one repetition; the next 401 of the same run ends the session for that run. A server that can
/// not be reached any more, or that answers a read with 502, 503 or 504 to the end of its attempts, leads to
/// a logon at the next one. A refused logon is final: see VaultErrc. Thread: event loop. `identity` issues
/// tokens where the method is ispss; null otherwise.
class Session final : public rest::Sender {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Session(Settings const& settings, http::Client& pvwa, http::Client* identity,
          std::function<Time()> now = &std::chrono::steady_clock::now);
  ~Session() override;

  /// A new run: one new logon is allowed again.
  void begin_run();
  /// Sends with the session's token; opens the session when there is none.
  boost::asio::awaitable<Result<http::Response>> send(http::Request request) override;
  boost::asio::awaitable<void> close();

  /// How often a session was lost with its server. A read that began before such a move saw two servers.
  std::uint64_t moves() const { return moves_; }
  /// The URL where the session is.
  std::string server() const;

 private:
  enum class Loss { none, refused, unreachable, unable };
  Loss loss_of(http::Request const& request, Result<http::Response> const& response) const;
  boost::asio::awaitable<Result<std::uint64_t>> token_newer_than(std::uint64_t lost, Loss loss);
  std::optional<Result<std::uint64_t>> known_token(std::uint64_t lost) const;
  boost::asio::awaitable<Result<std::uint64_t>> new_token(std::uint64_t lost, Loss loss);
  Result<void> allow_new_logon(Loss loss);
  boost::asio::awaitable<Result<void>> log_on(Loss loss);
  boost::asio::awaitable<Result<http::Response>> send_logon(std::optional<std::size_t> first);
  void hide_secrets(http::Response& response) const;
  Result<void> keep_platform_token(http::Response const& response);
  Result<void> keep_token(http::Response const& response);
  bool keeps_old_token(std::uint64_t lost);
  http::Request signed_with_token(http::Request request) const;
  Error refusal(http::Response const& response);
  std::string remedy(Refusal const& refusal) const;
  bool usable() const;
  bool shared_services() const { return settings_.method == AuthMethod::ispss; }

  Settings const& settings_;
  http::Client& pvwa_;
  http::Client* identity_;
  std::function<Time()> now_;
  Secret token_;
  std::uint64_t generation_ = 0;  // of the token; 0: there was none yet
  std::optional<std::size_t>
      node_;  // where the token is known, by its place among the URLs; none: everywhere
  Time renew_at_ = Time::max(), ends_at_ = Time::max();
  bool logged_on_again_ = false;  // in this run
  std::size_t moves_in_run_ = 0;
  std::uint64_t moves_ = 0;
  std::optional<Error> ended_;    // for this run
  std::optional<Error> refused_;  // for ever
  rest::LoginLock login_lock_;
};

}  // namespace dirsync::vault
