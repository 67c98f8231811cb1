#include "daemon/init/new_file.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "store/descriptor.hpp"

namespace dirsync::init {
namespace {

constexpr char kAccount[] = "dirsyncd";

Error failed(std::string const& path) {
  boost::system::error_code const reason{errno, boost::system::generic_category()};
  auto const* const next = reason.value() == EEXIST   ? "it exists already; name another, or use --force"
                           : reason.value() == ENOENT ? "make its folder, or name another file"
                           : reason.value() == EACCES
                               ? "use a user that may write there, or name another file"
                               : "check its folder and the disk";
  return {reason, "cannot write " + path + "; " + next};
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    auto const count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool give_to_the_service(int file, NewFile::For owner) {
  auto const* const account = ::geteuid() == 0 ? ::getpwnam(kAccount) : nullptr;
  if (account == nullptr) return true;
  auto const user = owner == NewFile::For::account ? account->pw_uid : static_cast<uid_t>(-1);
  return ::fchown(file, user, account->pw_gid) == 0;
}

/// The file's name is safe on disk once its folder is.
bool sync_folder(std::string const& path) {
  auto const folder = path.substr(0, path.rfind('/') + 1);
  store::Descriptor const open{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return open.number() >= 0 && ::fsync(open.number()) == 0;
}

/// Without `replaces` the kernel itself refuses a name that is taken.
bool put_in_place(std::string const& draft, std::string const& path, bool replaces) {
  if (replaces) return ::rename(draft.c_str(), path.c_str()) == 0;
  return ::link(draft.c_str(), path.c_str()) == 0 && ::unlink(draft.c_str()) == 0;
}

}  // namespace

Result<void> write_new_file(std::string const& path, std::string_view content, NewFile how) {
  auto draft = path + ".XXXXXX";
  store::Descriptor const file{::mkostemp(draft.data(), O_CLOEXEC)};  // mode 0600
  if (file.number() < 0) return failed(path);
  auto const is_done = write_all(file.number(), content) && give_to_the_service(file.number(), how.owner) &&
                       ::fchmod(file.number(), how.mode) == 0 && ::fsync(file.number()) == 0 &&
                       put_in_place(draft, path, how.replaces) && sync_folder(path);
  if (is_done) return {};
  auto error = failed(path);
  ::unlink(draft.c_str());
  return error;
}

}  // namespace dirsync::init
