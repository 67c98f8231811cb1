#include "sync/model/filter.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

class GivenMalformedFilter : public testing::TestWithParam<std::string_view> {};

TEST_P(GivenMalformedFilter, WhenParsedThenMalformedWithThePlace) {
  auto const filter = Filter::parse(GetParam());
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().code, FilterErrc::malformed);
  EXPECT_NE(filter.error().context.find("character"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Texts, GivenMalformedFilter,
                         testing::Values("", "uid=a", "(uid=a", "(uid=a))", "(=a)", "(uid)", "(!uid=a)",
                                         "(&(a=b)", "(uid>=a*)", "(uid=a**b)", "(uid=\\2)", "(uid=\\zz)",
                                         "(uid=a(b)", "(u id=a)", "(uac:1.2.840.113556.1.4.803:=x)",
                                         "(!(a=b)(c=d))", "(cn:caseExactMatch:=a))(|(a=b)", "(cn:=a*)",
                                         "(cn:)"));

struct GivenFilter : testing::Test {};

TEST_F(GivenFilter, WhenOnlyTheServerCanTellThenUnsupported) {
  for (auto const* text :
       {"(cn:dn:=a)", "(:1.2.840.113556.1.4.803:=1)", "(cn:dn:caseExactMatch:=a)", "(cn~=a)",
        "(member:1.2.840.113556.1.4.1941:=cn=a)", "(|(a=b)(!(cn:ownMatch:=a*)))"}) {
    auto const filter = Filter::parse(text);
    ASSERT_FALSE(filter) << text;
    EXPECT_EQ(filter.error().code, FilterErrc::unsupported) << text;
    EXPECT_NE(filter.error().context.find(text), std::string::npos) << filter.error().context;
  }
  EXPECT_TRUE(Filter::parse("(cn:caseExactMatch:=a)"));
  EXPECT_TRUE(Filter::parse("(cn:=a)"));
}

TEST_F(GivenFilter, WhenAskedForAttributesThenEachOnceInLowerCase) {
  auto const filter = Filter::parse("(&(CN=a)(|(cn=b)(!(Mail=*))))");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->attributes(), (std::vector<std::string>{"cn", "mail"}));
}

TEST_F(GivenFilter, WhenNestedTooDeeplyThenMalformed) {
  auto const text = [](int depth) {
    std::string filter = "(a=b)";
    for (int n = 0; n < depth; ++n) filter = "(!" + filter + ")";
    return filter;
  };
  EXPECT_TRUE(Filter::parse(text(50)));
  EXPECT_FALSE(Filter::parse(text(2'000)));
}

}  // namespace
}  // namespace dirsync
