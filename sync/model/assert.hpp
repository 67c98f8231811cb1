#pragma once

namespace dirsync {
/// Prints the place to standard error and aborts.
[[noreturn]] void assertion_failed(char const* what, char const* file, int line) noexcept;
}  // namespace dirsync

/// What we do wrong aborts, in release too. Never on input.
#define DIRSYNC_ASSERT(condition) \
  ((condition) ? void() : ::dirsync::assertion_failed(#condition, __FILE__, __LINE__))
