#pragma once
// What the kernel says of a process (proc(5)).
#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace dirsync::test {

struct ProcessFigures {
  /// Open descriptors; where the account may not look at them, the slots that the kernel keeps for them.
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
  std::int64_t resident = 0;           // KiB of memory
  std::chrono::milliseconds cpu_time;  // used since its start, of all threads
};
/// Throws std::runtime_error when there is no such process.
ProcessFigures figures_of(pid_t process);

}  // namespace dirsync::test
