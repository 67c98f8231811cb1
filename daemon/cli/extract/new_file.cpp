#include "daemon/cli/extract/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "store/state_folder.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
using store::StoreErrc;
constexpr std::size_t kWrittenAtOnce = 1 << 16;  // bytes

Error cannot_write(std::string const& path, int reason) {
  auto const where = printable(path) + ": cannot be written: " + std::generic_category().message(reason);
  if (store::is_out_of_room(reason)) return {StoreErrc::full, where + ". Make room on its file system"};
  if (reason == EEXIST)
    return {StoreErrc::unwritable,
            where +
                ". Nothing is replaced: choose another name, or move that file away. Where an export was cut "
                "off, `dirsyncd log verify --file` tells that what it left is not whole"};
  return {StoreErrc::unwritable, where + ". Choose a folder that you may write to"};
}
}  // namespace

Result<NewFile> NewFile::create(std::string path) {
  store::Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number() < 0) return cannot_write(path, errno);
  auto const folder = std::filesystem::path{path}.parent_path();
  store::Descriptor names{::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return NewFile{std::move(path), std::move(file), std::move(names)};
}

NewFile::NewFile(std::string path, store::Descriptor file, store::Descriptor folder)
    : path_(std::move(path)), file_(std::move(file)), folder_(std::move(folder)) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      waiting_(std::move(other.waiting_)),
      file_(std::move(other.file_)),
      folder_(std::move(other.folder_)),
      is_kept_(std::exchange(other.is_kept_, true)) {}

NewFile::~NewFile() {
  if (is_kept_) return;
  // Whoever gave up root may not take it out of root's folder: then it is left empty.
  if (::unlink(path_.c_str()) != 0 && ::ftruncate(file_.number(), 0) != 0) return;
}

Result<void> NewFile::append(std::string_view bytes) {
  waiting_ += bytes;
  return waiting_.size() < kWrittenAtOnce ? Result<void>{} : write_out();
}

Result<void> NewFile::write_out() {
  for (std::string_view rest = waiting_; !rest.empty();) {
    auto const size = ::write(file_.number(), rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return cannot_write(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  waiting_.clear();
  return {};
}

Result<void> NewFile::flush() {
  if (auto const written = write_out(); !written) return written;
  if (::fsync(file_.number()) != 0) return cannot_write(path_, errno);
  // Who may not list the folder, or has one of a kind that keeps nothing back, relies on its file system.
  if (folder_.number() >= 0 && ::fsync(folder_.number()) != 0 && errno != EINVAL)
    return cannot_write(path_, errno);
  return {};
}

}  // namespace dirsync::cli
