#include "sync/model/dn.hpp"

#include <gtest/gtest.h>

#include "sync/model/schema.hpp"

namespace dirsync {
namespace {

struct SameName {
  std::string_view left, right;
};
class GivenTwoSpellingsOfOneDn : public testing::TestWithParam<SameName> {};

TEST_P(GivenTwoSpellingsOfOneDn, WhenNormalizedThenEqual) {
  auto const left = normalized_dn(GetParam().left), right = normalized_dn(GetParam().right);
  ASSERT_TRUE(left && right);
  EXPECT_EQ(*left, *right);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, GivenTwoSpellingsOfOneDn,
    testing::Values(
        SameName{"CN=Ann,DC=Example,DC=com", "cn=ann,dc=example,dc=com"},
        SameName{"cn = Ann , dc= x", "cn=ann,dc=x"}, SameName{"cn=Ann   Lee,dc=x", "cn=ann lee,dc=x"},
        SameName{"cn=\\20Ann\\20,dc=x", "cn=ann,dc=x"}, SameName{"cn=Lee\\, Ann,dc=x", "cn=lee\\2c ann,dc=x"},
        SameName{"cn=a\\+b,dc=x", "cn=a\\2Bb,dc=x"}, SameName{"cn=\\C3\\84rger,dc=x", "cn=\xC3\xA4rger,dc=x"},
        SameName{"cn=#04024869,dc=x", "cn=hi,dc=x"}, SameName{"cn=#300100,dc=x", "cn=#300100 , dc=X"},
        SameName{"cn=a+uid=b,dc=x", "UID=B + CN=A,dc=x"},
        SameName{"2.5.4.3=a,0.9.2342.19200300.100.1.25=x", "commonName=a,dc=x"},
        SameName{"cn=a\\\"b,dc=x", "cn=a\\22b,dc=x"}, SameName{"", "  "}));

// RFC 1779 and 2253, 4.
INSTANTIATE_TEST_SUITE_P(OldForms, GivenTwoSpellingsOfOneDn,
                         testing::Values(SameName{"cn=\"Lee, Ann\",dc=x", "cn=lee\\, ann,dc=x"},
                                         SameName{"cn=a;dc=x", "cn=a,dc=x"},
                                         SameName{"cn = \"a;b+c=d\" ; dc = x", "cn=a\\;b\\+c=d,dc=x"},
                                         SameName{"cn=\"a \\\"b\\\"\",dc=x", "cn=a \\\"b\\\",dc=x"},
                                         SameName{"OID.2.5.4.3=a,oid.0.9.2342.19200300.100.1.25=x",
                                                  "cn=a,dc=x"},
                                         SameName{"cn=\"\",dc=x", "cn=,dc=x"}));

// RFC 4518: normalisation form KC, case.
INSTANTIATE_TEST_SUITE_P(
    Preparation, GivenTwoSpellingsOfOneDn,
    testing::Values(SameName{"cn=A\xcc\x88rger", "cn=\xc3\xa4rger"}, SameName{"cn=\xef\xac\x81n", "cn=fin"},
                    SameName{"cn=\xef\xbc\xa1nn", "cn=ann"}, SameName{"cn=a\xc2\xa0 b", "cn=a b"},
                    SameName{"cn=\xe2\x84\x8c", "cn=h"}, SameName{"uidNumber=7", "1.3.6.1.1.1.1.0=7"},
                    SameName{"telephoneNumber=1-2 3", "telephoneNumber=123"},
                    SameName{"seeAlso=cn\\=A\\, DC\\=X,dc=x", "seealso=CommonName\\=a\\,dc\\=x,dc=x"}));

struct OtherName {
  std::string_view left, right;
};
class GivenTwoDns : public testing::TestWithParam<OtherName> {};

TEST_P(GivenTwoDns, WhenTheyDifferThenNormalFormsDiffer) {
  auto const left = normalized_dn(GetParam().left), right = normalized_dn(GetParam().right);
  ASSERT_TRUE(left && right);
  EXPECT_NE(*left, *right);
}

INSTANTIATE_TEST_SUITE_P(Pairs, GivenTwoDns,
                         testing::Values(OtherName{"cn=a\\,dc\\=x", "cn=a,dc=x"},
                                         OtherName{"cn=a\\+uid\\=b,dc=x", "cn=a+uid=b,dc=x"},
                                         OtherName{"cn=\\#300100", "cn=#300100"},
                                         OtherName{"cn=a\\\\,dc=x", "cn=a\\\\\\,dc\\=x"},
                                         OtherName{"homeDirectory=/A", "homeDirectory=/a"},
                                         OtherName{"cn=ab", "cn=a b"}, OtherName{"cn=a", "uid=a"},
                                         OtherName{"cn=", "cn=\\20"}));

class GivenTextThatIsNoDn : public testing::TestWithParam<std::string_view> {};

TEST_P(GivenTextThatIsNoDn, WhenNormalizedThenNothing) { EXPECT_FALSE(normalized_dn(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Texts, GivenTextThatIsNoDn,
                         testing::Values("ann", "cn=a,", ",cn=a", "=a", "cn=a,,dc=x", "cn=a\\", "cn=a\\g1",
                                         "cn=a\\4", "cn=\"a", "cn=\"a\"b", "cn=a;", "OID.cn=a", "cn=#",
                                         "cn=#0", "cn=#0g", "cn=#04024869x", "1.=a", "1..2=a", "c n=a",
                                         "cn=a+", "cn=<a>", "cn=\xff", "cn=a\\c3,dc=x"));

struct GivenAServersOwnTypes : testing::Test {
  static TypeDefinition type(std::string oid, std::vector<std::string> names, std::string equality) {
    return {.oid = std::move(oid),
            .names = std::move(names),
            .sup = "",
            .equality = std::move(equality),
            .ordering = "",
            .substrings = "",
            .syntax = "1.3.6.1.4.1.1466.115.121.1.15"};
  }
  Schema schema{
      {type("1.2.3.1", {"badge", "badgeCode"}, "caseExactMatch"),
       type("1.2.3.2", {"unit"}, "caseIgnoreMatch"), type("2.5.4.3", {"commonName", "cn"}, "caseIgnoreMatch"),
       type("1.2.3.3", {"own"}, "ownMatch")},
      {}};
  DnKeys keys{schema};
};

TEST_F(GivenAServersOwnTypes, WhenNamesAreAliasesThenTheyAreOneForThisServer) {
  auto const one = keys.of("badgeCode=A,unit=x"), other = keys.of("1.2.3.1=A,UNIT=X");
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->of_server(), other->of_server());
  EXPECT_NE(one->common, other->common);
  EXPECT_EQ(one->common, normalized_dn("badgecode=a,unit=x"));
  EXPECT_EQ(keys.key("Badge=A,unit=X"), one->of_server());
}

TEST_F(GivenAServersOwnTypes, WhenATypeIsCaseExactThenCaseTellsApartThereAndNowhereElse) {
  auto const upper = keys.of("badge=A,unit=x"), lower = keys.of("badge=a,unit=x");
  ASSERT_TRUE(upper && lower);
  EXPECT_NE(upper->of_server(), lower->of_server());
  EXPECT_EQ(upper->common, lower->common);
}

TEST_F(GivenAServersOwnTypes, WhenItsTypesAreTheUsualOnesThenThereIsOneForm) {
  for (auto const* dn : {"cn=A,unit=B", "2.5.4.3=a,unit=b", "ou=x", "own=A"}) {
    auto const known = keys.of(dn);
    ASSERT_TRUE(known) << dn;
    EXPECT_FALSE(known->own) << dn;
    EXPECT_EQ(known->common, normalized_dn(dn));
  }
  EXPECT_FALSE(keys.of("badge"));
}

struct GivenNormalizedDn : testing::Test {};

TEST_F(GivenNormalizedDn, WhenNormalizedAgainThenUnchanged) {
  for (auto const* dn : {"cn=Lee\\2c Ann\\+x,dc=\\#a", "uid=B+cn=A\\5c,dc=x", "cn=#300100"}) {
    auto const once = normalized_dn(dn);
    ASSERT_TRUE(once) << dn;
    EXPECT_EQ(normalized_dn(*once), once) << dn;
  }
}

TEST_F(GivenNormalizedDn, WhenParentIsAskedThenEscapedCommasAreStepped) {
  EXPECT_EQ(parent_of("cn=lee\\, ann,dc=x"), "dc=x");
  EXPECT_EQ(parent_of("cn=a\\\\,dc=x"), "dc=x");
  EXPECT_EQ(parent_of("dc=x"), "");
  EXPECT_EQ(parent_of(""), std::nullopt);
}

TEST_F(GivenNormalizedDn, WhenComparedWithBaseThenOnlyWholeNamesCount) {
  EXPECT_TRUE(is_below("cn=a,dc=x", "dc=x"));
  EXPECT_TRUE(is_below("dc=x", "dc=x"));
  EXPECT_TRUE(is_below("dc=x", ""));
  EXPECT_FALSE(is_below("cn=a,odc=x", "dc=x"));
  EXPECT_FALSE(is_below("cn=a\\,dc=x", "dc=x"));
  EXPECT_FALSE(is_below("dc=x", "cn=a,dc=x"));
}

TEST_F(GivenNormalizedDn, WhenUidFollowsThenItIsCutOff) {
  EXPECT_EQ(without_optional_uid("cn=a,dc=x#'0101'B"), "cn=a,dc=x");
  EXPECT_EQ(without_optional_uid("cn=a,dc=x#''B"), "cn=a,dc=x");
  EXPECT_EQ(without_optional_uid("cn=a,dc=x#'012'B"), "cn=a,dc=x#'012'B");
  EXPECT_EQ(without_optional_uid("cn=a#'B"), "cn=a#'B");
  EXPECT_EQ(without_optional_uid("cn=a,dc=x"), "cn=a,dc=x");
}

}  // namespace
}  // namespace dirsync
