#pragma once
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "sync/model/error.hpp"

namespace dirsync::init {

struct NewFile {
  mode_t mode = 0640;
  bool replaces = false;  // a file that is there already
  /// Root's file is given to the group of the account dirsyncd, where there is one, or wholly to the account.
  enum class For { group, account } owner = For::group;
};

/// Writes a file that nobody sees half-written, and that outlives a power failure. `path`: absolute.
/// Errors: of errno(3); EEXIST where it is there and must not be replaced. Thread: any.
Result<void> write_new_file(std::string const& path, std::string_view content, NewFile how);

}  // namespace dirsync::init
