#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

namespace dirsync::engine {

/// Runs all at once on the caller's executor and returns when the last has ended. A cancellation of the
/// caller reaches each of them; the first exception, if any, is thrown again.
boost::asio::awaitable<void> gather(std::vector<boost::asio::awaitable<void>> works);

}  // namespace dirsync::engine
