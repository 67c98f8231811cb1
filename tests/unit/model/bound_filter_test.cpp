#include "sync/model/bound_filter.hpp"

#include <gmock/gmock.h>

namespace dirsync {
namespace {

using testing::HasSubstr;

struct Case {
  std::string_view filter;
  bool holds;
};

class GivenAnEntry : public testing::TestWithParam<Case> {
 protected:
  static bool matches(std::string_view text) {
    std::vector<std::string_view> const classes{"inetOrgPerson"}, cn{"Ann  Lee"}, uid{"ann"}, number{"42"},
        control{"514"}, time{"20260102030405Z"}, star{"a*b"}, title{"Leitung"}, home{"/home/Ann"},
        phone{"+49 30-12"}, boss{"cn=Boss\\2C X,ou=Staff,dc=x"}, none{};
    std::vector<AttributeView> const entry{{"objectClass", classes},
                                           {"cn", cn},
                                           {"uid", uid},
                                           {"uidNumber", number},
                                           {"userAccountControl", control},
                                           {"createTimestamp", time},
                                           {"description", star},
                                           {"info", none},
                                           {"title;lang-de", title},
                                           {"homeDirectory", home},
                                           {"telephoneNumber", phone},
                                           {"manager", boss}};
    auto const filter = Filter::parse(text);
    EXPECT_TRUE(filter) << text;
    if (!filter) return false;
    auto bound = BoundFilter::bind(*filter, builtin_schema());
    EXPECT_TRUE(bound) << text;
    return bound && bound->matches(entry);
  }
};

TEST_P(GivenAnEntry, WhenFilterIsEvaluatedThenAsInTheStandard) {
  EXPECT_EQ(matches(GetParam().filter), GetParam().holds) << GetParam().filter;
}

INSTANTIATE_TEST_SUITE_P(
    Values, GivenAnEntry,
    testing::Values(
        Case{"(uid=ANN)", true}, Case{"(cn= ann lee )", true}, Case{"(uid=bob)", false},
        Case{"(uid=*)", true}, Case{"(cn=a*)", true}, Case{"(cn=*lee)", true}, Case{"(cn=*nn l*)", true},
        Case{"(cn=a*n*l*e)", true}, Case{"(cn=a*l*n)", false}, Case{"(uid=ann*nn)", false},
        Case{"(description=a\\2ab)", true}, Case{"(uid=a\\2ab)", false}, Case{"(uidNumber>=9)", true},
        Case{"(uidNumber<=9)", false}, Case{"(uidNumber<=42)", true}, Case{"(uidNumber>=-1)", true},
        Case{"(uidNumber<=99999999999999999999)", true}, Case{"(createTimestamp>=20260102030404.9Z)", true},
        Case{"(createTimestamp=20260102040405+0100)", true},
        Case{"(createTimestamp<=20260102030404Z)", false}, Case{"(homeDirectory=/home/Ann)", true},
        Case{"(homeDirectory=/home/ann)", false}, Case{"(telephoneNumber=+493012)", true},
        Case{"(telephoneNumber=*3012)", true}, Case{"(manager=CN=boss\\5C, x, 2.5.4.11=staff, DC=X)", true},
        Case{"(manager=cn=boss,dc=x)", false}, Case{"(cn:caseExactMatch:=Ann Lee)", true},
        Case{"(cn:caseExactMatch:=ann lee)", false}, Case{"(homeDirectory:caseIgnoreMatch:=/HOME/ann)", true},
        Case{"(cn:=ann lee)", true}, Case{"(userAccountControl:1.2.840.113556.1.4.803:=2)", true},
        Case{"(userAccountControl:1.2.840.113556.1.4.803:=3)", false},
        Case{"(userAccountControl:1.2.840.113556.1.4.804:=3)", true}));

INSTANTIATE_TEST_SUITE_P(
    Names, GivenAnEntry,
    testing::Values(Case{"(userid=ann)", true}, Case{"(0.9.2342.19200300.100.1.1=ann)", true},
                    Case{"(commonName=ann lee)", true}, Case{"(name=ann lee)", true},
                    Case{"(2.5.4.41=leitung)", true}, Case{"(title=leitung)", true},
                    Case{"(title;lang-de=leitung)", true}, Case{"(title;lang-=leitung)", true},
                    Case{"(title;lang-fr=leitung)", false}, Case{"(!(title;lang-fr=leitung))", true},
                    Case{"(objectclass=INETORGPERSON)", true}, Case{"(objectClass=person)", true},
                    Case{"(objectClass=2.5.6.6)", true}, Case{"(objectClass=device)", false},
                    Case{"(!(&(uid=ann)(objectClass=person)))", false}));

INSTANTIATE_TEST_SUITE_P(
    ThreeValues, GivenAnEntry,
    testing::Values(Case{"(mail=*)", false}, Case{"(info=*)", false}, Case{"(!(mail=*))", true},
                    Case{"(mail=a)", false}, Case{"(!(mail=a))", true}, Case{"(!(mail=a*))", true},
                    Case{"(!(uid=bob))", true}, Case{"(&(uid=ann)(mail=a))", false},
                    Case{"(!(&(uid=ann)(mail=a)))", true}, Case{"(|(uid=ann)(nosuch=a))", true},
                    Case{"(nosuch=a)", false}, Case{"(!(nosuch=a))", false}, Case{"(!(nosuch=*))", false},
                    Case{"(!(&(uid=bob)(nosuch=a)))", true}, Case{"(!(&(uid=ann)(nosuch=a)))", false},
                    Case{"(!(uid>=a))", false}, Case{"(!(uidNumber=4*))", false},
                    Case{"(!(uidNumber=x))", false}, Case{"(!(uidNumber=042))", false},
                    Case{"(!(manager=boss))", false}, Case{"(!(objectClass=nosuch))", false},
                    Case{"(!(userAccountControl:1.2.840.113556.1.4.803:=1))", true}, Case{"(&)", true},
                    Case{"(|)", false}));

struct GivenAFilter : testing::Test {
  static std::string refusal(std::string_view text, Schema const& schema = builtin_schema()) {
    auto const bound = BoundFilter::bind(Filter::parse(text).value(), schema);
    return bound ? "" : bound.error().context;
  }
  static Schema of_active_directory() {
    return builtin_schema({.rules_by_syntax = true,
                           .undefined_as_in_the_standard = false,
                           .finds_subtypes = false,
                           .drops_outer_spaces = false});
  }
};

TEST_F(GivenAFilter, WhenOnlyTheServerCanTellThenThePartIsNamed) {
  struct Refused {
    std::string_view part, why;
  };
  for (auto const& [part, why] : {Refused{"(uniqueMember=cn=a)", "how uniquemember compares"},
                                  {"(cn;x-own=a)", "the options of cn;x-own"},
                                  {"(cn=a\\09b)", "a control character"},
                                  {"(telephoneNumber=1ext2)", "letters of a telephone number"},
                                  {"(uidNumber:caseIgnoreMatch:=1)", "rule caseIgnoreMatch"},
                                  {"(cn:1.2.840.113556.1.4.803:=1)", "bits of cn"}}) {
    auto const text = "(|(uid=a)(!" + std::string{part} + "))";
    EXPECT_THAT(refusal(text), testing::AllOf(HasSubstr(why), HasSubstr(text))) << part;
  }
}

TEST_F(GivenAFilter, WhenAPartIsUndefinedForAllThenItIsToldUnlessOnlyTheServerKnows) {
  auto const filter = Filter::parse("(|(cm=a)(!(grade>=1))(uid>=a)(objectClass=staf))").value();
  auto const bound = BoundFilter::bind(filter, builtin_schema());
  ASSERT_TRUE(bound);
  EXPECT_THAT(bound->undefined_parts(),
              testing::ElementsAre(HasSubstr("(cm=a): the schema has no attribute cm"), HasSubstr("grade"),
                                   HasSubstr("uid has no ordering rule"), HasSubstr("no class staf")));
  EXPECT_THAT(refusal("(|(uid=a)(cm=b))", builtin_schema({.undefined_as_in_the_standard = false})),
              HasSubstr("the schema has no attribute cm"));
}

TEST_F(GivenAFilter, WhenTheServerIsActiveDirectoryThenWhatItRewritesIsRefused) {
  auto const schema = of_active_directory();
  for (auto const* text :
       {"(objectCategory=person)", "(cn=J\xc3\xb6rg)", "(objectSid=S-1-5-32)", "(cn>=a)", "(cn;lang-de=a)",
        "(name=a)", "(cn= a)", "(cn:caseExactMatch:=a)", "(userAccountControl=x)"})
    EXPECT_NE(refusal(text, schema), "") << text;
  for (auto const* text : {"(sAMAccountName=a*)", "(userAccountControl:1.2.840.113556.1.4.803:=2)",
                           "(userAccountControl>=512)", "(memberOf=cn=a,dc=x)", "(objectClass=user)"})
    EXPECT_EQ(refusal(text, schema), "") << text;
}

TEST_F(GivenAFilter, WhenNamesUseTheSameStorageInTurnThenEachMeansItself) {
  auto bound = BoundFilter::bind(Filter::parse("(uid=ann)").value(), builtin_schema()).value();
  std::vector<std::string_view> const values{"ann"};
  std::string name = "uid";
  std::vector<AttributeView> const entry{{std::string_view{name.data(), 3}, values}};
  EXPECT_TRUE(bound.matches(entry));
  name = "ou_";
  EXPECT_FALSE(bound.matches(entry));
}

}  // namespace
}  // namespace dirsync
