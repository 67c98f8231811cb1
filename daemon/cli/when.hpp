#pragma once
// Times on the command line.
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "sync/model/time.hpp"

namespace dirsync::cli {

/// "90m", "24h", "7d" ago, or an RFC 3339 time; nothing when `text` is neither.
std::optional<Time> parse_when(std::string const& text);

/// "90m", "24h", "7d" from `now` on, or an RFC 3339 time; nothing when `text` is neither.
std::optional<Time> parse_later(std::string const& text, Time now);

/// The time that the option gives; `when` stays where it is not given. False when it is none: the error is
/// printed, and the command ends with 2.
bool read_when(Arguments const& arguments, char const* option, std::string const& text,
               std::optional<Time>& when);

}  // namespace dirsync::cli
