#include "sync/http/pacer.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>
#include <deque>

#include "sync/model/assert.hpp"

namespace asio = boost::asio;

namespace dirsync::http {

using Clock = std::chrono::steady_clock;

TokenBucket::TokenBucket(double per_second, double capacity, Time now)
    : per_second_{per_second}, capacity_{std::max(1.0, capacity)}, tokens_{capacity_}, filled_{now} {}

TokenBucket::Time TokenBucket::next(Time now) {
  if (per_second_ <= 0) return now;
  auto const passed = std::chrono::duration<double>(now - filled_).count();
  tokens_ = std::min(capacity_, tokens_ + passed * per_second_);
  filled_ = now;
  constexpr double kRounding = 1e-6;
  if (tokens_ >= 1 - kRounding) return now;
  return now + std::chrono::ceil<Clock::duration>(std::chrono::duration<double>((1 - tokens_) / per_second_));
}

void TokenBucket::take() {
  if (per_second_ > 0) tokens_ -= 1;
}

struct Pacer::Waiter {
  explicit Waiter(asio::any_io_executor const& executor) : turn{executor, Clock::time_point::max()} {}
  asio::steady_timer turn;  // cancelled when it is this one's turn
  bool admitted = false;
};

struct Pacer::State {
  asio::any_io_executor executor;
  std::size_t concurrency;
  TokenBucket bucket;
  asio::steady_timer wake;
  std::deque<std::shared_ptr<Waiter>> queue;
  std::size_t active = 0;
  Clock::time_point paused_until = Clock::time_point::min();
};

Pacer::Pacer(asio::any_io_executor executor, Pace pace)
    : state_{new State{
          executor,
          static_cast<std::size_t>(std::max(1, pace.concurrency)),
          TokenBucket{pace.requests_per_second, static_cast<double>(pace.concurrency), Clock::now()},
          asio::steady_timer{executor},
          {},
          0,
          Clock::time_point::min()}} {}
Pacer::~Pacer() = default;

Pacer::Permit::Permit(std::shared_ptr<Pacer> pacer, std::shared_ptr<Waiter> waiter)
    : pacer_{std::move(pacer)}, waiter_{std::move(waiter)} {}
Pacer::Permit::~Permit() {
  if (waiter_) pacer_->leave(waiter_.get());
}

asio::awaitable<std::optional<Pacer::Permit>> Pacer::enter() {
  auto waiter = std::make_shared<Waiter>(state_->executor);
  // From here on the permit takes the waiter out again, whether it was admitted or not.
  auto permit = std::optional<Permit>{std::in_place, shared_from_this(), waiter};
  state_->queue.push_back(waiter);
  admit();
  if (!waiter->admitted) {
    boost::system::error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await waiter->turn.async_wait(token);
  }
  if (!waiter->admitted) permit.reset();
  co_return permit;
}

void Pacer::pause(std::chrono::milliseconds length) {
  state_->paused_until = std::max(state_->paused_until, Clock::now() + length);
}

void Pacer::admit() {
  auto& s = *state_;
  while (!s.queue.empty() && s.active < s.concurrency) {
    auto const now = Clock::now();
    auto const at = std::max(s.paused_until, s.bucket.next(now));
    if (at > now) {
      s.wake.expires_at(at);
      s.wake.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        if (error) return;
        if (auto const pacer = weak.lock()) pacer->admit();
      });
      return;
    }
    s.bucket.take();
    ++s.active;
    auto const next = std::move(s.queue.front());
    s.queue.pop_front();
    next->admitted = true;
    next->turn.cancel();
  }
}

void Pacer::leave(Waiter const* waiter) {
  auto& s = *state_;
  if (waiter->admitted) {
    DIRSYNC_ASSERT(s.active > 0);
    --s.active;
  } else {
    std::erase_if(s.queue, [waiter](auto const& each) { return each.get() == waiter; });
  }
  if (s.queue.empty()) {
    s.wake.cancel();
  } else {
    admit();
  }
}

}  // namespace dirsync::http
