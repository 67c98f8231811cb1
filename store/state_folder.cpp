#include "store/state_folder.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "sync/model/quoted_word.hpp"

namespace dirsync::store {
namespace {
std::string words_of(int reason) { return std::generic_category().message(reason); }

Error unusable(std::filesystem::path const& path, int reason) {
  auto const where = path.string() + ": cannot be used: " + words_of(reason);
  if (is_out_of_room(reason)) return {StoreErrc::full, where + ". Make room on its file system"};
  return {StoreErrc::unwritable,
          where + ". Let the account that runs dirsyncd own the folder, with mode 0700"};
}

/// A file without room takes a part of it, and the reason comes with the next attempt. False: see errno.
bool write_whole(int file, std::string_view content) {
  for (off_t at = 0; !content.empty();) {
    auto const size = ::pwrite(file, content.data(), content.size(), at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    at += size;
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

/// Why a file is not to be trusted; empty: it is.
std::string objection_to(struct stat const& file, uid_t owner, std::string const& path) {
  if (S_ISLNK(file.st_mode))
    return ": is a link, and dirsyncd follows no links in its state folder. "
           "Find out who made it, and remove it";
  if (!S_ISREG(file.st_mode)) return ": is no regular file. Remove it";
  if (file.st_uid == owner) return {};
  return ": belongs to " + account_text(file.st_uid) + ", but the folder to " + account_text(owner) +
         ". Run `chown " + std::to_string(owner) + " " + quoted_word(path) +
         "` if dirsyncd wrote the file, else remove it";
}
}  // namespace

std::string account_text(uid_t account) {
  auto const* const entry = ::getpwuid(account);
  return "uid " + std::to_string(account) + (entry ? " (" + std::string{entry->pw_name} + ")" : "");
}

bool is_out_of_room(int reason) noexcept { return reason == ENOSPC || reason == EDQUOT || reason == EFBIG; }

Result<StateFolder> StateFolder::open(std::filesystem::path path) {
  Descriptor folder{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  struct stat status {};
  if (folder.number() < 0 || ::fstat(folder.number(), &status) != 0)
    return Error{
        StoreErrc::unwritable,
        path.string() + ": cannot be entered: " + words_of(errno) +
            ". Create the folder with mode 0700, owned by the account that runs dirsyncd, or correct "
            "service.state_dir"};
  return StateFolder{std::move(path), std::move(folder), status.st_uid, status.st_gid};
}

StateFolder::StateFolder(std::filesystem::path path, Descriptor descriptor, uid_t owner, gid_t group)
    : path_(std::move(path)),
      descriptor_(std::make_shared<Descriptor const>(std::move(descriptor))),
      owner_(owner),
      group_(group) {}

Result<std::optional<StateFolder::File>> StateFolder::find(std::string const& name) const {
  auto const path = path_ / name;
  struct stat status {};
  if (::fstatat(descriptor_->number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<File>{};
    return unusable(path, errno);
  }
  if (auto const objection = objection_to(status, owner_, path.string()); !objection.empty())
    return Error{StoreErrc::untrusted, path.string() + objection};
  auto const& at = status.st_mtim;
  auto const since_epoch = std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec};
  return std::optional{File{.mode = status.st_mode & 07777U,
                            .device = status.st_dev,
                            .inode = status.st_ino,
                            .size = status.st_size,
                            .modified = Time{std::chrono::duration_cast<Time::duration>(since_epoch)}}};
}

Result<Descriptor> StateFolder::open_file(std::string const& name, int flags) const {
  // The look comes first, as opening could do something already (a FIFO waits, a device acts); the one
  // through the descriptor decides, as the name may stand for another file by then.
  if (auto const found = find(name); !found) return found.error();
  auto const path = path_ / name;
  Descriptor file{
      ::openat(descriptor_->number(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600)};
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return unusable(path, errno);
  if (auto const objection = objection_to(status, owner_, path.string()); !objection.empty())
    return Error{StoreErrc::untrusted, path.string() + objection};
  return file;
}

Result<void> StateFolder::check_in_place() const {
  struct stat ours {
  }, theirs{};
  auto const is_told = ::stat(path_.c_str(), &theirs) == 0;
  // Who may not enter a folder above is not told; of a folder that was deleted its descriptor tells.
  auto const is_gone = (!is_told && (errno == ENOENT || errno == ENOTDIR)) ||
                       ::fstat(descriptor_->number(), &ours) != 0 || ours.st_nlink == 0;
  auto const is_another = is_told && (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino);
  if (!is_gone && !is_another) return {};
  return Error{StoreErrc::replaced,
               path_.string() + (is_gone ? ": is gone" : ": is another folder") +
                   " since dirsyncd started, so that what it does could not be recorded; "
                   "nothing is sent. Put the folder back, and start dirsyncd again"};
}

Result<void> StateFolder::replace_file(std::string const& name, std::string_view content) const {
  auto const fresh = name + ".new";
  auto const file = open_file(fresh, O_WRONLY | O_CREAT);
  if (!file) return file.error();
  auto const folder = descriptor_->number();
  auto const is_written = ::ftruncate(file->number(), 0) == 0 && ::fchmod(file->number(), 0600) == 0 &&
                          write_whole(file->number(), content) && ::fsync(file->number()) == 0;
  if (!is_written || ::renameat(folder, fresh.c_str(), folder, name.c_str()) != 0)
    return unusable(path_ / fresh, errno);
  return sync_names();
}

Result<void> StateFolder::sync_names() const {
  // The folder's own descriptor is for looking up names alone.
  Descriptor const names{::openat(descriptor_->number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (names.number() < 0 || ::fsync(names.number()) != 0) return unusable(path_, errno);
  return {};
}

Result<void> StateFolder::rename_file(std::string const& from, std::string const& to) const {
  for (auto const& name : {from, to})
    if (auto const found = find(name); !found) return found.error();
  auto const folder = descriptor_->number();
  if (::renameat(folder, from.c_str(), folder, to.c_str()) != 0) return unusable(path_ / from, errno);
  return sync_names();
}

std::string StateFolder::path_through_descriptor(std::string const& name) const {
  return "/proc/self/fd/" + std::to_string(descriptor_->number()) + "/" + name;
}

}  // namespace dirsync::store
