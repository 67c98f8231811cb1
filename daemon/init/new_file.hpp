#pragma once
#include <sys/stat.h>

#include <span>
#include <string>
#include <string_view>

#include "sync/model/error.hpp"

namespace dirsync::init {

/// A file that is to be written.
struct NewFile {
  std::string path;  // absolute
  std::string_view content;
  mode_t mode = 0640;
  bool replaces = false;  // a file that is there already
  /// Root's file is given to the group of the account dirsyncd, where there is one, or wholly to the account.
  enum class For { group, account } owner = For::group;
};

/// Writes all of them or, where one cannot be written, none: what was there before is there again then.
/// Nobody sees a file half-written, and it outlives a power failure. Errors: of errno(3); EEXIST where a file
/// is there and must not be replaced. Thread: any.
Result<void> write_new_files(std::span<NewFile const> files);

}  // namespace dirsync::init
