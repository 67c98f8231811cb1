#pragma once
// --since and --until.
#include <optional>

#include "daemon/cli/arguments.hpp"
#include "sync/model/time.hpp"

namespace dirsync::cli {

struct LogTimes {
  std::optional<Time> since, until;
};

/// Nothing when one of them is no time; then the mistake is printed.
std::optional<LogTimes> times_of(Arguments const& arguments);

}  // namespace dirsync::cli
