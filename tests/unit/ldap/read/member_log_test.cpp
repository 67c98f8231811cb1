#include "ldap/read/member_log.hpp"

#include <gmock/gmock.h>

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kAnn[] = "uid=ann,dc=example,dc=com", kBob[] = "uid=bob,dc=example,dc=com";

std::string csn(int second) {
  return "2026113014110" + std::to_string(second) + ".000001Z#000000#001#000000";
}

LoggedChange change(int second, std::vector<std::string> mods) {
  mods.push_back("entryCSN:= " + csn(second));
  mods.emplace_back("modifiersName:= cn=admin,dc=example,dc=com");
  mods.push_back("modifyTimestamp:= 2026113014110" + std::to_string(second) + "Z");
  return {.csn = csn(second), .is_modify = true, .mods = std::move(mods)};
}

std::optional<NetMembers> net(std::vector<LoggedChange> changes) {
  return net_members(std::move(changes), builtin_schema());
}

TEST(GivenALoggedModification, WhenParsedThenAttributeVerbAndValue) {
  using Verb = LoggedMod::Verb;
  struct Case {
    std::string_view text;
    Verb verb;
    std::string_view attribute;
    std::optional<std::string_view> value;
  };
  for (auto const& [text, verb, attribute, value] :
       {Case{"member:+ uid=ann", Verb::add, "member", "uid=ann"},
        Case{"member:- uid=ann", Verb::remove, "member", "uid=ann"},
        Case{"member:-", Verb::remove, "member", {}}, Case{"member:= ", Verb::replace, "member", ""},
        Case{"uidNumber:# 1", Verb::other, "uidNumber", "1"},
        Case{"cn;lang-de:+ a: b", Verb::add, "cn;lang-de", "a: b"}}) {
    auto const mod = parse_logged_mod(text);
    ASSERT_TRUE(mod) << text;
    EXPECT_EQ(mod->verb, verb) << text;
    EXPECT_EQ(mod->attribute, attribute) << text;
    EXPECT_EQ(mod->value, value) << text;
  }
}

TEST(GivenALoggedModification, WhenItIsNoneThenNothing) {
  for (auto const* const text : {"", ":", "member", "member:", ":+ uid=ann", "member:+uid=ann"})
    EXPECT_FALSE(parse_logged_mod(text)) << text;
}

TEST(GivenLoggedChanges, WhenValuesCameAndWentThenWhatTheyComeTo) {
  auto const both = net({change(1, {"member:+ " + std::string{kAnn}, "member:- " + std::string{kBob}})});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->list, "member");
  EXPECT_THAT(both->changes.added, ElementsAre(kAnn));
  EXPECT_THAT(both->changes.removed, ElementsAre(kBob));
}

TEST(GivenLoggedChanges, WhenAValueIsAsBeforeInTheEndThenItIsInNeitherList) {
  std::string const ann{kAnn}, bob{kBob};
  auto const none = net({change(1, {"member:+ " + ann}), change(2, {"member:- UID=Ann, DC=example,dc=com"}),
                         change(3, {"member:- " + bob, ":", "member:+ " + bob})});
  ASSERT_TRUE(none);
  EXPECT_THAT(none->changes.added, IsEmpty());
  EXPECT_THAT(none->changes.removed, IsEmpty());
}

TEST(GivenLoggedChanges, WhenTheyComeInAnyOrderThenTheirNumbersCount) {
  std::string const ann{kAnn};
  auto const gone = net({change(3, {"member:- " + ann}), change(1, {"member:- " + ann}),
                         change(2, {"member:+ UID=ann,dc=example,dc=com"})});
  ASSERT_TRUE(gone);
  EXPECT_THAT(gone->changes.added, IsEmpty());
  EXPECT_THAT(gone->changes.removed, ElementsAre(kAnn));
}

TEST(GivenLoggedChanges, WhenTheListIsAnotherThenItIsNamed) {
  auto const unique = net({change(1, {"uniqueMember:+ " + std::string{kAnn} + "#'01'B"})});
  ASSERT_TRUE(unique);
  EXPECT_EQ(unique->list, "uniqueMember");
  EXPECT_THAT(unique->changes.added, ElementsAre(std::string{kAnn} + "#'01'B"));
}

TEST(GivenLoggedChanges, WhenNoMemberIsAmongThemThenNoneOfThemChanged) {
  for (auto const& changes : {std::vector<LoggedChange>{}, {change(1, {})}}) {
    auto const none = net(changes);
    ASSERT_TRUE(none);
    EXPECT_EQ(none->list, "");
    EXPECT_THAT(none->changes.added, IsEmpty());
  }
}

TEST(GivenLoggedChanges, WhenTheyAreMoreThanSingleValuesOfOneListThenNothing) {
  std::string const ann{kAnn};
  for (auto const& mods : std::vector<std::vector<std::string>>{{"member:= " + ann},
                                                                {"member:="},
                                                                {"member:-"},
                                                                {"member:# 1"},
                                                                {"member:+"},
                                                                {"member:+ no dn"},
                                                                {"member;x-old:+ " + ann},
                                                                {"memberUid:+ ann"},
                                                                {"memberURL:+ ldap:///"},
                                                                {"description:= new"},
                                                                {"member:+ " + ann, "uniqueMember:+ " + ann},
                                                                {"nothing"}}) {
    EXPECT_FALSE(net({change(1, mods)})) << mods.front();
    EXPECT_FALSE(net({change(1, {"member:+ " + std::string{kBob}}), change(2, mods)})) << mods.front();
  }
}

TEST(GivenLoggedChanges, WhenTheGroupWasAddedRenamedOrHidesWhatWasDoneThenNothing) {
  auto added = change(1, {"member:+ " + std::string{kAnn}});
  added.is_modify = false;
  EXPECT_FALSE(net({added}));
  EXPECT_FALSE(net({LoggedChange{.csn = csn(1), .is_modify = true, .mods = {}}}));
}

TEST(GivenATime, WhenItIsMadeANumberThenThatIsLowerThanThoseOfTheSameMillisecond) {
  auto const time = parse_rfc3339("2026-11-21T21:38:11.042Z").value();
  auto const first = first_csn_of(time);
  EXPECT_EQ(first, "20261121213811.042000Z#000000#000#000000");
  EXPECT_LT(first, "20261121213811.042000Z#000000#001#000000");
  EXPECT_GT(first, "20261121213811.041999Z#000000#001#000000");
}

}  // namespace
}  // namespace dirsync::ldap
