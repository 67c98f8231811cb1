#include "sync/model/name_template.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace dirsync {
namespace {

class GivenEntry : public testing::Test {
 protected:
  /// The names that `text` gives for this entry, with bars between; "(none)" when it gives none.
  std::string rendered(std::string_view text) {
    auto const name_template = NameTemplate::parse(text);
    if (!name_template) return "error: " + dirsync::text(name_template.error());
    auto const names = name_template->names(entry_);
    std::string all;
    for (auto const& name : names) all += (all.empty() ? "" : " / ") + name;
    return names.empty() ? "(none)" : all;
  }

  std::array<std::string_view, 1> const cn_{"PAM-Ops "};
  std::array<std::string_view, 2> const ou_{"a", "b"}, l_{"x", ""};
  std::array<std::string_view, 1> const uid_{"jörg"};
  std::array<std::string_view, 1> const blank_{" \t"};
  std::array<std::string_view, 1> const broken_{"A\xff"};
  std::array<std::string_view, 1> const path_{R"(a:b|c{d}\e)"};
  std::array<AttributeView, 8> const entry_{{{"CN", cn_},
                                             {"uid", uid_},
                                             {"blank", blank_},
                                             {"raw", broken_},
                                             {"mail", {}},
                                             {"path", path_},
                                             {"ou", ou_},
                                             {"l", l_}}};
};

TEST_F(GivenEntry, WhenTemplateIsLiteralThenItIsTheName) { EXPECT_EQ(rendered("Ops team"), "Ops team"); }

TEST_F(GivenEntry, WhenPartsAndTextAlternateThenTheyAreJoined) {
  EXPECT_EQ(rendered("x-{cn}-y"), "x-PAM-Ops -y");
  EXPECT_EQ(rendered("{Cn}{uid}"), "PAM-Ops jörg");
}

TEST_F(GivenEntry, WhenAttributesHaveSeveralValuesThenEachChoiceIsAName) {
  EXPECT_EQ(rendered("{ou}"), "a / b");
  EXPECT_EQ(rendered("{ou}-{l}{ou}"), "a-xa / b-xb / a-a / b-b");
  EXPECT_EQ(rendered("{ou|replace:b:a}"), "a");
  EXPECT_EQ(rendered("{l}"), "x");
}

TEST_F(GivenEntry, WhenFunctionsAreChainedThenTheyRunLeftToRight) {
  EXPECT_EQ(rendered("{cn|trim|lower|remove_prefix:pam-}"), "ops");
  EXPECT_EQ(rendered("{cn|remove_prefix:pam-|lower|trim}"), "pam-ops");
  EXPECT_EQ(rendered("{cn|trim|remove_suffix:Ops|remove_suffix:none}"), "PAM-");
}

TEST_F(GivenEntry, WhenCaseIsMappedThenUnicodeFollows) {
  EXPECT_EQ(rendered("{uid|upper}"), "JÖRG");
  EXPECT_EQ(rendered("{uid|upper|lower}"), "jörg");
}

TEST_F(GivenEntry, WhenValueIsNotUtf8ThenItsBytesStay) { EXPECT_EQ(rendered("{raw|lower}"), "a\xff"); }

TEST_F(GivenEntry, WhenReplacedThenEveryOccurrenceChanges) {
  EXPECT_EQ(rendered("{uid}{uid|replace:j:jj}{cn|trim|replace:p:pp}"), "jörgjjörgPAM-Opps");
  EXPECT_EQ(rendered("{cn|replace:m:n|replace:P:PP|trim}"), "PPAM-Ops");
  EXPECT_EQ(rendered("{cn|trim|replace:-:}"), "PAMOps");
  EXPECT_EQ(rendered("{cn|trim|replace:-:a:b}"), "PAMa:bOps");
}

TEST_F(GivenEntry, WhenAnArgumentHasBackslashesThenWhatStandsAfterThemIsText) {
  EXPECT_EQ(rendered(R"({path|replace:\::.})"), R"(a.b|c{d}\e)");
  EXPECT_EQ(rendered(R"({path|replace:\|:\:})"), R"(a:b:c{d}\e)");
  EXPECT_EQ(rendered(R"({path|replace:\{:(|replace:\}:)|remove_suffix:\\e})"), "a:b|c(d)");
  EXPECT_EQ(rendered(R"({path|remove_prefix:a\:|lower}\)"), R"(b|c{d}\e\)");
}

TEST_F(GivenEntry, WhenAttributeIsMissingThenThereIsNoName) {
  EXPECT_EQ(rendered("{sn}"), "(none)");
  EXPECT_EQ(rendered("fixed {mail}"), "(none)");
}

TEST_F(GivenEntry, WhenResultIsEmptyThenThereIsNoName) { EXPECT_EQ(rendered("{blank|trim}"), "(none)"); }

TEST(GivenTemplate, WhenParsedThenItListsEachAttributeOnce) {
  auto const parsed = NameTemplate::parse("{CN} {mail;lang-de|lower} {cn|upper}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->attributes(), (std::vector<std::string>{"cn", "mail;lang-de"}));
  EXPECT_EQ(parsed->text(), "{CN} {mail;lang-de|lower} {cn|upper}");
}

TEST(GivenTemplate, WhenSomethingIsReplacedBesidesThenEachPartDoesIt) {
  auto const parsed = NameTemplate::parse(R"(a:{cn|remove_suffix:\}}-{ou}:)").value();
  EXPECT_EQ(parsed.with_replaced(":", "."), R"(a:{cn|remove_suffix:\}|replace:\::.}-{ou|replace:\::.}:)");
  EXPECT_EQ(NameTemplate::parse("ops").value().with_replaced(":", "."), "ops");
}

TEST(GivenTemplate, WhenItGivesAnAttributeAsItIsThenThatOne) {
  auto const unchanged = [](std::string_view text) {
    return std::string{NameTemplate::parse(text).value().unchanged_attribute()};
  };
  for (auto const* text : {"{CN}", "{cn|lower|trim}", "{cn|replace:x:X}"}) EXPECT_EQ(unchanged(text), "cn");
  EXPECT_EQ(unchanged("{2.5.4.3|upper}"), "2.5.4.3");
  for (auto const* text : {"x{cn}", "{cn}{ou}", "{cn|replace:x:y}", "{cn|remove_prefix:x}", "x"})
    EXPECT_EQ(unchanged(text), "");
}

TEST(GivenBadTemplate, WhenParsedThenThePlaceAndTheRemedyAreNamed) {
  std::map<std::string, std::string> const expected{
      {"", "character 1: an empty template gives no name (template: malformed template)"},
      {"a}b", "character 2: a } without its { (template: malformed template)"},
      {"a{b", "character 2: a { without its } (template: malformed template)"},
      {"{a{b}}", "character 1: a { without its } (template: malformed template)"},
      {"{}", "character 2: \"\" is not an attribute name (template: malformed template)"},
      {"x{c n}", "character 3: \"c n\" is not an attribute name (template: malformed template)"},
      {"{cn|lower:x}", "character 5: lower takes no argument (template: malformed template)"},
      {"{cn|remove_prefix}",
       "character 5: remove_prefix needs a text after the colon (template: malformed template)"},
      {"{cn|trim|replace:a}",
       "character 10: replace takes two arguments: replace:A:B (template: malformed template)"},
      {R"({cn|replace:a\b:c})",
       "character 14: a backslash stands before one of : | { } \\ only; write \\\\ for a backslash "
       "(template: malformed template)"},
      {R"({cn|remove_prefix:a\})", "character 1: a { without its } (template: malformed template)"},
      {"{cn|replace::b}", "character 5: replace needs a text after the colon (template: malformed template)"},
      {"{cn|remove_prefx:a}",
       "character 5: no function \"remove_prefx\"; did you mean \"remove_prefix\"? (template: unknown "
       "template function)"},
      {"{cn|zzzzzz}",
       "character 5: no function \"zzzzzz\"; there are lower, upper, trim, remove_prefix:P, remove_suffix:S, "
       "replace:A:B (template: unknown template function)"},
  };
  for (auto const& [text, message] : expected) {
    auto const parsed = NameTemplate::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(dirsync::text(parsed.error()), message);
  }
}

}  // namespace
}  // namespace dirsync
