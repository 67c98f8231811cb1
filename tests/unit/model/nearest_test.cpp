#include "sync/model/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace dirsync {
namespace {

class GivenCandidates : public testing::Test {
 protected:
  std::string meant(std::string_view word) {
    return std::string{nearest(word, candidates_).value_or("(none)")};
  }
  std::array<std::string_view, 4> const candidates_{"interval", "jitter", "watch", "dn"};
};

TEST_F(GivenCandidates, WhenWordIsMistypedThenTheNearestIsFound) {
  EXPECT_EQ(meant("intervall"), "interval");
  EXPECT_EQ(meant("JITER"), "jitter");
  EXPECT_EQ(meant("wathc"), "watch");
}

TEST_F(GivenCandidates, WhenWordIsFarFromAllThenNoneIsFound) {
  EXPECT_EQ(meant("password"), "(none)");
  EXPECT_EQ(meant("xy"), "(none)");
  EXPECT_EQ(meant(std::string(500, 'a')), "(none)");
}

}  // namespace
}  // namespace dirsync
