#include "daemon/init/group_names.hpp"

#include <gmock/gmock.h>

namespace dirsync::init {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct GivenNamesOfGroups : testing::Test {
  GroupNamesWanted wanted{.kind = TargetKind::vault,
                          .flavour = ldap::Flavour::openldap,
                          .filter = {},
                          .refuse = [](std::string_view name) {
                            auto const is_bad =
                                name.find_first_of(":/") != name.npos || name == "Vault Admins";
                            return std::string{is_bad ? "no" : ""};
                          }};

  GroupNames propose(std::vector<std::string> const& names) const {
    return propose_group_names(names, wanted);
  }
};

TEST_F(GivenNamesOfGroups, WhenAPrefixTellsTheTargetThenItSelectsAndIsTakenAway) {
  auto const proposed = propose({"pam-unix", "staff", "PAM-windows", "iot-plant"});
  EXPECT_EQ(proposed.filter, "(cn=pam-*)");
  EXPECT_EQ(proposed.group_name, "{cn|remove_prefix:pam-}");
  EXPECT_EQ(proposed.selected, 2U);
  EXPECT_THAT(proposed.refused, IsEmpty());
}

TEST_F(GivenNamesOfGroups, WhenThePrefixIsThatOfTheOtherTargetThenItDoesNotCount) {
  wanted.kind = TargetKind::console;
  EXPECT_EQ(propose({"pam-unix", "iot-plant"}).filter, "(cn=iot-*)");
}

TEST_F(GivenNamesOfGroups, WhenNoPrefixTellsThenAllAreProposed) {
  EXPECT_EQ(propose({"staff", "unix-admins"}).filter, "(cn=*)");
}

TEST_F(GivenNamesOfGroups, WhenTheyAreOfActiveDirectoryThenItsOwnAreLeftOut) {
  wanted.flavour = ldap::Flavour::active_directory;
  EXPECT_EQ(propose({"staff"}).filter, "(&(cn=*)(!(isCriticalSystemObject=TRUE)))");
}

TEST_F(GivenNamesOfGroups, WhenAFilterIsGivenThenItStays) {
  wanted.filter = "(cn=x*)";
  auto const proposed = propose({"pam-unix"});
  EXPECT_EQ(proposed.filter, "(cn=x*)");
  EXPECT_EQ(proposed.group_name, "{cn}");
  EXPECT_EQ(proposed.selected, 0U);
}

TEST_F(GivenNamesOfGroups, WhenNamesHoldColonsThenTheyAreReplaced) {
  auto const proposed = propose({"app:basis:staff", "app:basis:guests"});
  EXPECT_EQ(proposed.group_name, "{cn|replace:\\::.}");
  EXPECT_THAT(proposed.refused, IsEmpty());
}

TEST_F(GivenNamesOfGroups, WhenAReplacementWouldUniteTwoThenAnotherIsTaken) {
  EXPECT_EQ(propose({"a:b", "a.b"}).group_name, "{cn|replace:\\::-}");
}

TEST_F(GivenNamesOfGroups, WhenAReplacementAtTheBeginningIsRefusedThenAnotherIsTaken) {
  auto const others = wanted.refuse;
  wanted.refuse = [&others](std::string_view name) {
    return name.starts_with('.') ? std::string{"no"} : others(name);
  };
  auto const proposed = propose({":staff", "staff:b"});
  EXPECT_EQ(proposed.group_name, "{cn|replace:\\::-}");
  EXPECT_THAT(proposed.refused, IsEmpty());
}

TEST_F(GivenNamesOfGroups, WhenANameIsReservedThenItIsToldAndTheOthersStay) {
  auto const proposed = propose({"Vault Admins", "staff"});
  EXPECT_EQ(proposed.group_name, "{cn}");
  EXPECT_THAT(proposed.refused, ElementsAre("Vault Admins"));
}

TEST_F(GivenNamesOfGroups, WhenThereAreNoneThenSomethingIsProposedAllTheSame) {
  auto const proposed = propose({});
  EXPECT_EQ(proposed.filter, "(cn=*)");
  EXPECT_EQ(proposed.selected, 0U);
}

}  // namespace
}  // namespace dirsync::init
