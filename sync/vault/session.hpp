#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "sync/http/client.hpp"
#include "sync/model/secret.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// One logon shared by all calls. A 401 leads to one new logon, however many calls saw it, and one
/// repetition; the next 401 of the same run ends the session for that run. A refused logon is final: see
/// VaultErrc. Thread: event loop. `identity` issues tokens where the method is ispss; null otherwise.
class Session {
 public:
  Session(Settings const& settings, http::Client& pvwa, http::Client* identity);
  ~Session();

  /// A new run: one new logon is allowed again.
  void begin_run();
  /// Sends with the session's token; opens the session when there is none.
  boost::asio::awaitable<Result<http::Response>> send(http::Request request);
  boost::asio::awaitable<void> close();

 private:
  class Turn;
  boost::asio::awaitable<Result<std::uint64_t>> token_newer_than(std::uint64_t refused);
  boost::asio::awaitable<Result<void>> log_on();
  http::Request signed_with_token(http::Request request) const;
  Error refusal(http::Response const& response);
  bool usable() const;

  Settings const& settings_;
  http::Client& pvwa_;
  http::Client* identity_;
  Secret token_;
  std::uint64_t generation_ = 0;  // of the token; 0: there was none yet
  std::chrono::steady_clock::time_point renew_at_ = std::chrono::steady_clock::time_point::max();
  bool logged_on_again_ = false;  // in this run
  std::optional<Error> ended_;    // for this run
  std::optional<Error> refused_;  // for ever
  bool logging_on_ = false;
  struct Waiters;
  std::unique_ptr<Waiters> waiters_;
};

}  // namespace dirsync::vault
