#include "sync/model/rdn.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

std::string named_by(std::string_view dn, std::string_view attribute, std::vector<std::string_view> values) {
  return std::string{value_in_rdn(normalized_dn(dn).value(), attribute, values).value_or("(none)")};
}

TEST(GivenAnEntryWithSeveralValues, WhenOneIsInItsRdnThenItIsThatWhateverTheSpelling) {
  EXPECT_EQ(named_by("cn=ops,dc=x", "cn", {"payroll", "OPS"}), "OPS");
  EXPECT_EQ(named_by("CommonName=Ops  Team,dc=x", "cn", {"a", "ops team"}), "ops team");
  EXPECT_EQ(named_by("cn=a\\, b\\+c,dc=x", "cn", {"a", "a, b+c"}), "a, b+c");
  EXPECT_EQ(named_by("cn=a\\5Cb,dc=x", "cn", {"b", "a\\b"}), "a\\b");
  EXPECT_EQ(named_by("cn=#04024869,dc=x", "cn", {"b", "hi"}), "hi");
}

TEST(GivenAnEntryWithSeveralValues, WhenTheRdnHasSeveralPairsThenEachAttributeHasItsOwn) {
  EXPECT_EQ(named_by("uid=7+cn=ops,dc=x", "cn", {"a", "ops"}), "ops");
  EXPECT_EQ(named_by("uid=7+cn=ops,dc=x", "uid", {"a", "7"}), "7");
}

TEST(GivenAnEntryWithSeveralValues, WhenTheAttributeIsNotInTheRdnThenNone) {
  EXPECT_EQ(named_by("ou=ops,cn=payroll,dc=x", "cn", {"a", "payroll"}), "(none)");
  EXPECT_EQ(named_by("cn=ops", "cn", {"a", "b"}), "(none)");
  EXPECT_EQ(named_by("", "cn", {"a", "b"}), "(none)");
}

}  // namespace
}  // namespace dirsync
