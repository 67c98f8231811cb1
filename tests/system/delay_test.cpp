// How late a removal is, from the directory's change on, as people and programs see it.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

class GivenCompanyInSync : public World {
 protected:
  GivenCompanyInSync() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  void SetUp() override {
    World::SetUp();
    sync(0);
  }
  json::object delay_in_status() {
    return document(run({"status", "--json"})).as_object().at("revocation_delay").as_object();
  }
};

TEST_F(GivenCompanyInSync, WhenNobodyLostAnythingYetThenNothingIsKnown) {
  EXPECT_EQ(delay_in_status(),
            json::parse(R"({"p50_ms":null,"p99_ms":null,"worst_ms":null,"over_target":null})").as_object());
  EXPECT_THAT(run({"status"}).out, Not(HasSubstr("from the directory's change")));
}

TEST_F(GivenCompanyInSync, WhenSomebodyIsDisabledThenTheLogAndStatusSayHowLongTheirAccessLasted) {
  configuration.more += "[schedule]\nrevocation_target = \"168h\"\n";
  configure();
  disable("u08");
  sync(0);
  expect_in_sync({"u08"});
  auto const removals = audit({"--action", "remove"});
  ASSERT_FALSE(removals.empty());
  std::int64_t longest = 0;
  for (auto const& row : removals) {
    auto const* const delay = row.if_contains("delay_ms");
    ASSERT_NE(delay, nullptr) << json::serialize(row);
    ASSERT_GE(delay->to_number<std::int64_t>(), 0);
    longest = std::max(longest, delay->to_number<std::int64_t>());
  }
  auto const delay = delay_in_status();
  EXPECT_EQ(delay.at("worst_ms").to_number<std::int64_t>(), longest);
  EXPECT_LE(delay.at("p50_ms").to_number<std::int64_t>(), delay.at("p99_ms").to_number<std::int64_t>());
  EXPECT_LE(delay.at("p99_ms").to_number<std::int64_t>(), longest);
  EXPECT_EQ(delay.at("over_target").to_number<std::int64_t>(), 0);
  EXPECT_THAT(run({"status"}).out, HasSubstr("longer than schedule.revocation_target: 0\n"));
  for (auto const& row : audit({"--action", "run"})) EXPECT_FALSE(row.contains("delay_ms"));
  expect_chain_holds();
}

}  // namespace
}  // namespace dirsync::test
