#include "daemon/cli/extract/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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
            where + ". Nothing is replaced: choose another name, or move that file away"};
  return {StoreErrc::unwritable, where + ". Choose a folder that you may write to"};
}
}  // namespace

Result<NewFile> NewFile::create(std::string path) {
  store::Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number() < 0) return cannot_write(path, errno);
  return NewFile{std::move(path), std::move(file)};
}

NewFile::NewFile(std::string path, store::Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      waiting_(std::move(other.waiting_)),
      file_(std::move(other.file_)),
      is_finished_(std::exchange(other.is_finished_, true)) {}

NewFile::~NewFile() {
  if (!is_finished_) ::unlink(path_.c_str());
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

Result<void> NewFile::finish() {
  if (auto const written = write_out(); !written) return written;
  if (::fsync(file_.number()) != 0) return cannot_write(path_, errno);
  is_finished_ = true;
  return {};
}

}  // namespace dirsync::cli
