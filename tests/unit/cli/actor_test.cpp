// Who is named as the one who did it.
#include <gtest/gtest.h>

#include <fstream>

#include "daemon/account.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync {
namespace {

std::string name_of(uid_t account) {
  if (account == 0) return "root";
  return account == 1000 ? "jane" : "";
}

TEST(GivenALogin, WhenNothingElseIsKnownThenTheLoginUser) {
  EXPECT_EQ(person_behind({.login = 1000, .user = 1000, .sudo = {}}, name_of), "uid:1000 (jane)");
  EXPECT_EQ(person_behind({.login = 1001, .user = 1001, .sudo = {}}, name_of), "uid:1001");
  EXPECT_EQ(person_behind({.login = 0, .user = 0, .sudo = {}}, name_of), "uid:0 (root)");
}

TEST(GivenALogin, WhenSudoGaveOtherRightsThenItIsNamed) {
  EXPECT_EQ(person_behind({.login = 1000, .user = 0, .sudo = 1000}, name_of), "uid:1000 (jane) via sudo");
  EXPECT_EQ(person_behind({.login = 1000, .user = 998, .sudo = 1000}, name_of), "uid:1000 (jane) via sudo");
}

TEST(GivenALogin, WhenTheEnvironmentClaimsSomebodyElseThenTheLoginCounts) {
  EXPECT_EQ(person_behind({.login = 1000, .user = 0, .sudo = 1001}, name_of), "uid:1000 (jane) via sudo");
  EXPECT_EQ(person_behind({.login = 1000, .user = 1000, .sudo = 1001}, name_of), "uid:1000 (jane)");
}

TEST(GivenALogin, WhenSuMadeThemRootThenStillTheLoginUser) {
  EXPECT_EQ(person_behind({.login = 1000, .user = 0, .sudo = {}}, name_of), "uid:1000 (jane)");
}

TEST(GivenNoLogin, WhenRootWasMadeBySudoThenWhoCalledSudo) {
  EXPECT_EQ(person_behind({.login = {}, .user = 0, .sudo = 1000}, name_of), "uid:1000 (jane) via sudo");
  EXPECT_EQ(person_behind({.login = {}, .user = 0, .sudo = 0}, name_of), "uid:0 (root)");
}

TEST(GivenNoLogin, WhenSomebodyElseClaimsSudoThenTheUser) {
  EXPECT_EQ(person_behind({.login = {}, .user = 1001, .sudo = 1000}, name_of), "uid:1001");
  EXPECT_EQ(person_behind({.login = {}, .user = 0, .sudo = {}}, name_of), "uid:0 (root)");
}

TEST(GivenAFileOfTheLoginUser, WhenReadThenNothingButANumberThatIsSetCounts) {
  TempFolder const folder;
  auto const file = folder.path() / "loginuid";
  EXPECT_FALSE(login_user(file));
  auto const read = [&file](char const* content) {
    std::ofstream{file} << content;
    return login_user(file);
  };
  EXPECT_EQ(read("1000"), 1000U);
  EXPECT_EQ(read("0"), 0U);
  EXPECT_FALSE(read("4294967295"));
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("-1"));
  EXPECT_FALSE(read("1000x"));
}

}  // namespace
}  // namespace dirsync
