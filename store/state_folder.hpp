#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/descriptor.hpp"
#include "store/errors.hpp"
#include "sync/model/time.hpp"

namespace dirsync::store {

/// The folder that `service.state_dir` names, held open. Its files are reached through it and not by their
/// paths, so they stay the same when somebody renames a folder above, and an account that may not enter a
/// folder above reaches them too (systemd keeps the state of a DynamicUser below a folder of root's).
/// Copies share one descriptor. Thread: any.
class StateFolder {
 public:
  /// What is kept of a file's status.
  struct File {
    mode_t mode = 0;  // permissions alone
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0;  // bytes
    Time modified{};
  };

  /// `path` itself may be a link. Errors: StoreErrc::unwritable (not there, no folder, not to be entered).
  static Result<StateFolder> open(std::filesystem::path path);

  std::filesystem::path const& path() const noexcept { return path_; }
  uid_t owner() const noexcept { return owner_; }
  gid_t group() const noexcept { return group_; }

  /// The file's status; nothing when there is none of this name.
  /// Errors: StoreErrc::untrusted (a link, no regular file, or owned by somebody else than the folder),
  /// unwritable (the folder cannot be searched).
  Result<std::optional<File>> find(std::string const& name) const;
  /// Opens without following a link; `flags` as for open(2), O_CREAT makes a file of mode 0600.
  /// Errors: StoreErrc::untrusted as above, unwritable, full.
  Result<Descriptor> open_file(std::string const& name, int flags) const;
  /// That the path still leads here. Errors: StoreErrc::replaced.
  Result<void> check_in_place() const;
  /// Puts a file of that content, mode 0600, in the place of what is there. Durable on return; whenever the
  /// machine stops, the file is the old or the new one. One writer at a time: it uses `name`.new on the way.
  /// Errors: as open_file().
  Result<void> replace_file(std::string const& name, std::string_view content) const;
  /// Gives a file another name, in the place of what has it. Durable on return. Errors: StoreErrc::untrusted,
  /// unwritable.
  Result<void> rename_file(std::string const& from, std::string const& to) const;
  /// A path of the file for libraries that open by path, of letters, digits, "/", "." and "-"; valid in this
  /// process while a copy of this lives.
  std::string path_through_descriptor(std::string const& name) const;

 private:
  StateFolder(std::filesystem::path path, Descriptor descriptor, uid_t owner, gid_t group);
  /// Makes durable which files there are.
  Result<void> sync_names() const;
  std::filesystem::path path_;
  std::shared_ptr<Descriptor const> descriptor_;
  uid_t owner_;
  gid_t group_;
};

/// "uid 1000 (alice)", without the name when nobody knows one.
std::string account_text(uid_t account);

/// True for the reasons of errno(3) that say that no room is left.
bool is_out_of_room(int reason) noexcept;

}  // namespace dirsync::store
