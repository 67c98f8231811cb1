#include "sync/model/anyone.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

TEST(GivenATextAboutSomebody, WhenToldOfAnyoneThenTheNameIsLeftOut) {
  EXPECT_EQ(about_anyone("no user u1 in the target; u1 waits", "u1"), "no user ... in the target; ... waits");
}

TEST(GivenANameWithinALongerWord, WhenToldOfAnyoneThenTheWordStays) {
  EXPECT_EQ(about_anyone("u11 and xu1, not u1", "u1"), "u11 and xu1, not ...");
}

TEST(GivenNoName, WhenToldOfAnyoneThenTheTextStays) { EXPECT_EQ(about_anyone("all wait", ""), "all wait"); }

}  // namespace
}  // namespace dirsync
