#pragma once
// News to all receivers of the configuration, in the way of nothing else.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/notify/channel.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync::notify {

/// This machine's name, for Origin.
std::string host_name();

/// Thread: that of the executor, which ends before it and which `monitor` outlives.
class Sender {
 public:
  Sender(boost::asio::any_io_executor executor, Monitor& monitor) : executor_(executor), monitor_(monitor) {}

  /// From now on these. One that was there before knows what it was told and keeps what waits for it; one
  /// that is new is told all that is so by the next tell().
  void set(std::vector<config::Notify> const& receivers);
  /// All that is so now; each receiver is told what is new for it.
  void tell(Situation const& now, Origin const& origin);
  /// Breaks off what is on its way, and drops what waits; then calls `on_closed`, once. Nothing may be told
  /// afterwards.
  void close(std::function<void()> on_closed);

 private:
  struct Running {
    std::shared_ptr<Channel> channel;
    std::string address;  // by which it is known again; may be a secret
    boost::asio::cancellation_signal cancel;
    bool busy = false, retired = false;
  };
  std::shared_ptr<Channel> open(config::Notify const& receiver);
  void start(std::shared_ptr<Running> const& running);
  void ended(std::shared_ptr<Running> const& running, std::exception_ptr const& failure);

  boost::asio::any_io_executor executor_;
  Monitor& monitor_;
  std::vector<std::shared_ptr<Running>> running_;
  std::size_t busy_ = 0;  // those that are replaced as well
  std::function<void()> on_closed_;
};

}  // namespace dirsync::notify
