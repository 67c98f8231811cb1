#pragma once
// Whom news are told.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/notify/queue.hpp"

namespace dirsync::notify {

class Receiver {
 public:
  virtual ~Receiver() = default;
  /// How many it is given at a time; more than 0.
  virtual std::size_t most_at_a_time() const = 0;
  /// One attempt, with a deadline of its own. Errors: what the world does; the context names no path, query
  /// or secret. Thread: event loop.
  virtual boost::asio::awaitable<Result<void>> give(std::vector<Waiting> news) = 0;
};

/// For the log: "https://hooks.example.com", or "/usr/sbin/sendmail to ops@example.com".
std::string name_of(config::Notify const& notify);

/// Posts each of them, signed. Errors: of http::open_client().
Result<std::unique_ptr<Receiver>> open_webhook(boost::asio::any_io_executor executor,
                                               config::Webhook const& webhook);
/// Writes one message with all of them.
std::unique_ptr<Receiver> open_mail(config::Mail mail);

}  // namespace dirsync::notify
