#include "sync/model/schema.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

constexpr char kText[] = "1.3.6.1.4.1.1466.115.121.1.15";

TypeDefinition type(std::string const& name, std::string const& sup = {}) {
  return {.oid = "1.9." + name,
          .names = {name},
          .sup = sup,
          .equality = sup.empty() ? "caseIgnoreMatch" : "",
          .ordering = "",
          .substrings = "",
          .syntax = sup.empty() ? kText : ""};
}

struct GivenTypes : testing::Test {
  static Schema with(std::vector<TypeDefinition> types) { return {std::move(types), {}}; }
};

TEST_F(GivenTypes, WhenLookedUpThenByAnyNameAndOidInAnyCase) {
  auto schema = with({{.oid = "2.5.4.3",
                       .names = {"cn", "commonName"},
                       .sup = "",
                       .equality = "2.5.13.5",
                       .ordering = "",
                       .substrings = "caseExactSubstringsMatch",
                       .syntax = kText}});
  for (auto const* name : {"cn", "CN", "CommonName", "2.5.4.3"}) {
    ASSERT_TRUE(schema.type(name)) << name;
    EXPECT_EQ(schema[*schema.type(name)].key, "cn");
  }
  auto const& found = schema[0];
  EXPECT_EQ(found.equality, Comparison::case_exact);
  EXPECT_EQ(found.ordering, Comparison::none);
  EXPECT_EQ(found.substrings, Comparison::case_exact);
  EXPECT_EQ(found.syntax, Syntax::directory_string);
  EXPECT_FALSE(schema.type("sn"));
  EXPECT_FALSE(schema.type(""));
}

TEST_F(GivenTypes, WhenOneHasNoRulesThenItHasThoseAbove) {
  auto const schema = with({type("low", "middle"), type("middle", "TOP"), type("top")});
  EXPECT_EQ(schema[0].equality, Comparison::case_ignore);
  EXPECT_EQ(schema[0].syntax, Syntax::directory_string);
  EXPECT_TRUE(schema.is_kind_of(0, 2));
  EXPECT_TRUE(schema.is_kind_of(0, 0));
  EXPECT_FALSE(schema.is_kind_of(2, 0));
}

TEST_F(GivenTypes, WhenTheyLeadInARingThenItIsCutAndNothingIsKnownOfThem) {
  auto const schema = with({type("a", "b"), type("b", "c"), type("c", "a"), type("d", "a"), type("e", "e")});
  for (auto const& one : schema.types()) EXPECT_EQ(one.equality, Comparison::unknown) << one.key;
  EXPECT_TRUE(schema.is_kind_of(3, 0));
  EXPECT_FALSE(schema.is_kind_of(0, 3));
}

TEST_F(GivenTypes, WhenTheTypeAboveIsMissingThenNothingIsKnownOfTheRules) {
  auto const schema = with({type("a", "nothing")});
  EXPECT_EQ(schema[0].equality, Comparison::unknown);
  EXPECT_EQ(schema[0].ordering, Comparison::unknown);
}

TEST_F(GivenTypes, WhenTwoHaveOneNameThenTheFirstKeepsIt) {
  auto schema = with({type("a"), type("b")});
  auto other = type("A");
  other.oid = "1.2.3";
  schema = with({type("a"), other});
  EXPECT_EQ(schema.type("a"), 0U);
  EXPECT_EQ(schema.type("1.2.3"), 1U);
}

TEST_F(GivenTypes, WhenThereAreTensOfThousandsInOneLineThenAllAreLinked) {
  constexpr unsigned kMany = 50'000;
  std::vector<TypeDefinition> types{type("t0")};
  for (unsigned n = 1; n < kMany; ++n)
    types.push_back(type("t" + std::to_string(n), "t" + std::to_string(n - 1)));
  auto const schema = with(std::move(types));
  EXPECT_EQ(schema[kMany - 1].equality, Comparison::case_ignore);
  EXPECT_TRUE(schema.is_kind_of(kMany - 1, 0));
}

TEST_F(GivenTypes, WhenARuleIsOfAnotherUseOrNobodysThenItIsUnknown) {
  EXPECT_EQ(comparison_of("caseIgnoreMatch", RuleUse::ordering), Comparison::unknown);
  EXPECT_EQ(comparison_of("myMatch", RuleUse::equality), Comparison::unknown);
  EXPECT_EQ(comparison_of("", RuleUse::equality), Comparison::none);
}

TEST_F(GivenTypes, WhenTheServerNamesNoRulesThenTheSyntaxDecides) {
  auto of_syntax = [](std::string const& syntax) {
    auto one = type("a");
    one.equality = "";
    one.syntax = syntax;
    return Schema{{one}, {}, {.rules_by_syntax = true, .undefined_as_in_the_standard = false}};
  };
  EXPECT_EQ(of_syntax("1.2.840.113556.1.4.905")[0].equality, Comparison::case_ignore);
  EXPECT_EQ(of_syntax("1.2.840.113556.1.4.905")[0].substrings, Comparison::case_ignore);
  EXPECT_EQ(of_syntax("1.2.840.113556.1.4.906")[0].ordering, Comparison::integer);
  EXPECT_EQ(of_syntax("1.2.840.113556.1.4.903")[0].equality, Comparison::unknown);
  EXPECT_EQ(of_syntax(kText)[0].ordering, Comparison::unknown);
}

struct GivenClasses : testing::Test {
  static ClassDefinition one(std::string const& name, std::vector<std::string> sups) {
    return {.oid = "1.8." + name, .names = {name}, .sups = std::move(sups)};
  }
};

TEST_F(GivenClasses, WhenOneStandsBelowAnotherThenOnAnyWay) {
  Schema const schema{{},
                      {one("top", {}), one("a", {"top"}), one("b", {"nothing", "A"}), one("c", {"b", "c"})}};
  auto const is_below = [&schema](char const* low, char const* high) {
    return schema.is_class_below(*schema.object_class(low), *schema.object_class(high));
  };
  EXPECT_TRUE(is_below("c", "TOP"));
  EXPECT_TRUE(is_below("1.8.c", "a"));
  EXPECT_TRUE(is_below("a", "a"));
  EXPECT_FALSE(is_below("a", "b"));
  EXPECT_FALSE(schema.object_class("nothing"));
}

TEST_F(GivenClasses, WhenTheyLeadInARingThenNobodyWalksForEver) {
  Schema const schema{{}, {one("a", {"b"}), one("b", {"c"}), one("c", {"a"}), one("d", {})}};
  EXPECT_TRUE(schema.is_class_below(0, 2));
  EXPECT_TRUE(schema.is_class_below(2, 0));
  EXPECT_FALSE(schema.is_class_below(0, 3));
}

struct GivenTheBuiltinSchema : testing::Test {};

TEST_F(GivenTheBuiltinSchema, WhenLookedAtThenEveryReferenceLeadsSomewhere) {
  auto const& schema = builtin_schema();
  EXPECT_EQ(schema.remark(), "");
  for (auto const& one : schema.types()) {
    EXPECT_EQ(&schema[*schema.type(one.oid)], &one) << one.oid;
    for (auto const& name : one.names) EXPECT_EQ(&schema[*schema.type(name)], &one) << name;
  }
  auto const name = *schema.type("name");
  for (auto const* below : {"cn", "surname", "ou", "givenName", "c"})
    EXPECT_TRUE(schema.is_kind_of(*schema.type(below), name)) << below;
  EXPECT_EQ(schema[*schema.type("member")].equality, Comparison::distinguished_name);
  EXPECT_EQ(schema[*schema.type("sn")].substrings, Comparison::case_ignore);
  EXPECT_TRUE(schema.is_class_below(*schema.object_class("inetOrgPerson"), *schema.object_class("person")));
  EXPECT_TRUE(schema.is_class_below(*schema.object_class("computer"), *schema.object_class("top")));
}

struct GivenDescriptions : testing::Test {};

TEST_F(GivenDescriptions, WhenTakenApartThenOptionsAreASet) {
  auto const parts = described("Title;lang-EN;Lang-de;lang-en;range=0-99;");
  EXPECT_EQ(parts.type, "Title");
  EXPECT_EQ(parts.options, (std::vector<std::string>{"lang-de", "lang-en"}));
  EXPECT_TRUE(described("cn").options.empty());
}

}  // namespace
}  // namespace dirsync
