#include "sync/model/certificate.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

struct GivenChangeNumbers : testing::Test {
  ChangeNumbers before{"csn", {{"001", "20260101Z#0"}, {"002", "20260105Z#0"}}};
};

TEST_F(GivenChangeNumbers, WhenAllStayOrGrowThenNothingWentBack) {
  EXPECT_EQ(went_back(before, before), "");
  EXPECT_EQ(went_back(before, {"csn", {{"001", "20260102Z#0"}, {"002", "20260105Z#0"}, {"003", "1"}}}), "");
}

TEST_F(GivenChangeNumbers, WhenOneIsSmallerOrMissingThenItIsNamed) {
  EXPECT_EQ(went_back(before, {"csn", {{"001", "20260109Z#0"}, {"002", "20260104Z#9"}}}),
            "002 20260105Z#0 before, 20260104Z#9 now");
  EXPECT_EQ(went_back(before, {"csn", {{"002", "20260105Z#0"}}}),
            "001 20260101Z#0 before, nothing of that origin now");
}

TEST_F(GivenChangeNumbers, WhenTheyAreNumbersThenComparedAsNumbers) {
  EXPECT_EQ(went_back({"usn", {{"", "9"}}}, {"usn", {{"", "10"}}}), "");
  EXPECT_EQ(went_back({"usn", {{"", "10"}}}, {"usn", {{"", "9"}}}), "10 before, 9 now");
}

TEST_F(GivenChangeNumbers, WhenShownThenSourceAndEveryOrigin) {
  EXPECT_EQ(in_words(before), "csn: 001 20260101Z#0, 002 20260105Z#0");
  EXPECT_EQ(in_words({"usn", {{"", "9"}}}), "usn: 9");
}

TEST(GivenCertificate, WhenAClauseDoesNotHoldThenNotCompleteAndTheFirstIsNamed) {
  Certificate certificate{{{"paging", true, ""}, {"canary", false, "a"}, {"band", false, "b"}}, 0, 0, 0, 0};
  EXPECT_FALSE(certificate.complete());
  EXPECT_EQ(certificate.failing()->name, "canary");
  certificate.clauses.resize(1);
  EXPECT_TRUE(certificate.complete());
  EXPECT_EQ(certificate.failing(), nullptr);
}

}  // namespace
}  // namespace dirsync
