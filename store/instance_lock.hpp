#pragma once
#include <filesystem>
#include <optional>

#include "store/errors.hpp"

namespace dirsync::store {

/// Held by the one process that may write to targets: an flock on STATE_DIR/dirsyncd.lock. The kernel frees
/// it when the process ends, however it ends. The file stays; its text is the holder's process id.
class InstanceLock {
 public:
  /// Never waits. Errors: StoreErrc::locked (the context names the holder), StoreErrc::unwritable.
  static Result<InstanceLock> acquire(std::filesystem::path const& state_dir);
  /// Process id of the holder, if there is one and the kernel shows it. Takes no lock, so it disturbs nobody.
  static std::optional<int> holder(std::filesystem::path const& state_dir);
  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&& other) noexcept;
  ~InstanceLock();

 private:
  explicit InstanceLock(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace dirsync::store
