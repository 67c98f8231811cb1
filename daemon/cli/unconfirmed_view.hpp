#pragma once
// What waits until further reads confirm it, as `status` shows it.
#include <boost/json.hpp>
#include <string>

#include "daemon/config/config.hpp"
#include "store/store.hpp"

namespace dirsync::cli {

/// [CHANGE] with `target`, as of the last run that could read that target, of all that are configured.
/// Errors: the store's.
Result<boost::json::array> unconfirmed_changes(store::Store& store, config::Config const& config);
/// A line for each group of a target that has some; empty where nothing waits.
std::string unconfirmed_view(boost::json::array const& changes);

}  // namespace dirsync::cli
