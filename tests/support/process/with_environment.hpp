#pragma once
#include <stdlib.h>

#include <map>
#include <optional>
#include <string>

#include "tests/support/process/process.hpp"

namespace dirsync::test {

/// Variables of this process; as they were at the end.
class WithEnvironment {
 public:
  explicit WithEnvironment(Environment const& changes) {
    for (auto const& [name, value] : changes) {
      auto const* const old = ::getenv(name.c_str());
      old_[name] = old != nullptr ? std::optional<std::string>{old} : std::nullopt;
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~WithEnvironment() {
    for (auto const& [name, value] : old_)
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  }
  WithEnvironment(WithEnvironment const&) = delete;
  WithEnvironment& operator=(WithEnvironment const&) = delete;

 private:
  std::map<std::string, std::optional<std::string>> old_;
};

}  // namespace dirsync::test
