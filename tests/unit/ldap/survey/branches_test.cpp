#include "ldap/survey/branches.hpp"

#include <gtest/gtest.h>

#include <array>

#include "ldap/survey/classes.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::array<std::string_view, 2> kUsual{"people", "users"};

struct GivenEntriesInATree : testing::Test {
  Branches branches{"dc=example,dc=com"};

  void add(std::string const& container, int entries) {
    for (int number = 0; number < entries; ++number)
      branches.add("uid=u" + std::to_string(number) + "," + container);
  }
};

TEST_F(GivenEntriesInATree, WhenThereAreNoneThenTheContextIsChosen) {
  auto const chosen = branches.choose(kUsual);
  EXPECT_EQ(chosen.base, "dc=example,dc=com");
  EXPECT_EQ(chosen.below, 0U);
}

TEST_F(GivenEntriesInATree, WhenOneContainerHasThemAllThenItIsChosenWhateverItsName) {
  add("ou=Staff,o=Units,dc=example,dc=com", 3);
  EXPECT_EQ(branches.choose(kUsual).base, "ou=Staff,o=Units,dc=example,dc=com");
}

TEST_F(GivenEntriesInATree, WhenTwoContainersHaveSomeThenTheOneAboveBothIsChosen) {
  add("ou=north,ou=sites,dc=example,dc=com", 3);
  add("ou=south,ou=sites,dc=example,dc=com", 1);
  auto const chosen = branches.choose(kUsual);
  EXPECT_EQ(chosen.base, "ou=sites,dc=example,dc=com");
  EXPECT_EQ(chosen.below, 4U);
  EXPECT_EQ(chosen.elsewhere, 0U);
}

TEST_F(GivenEntriesInATree, WhenAContainerOfAUsualNameHasHalfThenItIsChosenAndTheRestIsTold) {
  add("ou=People,dc=example,dc=com", 3);
  add("ou=services,dc=example,dc=com", 2);
  auto const chosen = branches.choose(kUsual);
  EXPECT_EQ(chosen.base, "ou=People,dc=example,dc=com");
  EXPECT_EQ(chosen.below, 3U);
  EXPECT_EQ(chosen.elsewhere, 2U);
}

TEST_F(GivenEntriesInATree, WhenAContainerOfAUsualNameHasUnitsThenNoneOfThemIsLost) {
  add("ou=staff,ou=people,dc=example,dc=com", 30);
  add("ou=students,ou=people,dc=example,dc=com", 1);
  EXPECT_EQ(branches.choose(kUsual).base, "ou=people,dc=example,dc=com");
}

TEST_F(GivenEntriesInATree, WhenAContainerOfAUsualNameHasFewThenItIsNotChosen) {
  add("ou=people,dc=example,dc=com", 1);
  add("ou=staff,dc=example,dc=com", 9);
  EXPECT_EQ(branches.choose(kUsual).base, "dc=example,dc=com");
}

TEST_F(GivenEntriesInATree, WhenAnEntryIsElsewhereOrNoDnThenItIsNotCounted) {
  branches.add("uid=x,dc=example,dc=org");
  branches.add("no name");
  branches.add("dc=example,dc=com");
  EXPECT_EQ(branches.choose(kUsual).below, 0U);
}

TEST(GivenADn, WhenItsFirstPartHasAnEscapedCommaThenTheContainerIsWhatFollowsIt) {
  EXPECT_EQ(container_in("cn=a\\, b,ou=c"), "ou=c");
  EXPECT_EQ(container_in("cn=a"), "");
}

TEST(GivenClassesOfAnEntry, WhenTheMostSpecialAreChosenThenThoseAboveThemAreLeftOut) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(most_special(builtin_schema(), {"top", "person", "organizationalPerson", "inetOrgPerson"}),
            Names{"inetOrgPerson"});
  EXPECT_EQ(most_special(builtin_schema(), {"posixGroup", "groupOfNames", "unheardOf"}),
            (Names{"groupOfNames", "posixGroup", "unheardOf"}));
}

TEST(GivenASchema, WhenATypeIsBelowMemberThenItNamesMembersAsWell) {
  Schema const schema{{{.oid = "1.1",
                        .names = {"member"},
                        .sup = "",
                        .equality = "",
                        .ordering = "",
                        .substrings = "",
                        .syntax = ""},
                       {.oid = "1.2",
                        .names = {"deputyMember"},
                        .sup = "member",
                        .equality = "",
                        .ordering = "",
                        .substrings = "",
                        .syntax = ""}},
                      {}};
  EXPECT_EQ(member_types(schema), (std::vector<std::string>{"member", "deputyMember"}));
}

}  // namespace
}  // namespace dirsync::ldap
