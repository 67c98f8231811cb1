#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "daemon/cli/doctor_output.hpp"
#include "ldap/errors.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using testing::HasSubstr;
using testing::Not;

TEST(GivenAnErrorThatSaysWhatToDo, WhenToldThenThatStandsByItself) {
  auto const told = told_by({ldap::LdapErrc::cut, "server a: it broke; twice; check the cable"});
  EXPECT_EQ(told.what, "server a: it broke; twice");
  EXPECT_EQ(told.remedy, "check the cable");
}

TEST(GivenAnErrorWithoutARemedy, WhenItFailsACheckThenTheCheckBringsOne) {
  CheckList checks{"corp"};
  checks.fail("read", Error{ldap::LdapErrc::cut, "it broke"}, "look there");
  auto const made = checks.take();
  EXPECT_EQ(the("read", made).remedy, "look there");
  EXPECT_EQ(the("read", made).side, "corp");
  EXPECT_TRUE(has_failed(made));
}

TEST(GivenAFailure, WhenOthersFollowFromItThenTheySaySo) {
  CheckList checks;
  checks.skip_after("log-on", {"bases", "people"});
  auto const made = checks.take();
  EXPECT_EQ(made.size(), 2U);
  EXPECT_EQ(the("bases", made).text, "not looked at: log-on failed");
  EXPECT_FALSE(has_failed(made));
}

struct GivenOneCheckOfEachKind : testing::Test {
  Checks checks = [] {
    CheckList list{"corp"};
    list.ok("names", "fine", "getent hosts a");
    list.warn("clock", "off", "set it", "date");
    list.fail("bases", "none\033[2J", "correct it", "ldapsearch -b x");
    list.skip("people", "bases failed");
    return list.take();
  }();
};

TEST_F(GivenOneCheckOfEachKind, WhenShownThenOnlyWhatIsWrongHasMoreThanALine) {
  auto const view = cli::doctor_view(checks, cli::Palette::plain());
  EXPECT_EQ(view,
            "ok   corp names  fine\n"
            "warn corp clock  off\n"
            "       do:  set it\n"
            "       see: date\n"
            "FAIL corp bases  none?[2J\n"
            "       do:  correct it\n"
            "       see: ldapsearch -b x\n"
            "skip corp people  not looked at: bases failed\n"
            "1 ok, 1 warn, 1 fail, 1 skip\n");
}

TEST_F(GivenOneCheckOfEachKind, WhenWrittenAsJsonThenEveryFieldIsThere) {
  auto const document = cli::doctor_document(checks);
  auto const& list = document.at("checks").as_array();
  ASSERT_EQ(list.size(), 4U);
  auto const& failed = list[2].as_object();
  EXPECT_EQ(failed.at("id").as_string(), "bases");
  EXPECT_EQ(failed.at("side").as_string(), "corp");
  EXPECT_EQ(failed.at("state").as_string(), "fail");
  EXPECT_EQ(failed.at("remedy").as_string(), "correct it");
  EXPECT_EQ(failed.at("show").as_string(), "ldapsearch -b x");
  EXPECT_EQ(list[3].at("state").as_string(), "skip");
}

}  // namespace
}  // namespace dirsync::doctor
