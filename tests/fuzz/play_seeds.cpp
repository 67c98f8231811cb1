// Plays everything that is kept for one target, without a fuzzer: what was once found stays mended.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/target.hpp"

namespace {

std::string content_of(std::filesystem::path const& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(GivenSeeds, WhenPlayedThenNothingIsFound) {
  auto played = 0;
  for (auto const& entry : std::filesystem::directory_iterator{DIRSYNC_SEEDS}) {
    SCOPED_TRACE(entry.path());
    auto const input = content_of(entry.path());
    LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(input.data()), input.size());
    ++played;
  }
  EXPECT_GT(played, 0);
}

}  // namespace
