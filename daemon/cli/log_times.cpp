#include "daemon/cli/log_times.hpp"

#include "daemon/cli/when.hpp"

namespace dirsync::cli {

std::optional<LogTimes> times_of(Arguments const& arguments) {
  LogTimes times;
  if (!read_when(arguments, "--since", arguments.since, times.since) ||
      !read_when(arguments, "--until", arguments.until, times.until))
    return std::nullopt;
  return times;
}

}  // namespace dirsync::cli
