#include "daemon/doctor/requests.hpp"

#include <gtest/gtest.h>

namespace dirsync::doctor {
namespace {

/// Two rules that read groups and people of "corp".
struct GivenTwoRules : testing::Test {
  GivenTwoRules() {
    config.directories["corp"];
    for (auto const* const name : {"a", "b"}) {
      auto& rule = config.rules.emplace_back();
      rule.name = name;
      rule.directory = "corp";
      rule.selection = MatchingGroups{"(cn=x)"};
    }
  }
  config::Config config;
};

TEST_F(GivenTwoRules, WhenOneMaySelectNothingThenItAloneMay) {
  config.rules[1].allow_empty = true;
  auto const request = request_for(config, "corp");
  ASSERT_EQ(request.rules.size(), 2U);
  EXPECT_FALSE(request.rules[0].may_fit_none);
  EXPECT_TRUE(request.rules[1].may_fit_none);
  EXPECT_FALSE(request.may_have_no_groups);
  EXPECT_FALSE(request.may_have_no_people);
}

TEST_F(GivenTwoRules, WhenBothMaySelectNothingThenNothingMustBeThere) {
  for (auto& rule : config.rules) rule.allow_empty = true;
  auto const request = request_for(config, "corp");
  EXPECT_TRUE(request.may_have_no_groups);
  EXPECT_TRUE(request.may_have_no_people);
}

TEST_F(GivenTwoRules, WhenNoneReadsADirectoryThenItsEntriesAreWanted) {
  config.directories["hq"];
  EXPECT_FALSE(request_for(config, "hq").may_have_no_people);
}

}  // namespace
}  // namespace dirsync::doctor
