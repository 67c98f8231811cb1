#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace dirsync {

inline std::string source_file(std::string const& path) {
  std::ifstream file{DIRSYNC_SOURCE_DIR "/" + path};
  EXPECT_TRUE(file) << path;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

/// Compares with tests/golden/`name`, or writes it when DIRSYNC_UPDATE_GOLDEN is set: review the difference
/// as code.
inline void expect_golden(std::string const& name, std::string const& actual) {
  auto const path = "tests/golden/" + name;
  if (std::getenv("DIRSYNC_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{DIRSYNC_SOURCE_DIR "/" + path} << actual;
    return;
  }
  EXPECT_EQ(actual, source_file(path))
      << "if this is meant: DIRSYNC_UPDATE_GOLDEN=1, then review the difference";
}

}  // namespace dirsync
