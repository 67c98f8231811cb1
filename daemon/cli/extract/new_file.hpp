#pragma once
#include <string>
#include <string_view>

#include "store/descriptor.hpp"
#include "store/errors.hpp"

namespace dirsync::cli {

/// A file that a command writes for a person, mode 0600. It replaces nothing, and what is not finished is
/// taken away again. Thread: any.
class NewFile {
 public:
  /// Errors: StoreErrc::unwritable (also when something of this name is there), full.
  static Result<NewFile> create(std::string path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  /// Errors: StoreErrc::unwritable, full.
  Result<void> append(std::string_view bytes);
  /// Durable on return. Errors: as append().
  Result<void> finish();

 private:
  NewFile(std::string path, store::Descriptor file);
  Result<void> write_out();

  std::string path_, waiting_;
  store::Descriptor file_;
  bool is_finished_ = false;
};

}  // namespace dirsync::cli
