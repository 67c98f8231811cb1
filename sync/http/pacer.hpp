#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "sync/http/settings.hpp"

namespace dirsync::http {

/// Tokens that come at a steady rate; a few are kept for bursts.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `per_second` of zero or less: no limit.
  TokenBucket(double per_second, double capacity, Time now);
  /// When a token is there; `now` when there is one.
  Time next(Time now);
  /// Takes a token; one must be there.
  void take();

 private:
  double per_second_, capacity_, tokens_;
  Time filled_;
};

/// Lets requests of one target through, in the order of their arrival: so many at once, so many per second,
/// none during a pause. Thread: event loop.
class Pacer : public std::enable_shared_from_this<Pacer> {
 public:
  struct Waiter;
  /// The right to send. Ending it lets the next one through.
  class Permit {
   public:
    Permit(std::shared_ptr<Pacer> pacer, std::shared_ptr<Waiter> waiter);
    Permit(Permit&&) noexcept = default;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    std::shared_ptr<Pacer> pacer_;
    std::shared_ptr<Waiter> waiter_;
  };

  Pacer(boost::asio::any_io_executor executor, Pace pace);
  ~Pacer();
  /// Nothing when cancelled.
  boost::asio::awaitable<std::optional<Permit>> enter();
  /// Nobody is let through for so long; a longer pause stays.
  void pause(std::chrono::milliseconds length);

 private:
  struct State;
  void admit();
  void leave(Waiter const* waiter);
  std::unique_ptr<State> state_;
};

}  // namespace dirsync::http
