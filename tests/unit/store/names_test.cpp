#include <gtest/gtest.h>

#include "store/store.hpp"

namespace dirsync::store {
namespace {

struct GivenRow : testing::Test {
  GivenRow() {
    row.group = "Ünix Admins";
    row.principal = "alice";
    row.dn = "uid=alice,dc=example,dc=com";
    row.id = "0b1c";
  }
  bool fits(std::string group, std::string user) const {
    AuditFilter filter;
    filter.group = std::move(group);
    filter.user = std::move(user);
    return fits_names(filter, row);
  }
  AuditRow row;
};

TEST_F(GivenRow, WhenNothingIsAskedThenFits) { EXPECT_TRUE(fits("", "")); }
TEST_F(GivenRow, WhenGroupIsAskedThenCaseDoesNotCount) {
  EXPECT_TRUE(fits("üNIX ADMINS", ""));
  EXPECT_FALSE(fits("unix", ""));
}
TEST_F(GivenRow, WhenUserIsAskedThenNameDnAndIdFit) {
  EXPECT_TRUE(fits("", "ALICE"));
  EXPECT_TRUE(fits("", "UID=alice,DC=example,dc=com"));
  EXPECT_TRUE(fits("", "0B1C"));
  EXPECT_FALSE(fits("", "bob"));
}
TEST_F(GivenRow, WhenThePersonIsSeveralEntriesThenEachOfTheirIdsFits) {
  row.id = "0b1c+77";
  EXPECT_TRUE(fits("", "0B1C"));
  EXPECT_TRUE(fits("", "77"));
  EXPECT_TRUE(fits("", "0b1c+77"));
  EXPECT_FALSE(fits("", "7"));
}
TEST_F(GivenRow, WhenBothAreAskedThenBothMustFit) {
  EXPECT_TRUE(fits("Ünix Admins", "alice"));
  EXPECT_FALSE(fits("Ünix Admins", "bob"));
  EXPECT_FALSE(fits("Other", "alice"));
}

}  // namespace
}  // namespace dirsync::store
