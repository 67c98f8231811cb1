#pragma once
// How the feeds of directories are, as `status` shows it.
#include <boost/json.hpp>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/watch/feed_state.hpp"

namespace dirsync::cli {

/// {DIRECTORY: {kind, state, since, reason}} of each configured directory, followed or not.
boost::json::object feed_values(config::Config const& config, watch::FeedStates const& feeds);
/// A table of those that are followed; empty where none is.
std::string feeds_view(watch::FeedStates const& feeds);

}  // namespace dirsync::cli
