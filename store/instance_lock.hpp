#pragma once
#include <chrono>
#include <optional>

#include "store/state_folder.hpp"

namespace dirsync::store {

inline constexpr char kLockFile[] = "dirsyncd.lock";

/// Held by the one process that may write to targets, and by whoever creates or migrates the store: an flock
/// on STATE_DIR/dirsyncd.lock. The kernel frees it when the process ends, however it ends. The file stays;
/// its text is the holder's process id. Thread: any.
class InstanceLock {
 public:
  /// Waits at most `patience` for another holder. Errors: StoreErrc::locked (the context names the holder),
  /// untrusted, unwritable, full.
  static Result<InstanceLock> acquire(StateFolder const& folder,
                                      std::chrono::milliseconds patience = std::chrono::milliseconds::zero());
  struct Holder {
    int pid = 0;
    Time since{};  // by the file's last change, which is the holder's own
  };
  /// Who holds it, if somebody does and the kernel shows it. Takes no lock, so it disturbs nobody.
  static std::optional<Holder> holder(StateFolder const& folder);

 private:
  explicit InstanceLock(Descriptor file) noexcept : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace dirsync::store
