#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "daemon/doctor/sides.hpp"

namespace dirsync::doctor {

/// Asks each URL of a target once, without logging on, and notes how far that came. Thread: event loop.
boost::asio::awaitable<std::vector<UrlFinding>> look_at_urls(http::ClientSettings settings);

}  // namespace dirsync::doctor
