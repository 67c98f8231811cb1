#include "daemon/init/new_file.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>

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

/// A file on its way to its place. What is not kept is taken back at the end.
class Placing {
 public:
  explicit Placing(NewFile const& file) : file_(file) {}
  Placing(Placing const&) = delete;
  Placing& operator=(Placing const&) = delete;
  ~Placing() {
    if (is_there_ && !is_kept_) take_back();
    if (has_draft_) ::unlink(draft_.c_str());
    if (has_former_) ::unlink(former_.c_str());
  }

  /// Complete on the disk, under a name of its own.
  Result<void> write() {
    auto draft = file_.path + ".XXXXXX";
    store::Descriptor const open{::mkostemp(draft.data(), O_CLOEXEC)};  // mode 0600
    if (open.number() < 0) return failed(file_.path);
    draft_ = draft;
    former_ = draft + ".old";
    has_draft_ = true;
    auto const is_done = write_all(open.number(), file_.content) &&
                         give_to_the_service(open.number(), file_.owner) &&
                         ::fchmod(open.number(), file_.mode) == 0 && ::fsync(open.number()) == 0;
    if (!is_done) return failed(file_.path);
    return {};
  }

  /// At its place. After write().
  Result<void> put() {
    if (!(file_.replaces ? replace() : add()) || !sync_folder(file_.path)) return failed(file_.path);
    return {};
  }

  void keep() { is_kept_ = true; }

 private:
  /// The kernel itself refuses a name that is taken.
  bool add() {
    is_there_ = ::link(draft_.c_str(), file_.path.c_str()) == 0;
    return is_there_;
  }
  bool replace() {
    has_former_ = ::link(file_.path.c_str(), former_.c_str()) == 0;
    if (!has_former_ && errno != ENOENT) return false;
    is_there_ = ::rename(draft_.c_str(), file_.path.c_str()) == 0;
    if (is_there_) has_draft_ = false;
    return is_there_;
  }
  void take_back() {
    if (!has_former_)
      ::unlink(file_.path.c_str());
    else
      ::rename(former_.c_str(), file_.path.c_str());
    has_former_ = false;  // where it could not go back, it is all that is left of it
    sync_folder(file_.path);
  }

  NewFile const& file_;
  std::string draft_,
      former_;  // names: of the new file before it is at its place, of the one that it replaces
  bool has_draft_ = false, has_former_ = false, is_there_ = false, is_kept_ = false;
};

}  // namespace

Result<void> write_new_files(std::span<NewFile const> files) {
  std::deque<Placing> all;
  for (auto const& file : files)
    if (auto const written = all.emplace_back(file).write(); !written) return written;
  for (auto& one : all)
    if (auto const put = one.put(); !put) return put;
  for (auto& one : all) one.keep();
  return {};
}

}  // namespace dirsync::init
