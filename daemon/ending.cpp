#include "daemon/ending.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <chrono>

#include "daemon/wiring.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

/// How long writes may take. Below systemd's TimeoutStopSec.
constexpr std::chrono::seconds kGrace{60};
/// What follows the last write of itself: its look, its row, the end of the run.
constexpr std::chrono::seconds kQuiet{2};
constexpr std::chrono::seconds kLogOff{2};

}  // namespace

void Ending::ask() {
  if (!stop_.request_stop()) return break_off();
  grace_.expires_after(kGrace);
  grace_.async_wait([this](boost::system::error_code failed) {
    if (!failed) break_off();
  });
  writes_.when_none([this] { await_quiet(); });
  if (writes_.none()) await_quiet();
}

void Ending::await_quiet() {
  quiet_.expires_after(kQuiet);
  quiet_.async_wait([this](boost::system::error_code failed) {
    if (!failed && writes_.none()) break_off();
  });
}

void Ending::break_off() {
  broken_off_ = true;
  cancel_.emit(asio::cancellation_type::terminal);
}

void log_off(asio::io_context& io, Wiring& wiring) { end_sessions(io, wiring.close()); }

void end_sessions(asio::io_context& io, asio::awaitable<void> closing) {
  asio::cancellation_signal late;
  asio::steady_timer timer{io, kLogOff};
  auto ended = [&io](std::exception_ptr) { io.stop(); };
  asio::co_spawn(io, std::move(closing), asio::bind_cancellation_slot(late.slot(), std::move(ended)));
  timer.async_wait([&late](boost::system::error_code failed) {
    if (!failed) late.emit(asio::cancellation_type::terminal);
  });
  io.restart();
  io.run();
}

}  // namespace dirsync
