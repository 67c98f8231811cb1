#include "sync/model/user_book.hpp"

#include <gtest/gtest.h>

#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

std::string dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=x"; }
std::string key(std::string const& uid) { return normalized_dn(dn(uid)).value(); }

struct GivenUsersOfATarget : testing::Test {
  Observed observed;
  void user(std::string id, std::string name, std::string of) {
    TargetUser user;
    user.id = std::move(id);
    user.name = std::move(name);
    user.dn = std::move(of);
    observed.users.push_back(std::move(user));
  }
  void group(std::string name) {
    TargetGroup group;
    group.name = std::move(name);
    observed.groups.push_back(std::move(group));
  }
  UserBook book() const { return UserBook{observed}; }
};

TEST_F(GivenUsersOfATarget, WhenOneHasTheDnThenTheyAreFound) {
  user("12", "ann", "UID=Ann, OU=People, DC=X");
  user("13", "bob", dn("bob"));
  user("14", "local", "");
  EXPECT_EQ(book().find(key("ann")), "12");
  EXPECT_EQ(book().find(key("bob")), "13");
  EXPECT_EQ(book().find(key("cid")), std::nullopt);
  EXPECT_EQ(book().find(""), std::nullopt);
  EXPECT_EQ(UserBook{}.find(key("ann")), std::nullopt);
}

TEST_F(GivenUsersOfATarget, WhenSeveralHaveTheDnThenNobodyIsFound) {
  user("12", "ann", dn("ann"));
  user("13", "ann@example.com", dn("ANN"));
  EXPECT_EQ(book().find(key("ann")), std::nullopt);
}

TEST_F(GivenUsersOfATarget, WhenTheTargetTellsNoIdThenNobodyIsFound) {
  user("", "ann", dn("ann"));
  EXPECT_EQ(book().find(key("ann")), std::nullopt);
}

TEST_F(GivenUsersOfATarget, WhenAnotherUserOrGroupHasTheNameThenNobodyIsFound) {
  user("12", "ann", dn("ann"));
  user("13", "bob", dn("bob"));
  user("14", "Ann", "");
  group("BOB");
  EXPECT_EQ(book().find(key("ann")), std::nullopt);
  EXPECT_EQ(book().find(key("bob")), std::nullopt);
}

TEST_F(GivenUsersOfATarget, WhenAskedForTheNameThenOnlyThatOfTheReadIsTheSame) {
  user("12", "ann", dn("ann"));
  EXPECT_TRUE(book().is_named_as_before(key("ann"), "Ann"));
  EXPECT_FALSE(book().is_named_as_before(key("ann"), "anna"));
  EXPECT_FALSE(book().is_named_as_before(key("bob"), "ann"));
}

}  // namespace
}  // namespace dirsync
