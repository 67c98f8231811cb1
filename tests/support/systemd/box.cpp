#include "tests/support/systemd/box.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <optional>
#include <sstream>
#include <stdexcept>

#include "tests/support/process/server.hpp"

namespace dirsync::test {
namespace {

std::vector<pid_t> children_of(pid_t parent) {
  auto const number = std::to_string(parent);
  std::istringstream list{content_of("/proc/" + number + "/task/" + number + "/children")};
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

/// The one that unshare starts, once it has become systemd.
std::optional<pid_t> systemd_below(pid_t script) {
  for (auto const unshare : children_of(script))
    for (auto const init : children_of(unshare))
      if (content_of("/proc/" + std::to_string(init) + "/comm") == "systemd\n") return init;
  return std::nullopt;
}

int opened(std::string const& file) {
  auto const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error{"cannot open " + file};
  return descriptor;
}

}  // namespace

std::string SystemdBox::obstacle() {
  if (::geteuid() != 0) return "a systemd in namespaces needs root";
  TempFolder const folder;
  auto const mounts =
      "mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir upper work root && "
      "mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root";
  auto const tried = Process{{"unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup",
                              "sh", "-euc", mounts},
                             folder.path(),
                             "unshare"}
                         .wait();
  if (tried.exit != 0)
    return "a systemd in namespaces needs CAP_SYS_ADMIN and a copy-on-write view of /: " + tried.err;
  auto const groups =
      Process{{"findmnt", "--types", "cgroup2", "--options", "rw"}, folder.path(), "findmnt"}.wait();
  return groups.exit == 0 ? "" : "a systemd in namespaces needs control groups, version 2";
}

SystemdBox::SystemdBox(std::filesystem::path const& folder)
    : box_(bound_to_us({DIRSYNC_SOURCE_DIR "/tests/support/systemd/box.sh", DIRSYNC_BIN_DIR "/dirsyncd",
                        DIRSYNC_SOURCE_DIR "/systemd", folder}),
           output_.path(), "box") {
  auto const is_up = [this] {
    auto const init = systemd_below(box_.pid());
    if (init) init_ = *init;
    return init && run({"systemctl", "is-active", "box.target"}).exit == 0;
  };
  auto up = false;
  eventually([this, &up, &is_up] { return (up = is_up()) || !box_.running(); });
  if (!up) throw std::runtime_error{"systemd did not start: " + box_.err() + box_.out()};
}

SystemdBox::~SystemdBox() { box_.stop(); }

Finished SystemdBox::run(std::vector<std::string> words) {
  std::vector<std::string> all{"nsenter", "--target", std::to_string(init_),
                               "--mount", "--pid",    "--uts",
                               "--ipc",   "--net",    "--cgroup",
                               "--root",  "--wd",     "--"};
  all.insert(all.end(), words.begin(), words.end());
  return Process{std::move(all), output_.path(), "inside"}.wait();
}

std::string SystemdBox::output(std::vector<std::string> words) {
  auto const program = words.front();
  auto finished = run(std::move(words));
  if (finished.exit != 0)
    throw std::runtime_error{program + " failed (" + std::to_string(finished.exit) + "): " + finished.err +
                             finished.out};
  return std::move(finished.out);
}

std::string SystemdBox::property(std::string const& unit, std::string const& name) {
  auto text = output({"systemctl", "show", "--value", "--property", name, unit});
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::filesystem::path SystemdBox::outside(std::string const& inside) const {
  return "/proc/" + std::to_string(init_) + "/root" + inside;
}

InNetworkOf::InNetworkOf(SystemdBox const& box) : before_(opened("/proc/thread-self/ns/net")) {
  auto const network = opened("/proc/" + std::to_string(box.init()) + "/ns/net");
  auto const failed = ::setns(network, CLONE_NEWNET);
  ::close(network);
  if (failed == 0) return;
  ::close(before_);
  throw std::runtime_error{"cannot enter the network of the box"};
}

InNetworkOf::~InNetworkOf() {
  ::setns(before_, CLONE_NEWNET);
  ::close(before_);
}

}  // namespace dirsync::test
