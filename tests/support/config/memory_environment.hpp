#pragma once
#include <map>
#include <string>

#include "daemon/config/environment.hpp"
#include "daemon/config/problem.hpp"

namespace dirsync::config {

/// Variables and files of a test; no file mode is wrong here.
struct MemoryEnvironment final : Environment {
  std::map<std::string, std::string> variables, files;
  bool reads_as_root = false;

  std::optional<std::string> variable(std::string const& name) const override {
    auto const found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  }
  bool is_root() const override { return reads_as_root; }
  Result<std::string> file(std::string const& path, Privacy) const override {
    auto const found = files.find(path);
    if (found == files.end()) return Error{ConfigErrc::unreadable, "cannot read " + path + ": no such file"};
    return found->second;
  }
};

}  // namespace dirsync::config
