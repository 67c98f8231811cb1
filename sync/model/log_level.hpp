#pragma once
#include <array>
#include <string_view>

namespace dirsync {

/// How much a line of the log matters, from the least on.
enum class LogLevel { trace, debug, info, warn, error };

/// As in the configuration, on the command line and in the log, in the order of the values.
inline constexpr std::array<std::string_view, 5> kLogLevels{"trace", "debug", "info", "warn", "error"};

constexpr std::string_view to_text(LogLevel level) { return kLogLevels[static_cast<std::size_t>(level)]; }

}  // namespace dirsync
