#include "tests/simulators/knobs.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace dirsync::sim {
namespace {
constexpr std::array kTable = {Knob{"paging", "on|off", "off"}, Knob{"page_size", "number", "30"},
                               Knob{"version", "text", "1.0"}};

class GivenKnobs : public testing::Test {
 protected:
  Knobs knobs{kTable};
};

TEST_F(GivenKnobs, WhenUntouchedThenInitialValuesHold) {
  EXPECT_FALSE(knobs.on("paging"));
  EXPECT_EQ(knobs.number("page_size"), 30);
  EXPECT_EQ(knobs.text("version"), "1.0");
}

TEST_F(GivenKnobs, WhenSetThenTheValueIsRead) {
  EXPECT_FALSE(knobs.set("paging", "on"));
  EXPECT_FALSE(knobs.set("page_size", "5"));
  EXPECT_TRUE(knobs.on("paging"));
  EXPECT_EQ(json::serialize(knobs.dump()), R"({"page_size":"5","paging":"on","version":"1.0"})");
}

TEST_F(GivenKnobs, WhenNameOrValueIsWrongThenItIsRefused) {
  EXPECT_TRUE(knobs.set("pagin", "on"));
  EXPECT_TRUE(knobs.set("paging", "yes"));
  EXPECT_TRUE(knobs.set("page_size", "-1"));
  EXPECT_TRUE(knobs.set("page_size", "5x"));
  EXPECT_FALSE(knobs.on("paging"));
  EXPECT_THROW(knobs.on("other"), std::out_of_range);
}
}  // namespace
}  // namespace dirsync::sim
