#include "sync/plan/diff/hands_off.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/diff/stage.hpp"

namespace dirsync::plan {
namespace {

struct GivenHandsOff : GivenStage {
  /// The code of the notice, or "" when it may be written.
  template <class T>
  static std::string refused(OrNotice<T> const& found) {
    return found ? "" : found.error().code;
  }
  GivenHandsOff() {
    vault.ldap_user("ann");
    vault.group("ops", {"ann"});
  }
};

TEST_F(GivenHandsOff, WhenAGroupIsAsAnyOtherThenWritable) {
  EXPECT_EQ(refused(context().hands_off.group(*vault.find_group("ops"))), "");
}

TEST_F(GivenHandsOff, WhenAGroupIsProtectedThenNothingMakesItWritable) {
  vault.find_group("ops")->protected_because = "predefined";
  scene.rule().adopt = true;
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.group(*vault.find_group("ops"))), "protected");
  EXPECT_EQ(refused(hands_off.group_of_rule(*vault.find_group("ops"), scene.rule())), "protected");
}

TEST_F(GivenHandsOff, WhenItIsADirectoryGroupThenLdapDecides) {
  auto const& group = vault.directory_group("linux", "cn=linux,dc=x");
  EXPECT_EQ(refused(context().hands_off.group(group)), "directory-group");
}

TEST_F(GivenHandsOff, WhenAGroupIsNotOursThenOnlyAdoptingMakesItARulesOwn) {
  EXPECT_EQ(refused(context().hands_off.group_of_rule(*vault.find_group("ops"), scene.rule())), "not-ours");
  scene.rule().adopt = true;
  EXPECT_EQ(refused(context().hands_off.group_of_rule(*vault.find_group("ops"), scene.rule())), "");
}

TEST_F(GivenHandsOff, WhenANameIsFreeThenNew) {
  EXPECT_EQ(context().hands_off.new_name("web", {})->value(), "web");
}

TEST_F(GivenHandsOff, WhenANameIsTakenRefusedOrDiffersByCaseThenNot) {
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.new_name("Refused", {})), "refused-name");
  EXPECT_EQ(refused(hands_off.new_name("OPS", {})), "case-differs");
  EXPECT_EQ(refused(hands_off.new_name("Web", {"web"})), "case-differs");
}

TEST_F(GivenHandsOff, WhenAUserIsProtectedThenNeitherAddedNorRemoved) {
  vault.find_user("ann")->protected_because = "a component user";
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.user_to_add(writable("ops"), *vault.find_user("ann"))), "protected");
  EXPECT_EQ(refused(hands_off.user_to_remove(writable("ops"), *vault.find_user("ann"))), "protected");
}

TEST_F(GivenHandsOff, WhenANameCannotStandInACallThenNotRemoved) {
  vault.ldap_user("a/b");
  EXPECT_EQ(refused(context().hands_off.user_to_remove(writable("ops"), *vault.find_user("a/b"))),
            "unaddressable");
}

TEST_F(GivenHandsOff, WhenACallCouldNeverTakeThemOutThenNotAdded) {
  scene.vault().traits.refuse_addition = [](std::string_view name) {
    return std::string{name == ".." ? "a server takes it for the folder above" : ""};
  };
  vault.ldap_user("..");
  vault.directory_group("..", "cn=x");
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.user_to_add(writable("ops"), *vault.find_user(".."))), "unaddressable");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "..", "")), "unaddressable");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "bob", "")), "");
  // A group has the name already.
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "OPS", "")), "refused-name");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "ops", std::string{kGroupPrincipal})),
            "refused-name");
  vault.directory_group("web", "cn=web,ou=before,dc=x");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "web", std::string{kGroupPrincipal})), "");
  EXPECT_EQ(refused(hands_off.group_to_add(writable("ops"), *vault.find_group(".."))), "unaddressable");
}

/// A member that is there already is no matter of what it is called.
TEST_F(GivenHandsOff, WhenANameHoldsWhatCannotBeSeenThenNobodyIsMadeOfItAndWhoIsThereStays) {
  std::string const name = "bob\u202E", there = "eve\u202E";
  vault.ldap_user(there);
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.user_to_remove(writable("ops"), *vault.find_user(there))), "");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), name, "")), "refused-name");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), name, std::string{kGroupPrincipal})), "refused-name");
  EXPECT_EQ(refused(hands_off.newcomer(writable("ops"), "b\u200Dob", "")), "");
}

TEST_F(GivenHandsOff, WhenAGroupHasTheNameOfAUserThenTheUserIsNotAdded) {
  vault.group("ann");
  EXPECT_EQ(refused(context().hands_off.user_to_add(writable("ops"), *vault.find_user("ann"))), "ambiguous");
}

TEST_F(GivenHandsOff, WhenAnotherMemberHasTheNameThenTheUserIsNotRemoved) {
  vault.group("ann");
  vault.nest("ops", "ann");
  EXPECT_EQ(refused(context().hands_off.user_to_remove(writable("ops"), *vault.find_user("ann"))),
            "ambiguous");
}

TEST_F(GivenHandsOff, WhenANestedGroupIsNotListedThenNotRemoved) {
  auto& ops = *vault.find_group("ops");
  ops.others.push_back({"999", "linux", OtherMember::Kind::group});
  auto const& hands_off = context().hands_off;
  EXPECT_EQ(refused(hands_off.group_to_remove(writable("ops"), vault.find_group("ops")->others[0])),
            "ambiguous");
}

}  // namespace
}  // namespace dirsync::plan
