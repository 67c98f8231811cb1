#pragma once
#include <string>
#include <string_view>

#include "store/descriptor.hpp"
#include "store/errors.hpp"

namespace dirsync::cli {

/// A file that a command writes for a person, mode 0600. It replaces nothing, and what is not kept is taken
/// away again, or left empty where this account may not do that any more. Thread: any.
class NewFile {
 public:
  /// Errors: StoreErrc::unwritable (also when something of this name is there), full.
  static Result<NewFile> create(std::string path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  /// Errors: StoreErrc::unwritable, full.
  Result<void> append(std::string_view bytes);
  /// Durable on return, with its name, if it is kept. Errors: as append().
  Result<void> flush();
  void keep() noexcept { is_kept_ = true; }

 private:
  NewFile(std::string path, store::Descriptor file, store::Descriptor folder);
  Result<void> write_out();

  std::string path_, waiting_;
  store::Descriptor file_, folder_;
  bool is_kept_ = false;
};

}  // namespace dirsync::cli
