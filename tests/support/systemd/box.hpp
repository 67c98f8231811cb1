#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {

/// A real systemd in namespaces of its own (box.sh), in which the built dirsyncd and the units of systemd/
/// are installed. Ends with the object. Throws std::runtime_error.
class SystemdBox {
 public:
  /// Why this machine cannot have one; empty when it can.
  static std::string obstacle();

  /// `folder` is /opt/box inside, read-only.
  explicit SystemdBox(std::filesystem::path const& folder);
  ~SystemdBox();
  SystemdBox(SystemdBox const&) = delete;
  SystemdBox& operator=(SystemdBox const&) = delete;

  /// A program inside, as root, to its end.
  Finished run(std::vector<std::string> words);
  /// The same for one that has to succeed.
  std::string output(std::vector<std::string> words);
  /// Such as property("dirsyncd", "ActiveState").
  std::string property(std::string const& unit, std::string const& name);
  /// Where a file that is `inside` by an absolute path is found from outside.
  std::filesystem::path outside(std::string const& inside) const;
  pid_t init() const { return init_; }

 private:
  TempFolder output_;
  Process box_;
  pid_t init_ = -1;
};

/// While it lives, this thread and what it starts are in the box's network, which has only lo.
class InNetworkOf {
 public:
  explicit InNetworkOf(SystemdBox const& box);
  ~InNetworkOf();
  InNetworkOf(InNetworkOf const&) = delete;
  InNetworkOf& operator=(InNetworkOf const&) = delete;

 private:
  int before_ = -1;
};

}  // namespace dirsync::test
