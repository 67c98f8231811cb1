#pragma once
#include "daemon/config/config.hpp"
#include "daemon/watch/watcher.hpp"
#include "sync/engine/setup.hpp"

namespace dirsync::watch {

/// The feed of each directory of `config`, for what a run with `setup` would read; none where it follows
/// none. They go on where `cookies` stand. Opens no connection yet. Errors: the journal's.
Result<Feeds> feeds_of(config::Config const& config, engine::Setup const& setup, FeedCookies const& cookies);

}  // namespace dirsync::watch
