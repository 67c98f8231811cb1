#include "sync/rest/sending.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "sync/rest/outcomes.hpp"
#include "sync/rest/write_fate.hpp"

namespace dirsync::rest {
namespace asio = boost::asio;

asio::awaitable<Result<http::Response>> Sending::send(Sender& session, Write write) {
  auto const before = unsettled_;
  unsettled_ = true;
  auto request = write.request();
  auto result = co_await session.send(std::move(request));
  // Once unsettled, always so: that this one was refused says nothing of the one before.
  if (!before && write_fate(result) == WriteFate::refused) unsettled_ = false;
  if (!result) {
    words_ = text(result.error());
    if (result.error().code == http::HttpErrc::cancelled)
      throw boost::system::system_error{asio::error::operation_aborted};
  }
  co_return result;
}

Applied Sending::when_cancelled() const {
  if (!unsettled_) return applied(Outcome::skipped, "not sent: cancelled");
  return applied(Outcome::unknown, words_.empty() ? "cancelled after it was sent" : words_);
}

asio::awaitable<std::vector<Applied>> send_and_settle(
    std::size_t changes, std::function<asio::awaitable<std::vector<Applied>>(Sending&)> work) {
  Sending sending;
  try {
    co_return co_await work(sending);
  } catch (boost::system::system_error const& error) {
    if (error.code() != asio::error::operation_aborted) throw;
  }
  co_return for_all(changes, sending.when_cancelled());
}

}  // namespace dirsync::rest
