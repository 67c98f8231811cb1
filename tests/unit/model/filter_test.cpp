#include "sync/model/filter.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

struct Case {
  std::string_view filter;
  bool holds;
};

class GivenAnEntry : public testing::TestWithParam<Case> {
 protected:
  bool matches(std::string_view text) const {
    std::vector<std::string_view> const classes{"top", "inetOrgPerson"}, cn{"Ann  Lee"}, uid{"ann"},
        number{"42"}, control{"514"}, time{"20260102030405Z"}, star{"a*b"};
    std::vector<AttributeView> const entry{{"objectClass", classes}, {"cn", cn},       {"uid", uid},
                                           {"uidNumber", number},    {"uac", control}, {"modified", time},
                                           {"star", star},           {"empty", {}}};
    auto const filter = Filter::parse(text);
    EXPECT_TRUE(filter) << text;
    return filter && filter->matches(entry);
  }
};

TEST_P(GivenAnEntry, WhenFilterIsEvaluatedThenAsInTheStandard) {
  EXPECT_EQ(matches(GetParam().filter), GetParam().holds) << GetParam().filter;
}

INSTANTIATE_TEST_SUITE_P(
    Filters, GivenAnEntry,
    testing::Values(
        Case{"(uid=ANN)", true}, Case{"(cn= ann lee )", true}, Case{"(objectclass=INETORGPERSON)", true},
        Case{"(uid=bob)", false}, Case{"(uid=*)", true}, Case{"(mail=*)", false}, Case{"(empty=*)", false},
        Case{"(!(mail=*))", true}, Case{"(!(mail=a))", false}, Case{"(!(uid=bob))", true},
        Case{"(&(uid=ann)(mail=a))", false}, Case{"(!(&(uid=bob)(mail=a)))", true},
        Case{"(|(uid=ann)(mail=a))", true}, Case{"(!(|(uid=bob)(mail=a)))", false}, Case{"(&)", true},
        Case{"(|)", false}, Case{"(cn=a*)", true}, Case{"(cn=*lee)", true}, Case{"(cn=*nn l*)", true},
        Case{"(cn=a*n*l*e)", true}, Case{"(cn=a*l*n)", false}, Case{"(uid=ann*nn)", false},
        Case{"(star=a\\2ab)", true}, Case{"(uid=a\\2ab)", false}, Case{"(uid~=Ann)", true},
        Case{"(uidNumber>=9)", true}, Case{"(uidNumber<=9)", false}, Case{"(uidNumber<=42)", true},
        Case{"(modified>=20260102030404.9Z)", true}, Case{"(modified>=20260102040405+0100)", true},
        Case{"(modified<=20260102030404Z)", false}, Case{"(uid>=AN)", true}, Case{"(uid<=am)", false},
        Case{"(mail>=a)", false}, Case{"(uac:1.2.840.113556.1.4.803:=2)", true},
        Case{"(uac:1.2.840.113556.1.4.803:=3)", false}, Case{"(uac:1.2.840.113556.1.4.804:=3)", true},
        Case{"(uid:1.2.840.113556.1.4.804:=3)", false}, Case{"(!(none:1.2.840.113556.1.4.803:=2))", false}));

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
                                         "(!(a=b)(c=d))", "(cn:caseExactMatch:=a))(|(a=b)"));

struct GivenFilter : testing::Test {};

TEST_F(GivenFilter, WhenRuleIsUnknownThenUnsupported) {
  for (auto const* text : {"(cn:caseExactMatch:=a)", "(cn:dn:=a)", "(:1.2.840.113556.1.4.803:=1)"}) {
    auto const filter = Filter::parse(text);
    ASSERT_FALSE(filter) << text;
    EXPECT_EQ(filter.error().code, FilterErrc::unsupported) << text;
  }
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
