// What a target's answer lacks is empty where the target leaves out what is empty, and else unknown.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// u05 never logged in: dirsyncd makes that user, without roles, and then they leave their groups.
class GivenAUserWithoutRoles : public World, public testing::WithParamInterface<std::string> {
 protected:
  GivenAUserWithoutRoles() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.console_keys = "users = \"create\"\n";
    company.groups.push_back({"iot-one", {"u01", "u05"}, {}});
    company.groups.push_back({"iot-two", {"u01", "u05"}, {}});
  }
  void SetUp() override {
    World::SetUp();
    set("empty_arrays", GetParam());
  }
  void set(std::string const& knob, std::string const& value) {
    console_->edit(R"({"op":"set_knob","name":")" + knob + R"(","value":")" + value + "\"}");
  }
  json::object user(std::string const& name) {
    auto const state = console_->get("state");
    for (auto const& one : state.at("users").as_array())
      if (text_at(one.as_object(), "userName") == name) return one.as_object();
    return {};
  }
  std::string const name_ = "u05@example.com";
};

TEST_P(GivenAUserWithoutRoles, WhenTheyLeaveThenTheyAreTakenOut) {
  sync(0);
  ASSERT_THAT(console_->memberships().at("one"), Contains(name_));
  leave("u05", "iot-one");
  sync(0);
  EXPECT_THAT(console_->memberships().at("one"), Not(Contains(name_)));
  EXPECT_THAT(console_->memberships().at("two"), Contains(name_));
  leave("u05", "iot-two");
  sync(0);
  EXPECT_THAT(console_->memberships().at("two"), Not(Contains(name_)));
  EXPECT_EQ(console_->get("counters").at("user_role_changes").as_int64(), 0);
}

TEST_P(GivenAUserWithoutRoles, WhenTheyJoinMoreGroupsThenTheyAreAdded) {
  sync(0);
  join("u05", "iot-operators");
  sync(0);
  EXPECT_THAT(console_->memberships().at("operators"), Contains(name_));
}

INSTANTIATE_TEST_SUITE_P(Forms, GivenAUserWithoutRoles, testing::Values("absent", "null", "shown"),
                         [](auto const& form) { return form.param; });

class GivenAConsoleThatKeepsRolesToItself : public GivenAUserWithoutRoles {};

TEST_P(GivenAConsoleThatKeepsRolesToItself, WhenOthersLeaveThenTheirRolesSurviveAndNothingIsWritten) {
  sync(0);
  console_->edit(R"({"op":"add_user","user":{"userName":"uma@example.com","roles":["Insights Viewer"]}})");
  modify_directory(
      "dn: uid=uma,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\n"
      "uid: uma\ncn: Uma\nsn: Uma\nmail: uma@example.com\n");
  company.people.push_back({"uma", "Uma"});
  join("uma", "iot-one");
  sync(0);
  auto const roles = user("uma@example.com").at("roles");
  ASSERT_EQ(roles.as_array().size(), 1U);
  set("left_out_of_users", "roles");
  leave("uma", "iot-one");
  forget_calls();
  auto const finished = run({"sync"});
  EXPECT_EQ(finished.exit, 6) << finished.out << finished.err;
  EXPECT_THAT(finished.out + finished.err, HasSubstr("did not tell the user's roles"));
  EXPECT_EQ(console_->writes(), 0);
  EXPECT_EQ(user("uma@example.com").at("roles"), roles);
  set("left_out_of_users", "");
  sync(0);
  EXPECT_THAT(console_->memberships().at("one"), Not(Contains("uma@example.com")));
  EXPECT_EQ(user("uma@example.com").at("roles"), roles);
}

TEST_P(GivenAConsoleThatKeepsRolesToItself, WhenSomebodyWhomDirsyncdMadeLeavesThenTheyAreTakenOut) {
  sync(0);
  set("left_out_of_users", "roles");
  leave("u05", "iot-one");
  sync(0);
  EXPECT_THAT(console_->memberships().at("one"), Not(Contains(name_)));
  EXPECT_THAT(console_->memberships().at("two"), Contains(name_));
}

INSTANTIATE_TEST_SUITE_P(Forms, GivenAConsoleThatKeepsRolesToItself, testing::Values("shown"),
                         [](auto const& form) { return form.param; });

/// Groups of the Vault whose members its answers leave out.
class GivenVaultGroupsWithoutAList : public World, public testing::WithParamInterface<std::string> {
 protected:
  GivenVaultGroupsWithoutAList() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.vault_rule_keys = "adopt = true\n";
    // Nobody is taken in from the directory: for that even a new group would have to be read.
    for (auto& person : company.people) person.in_vault = true;
    company.groups.push_back({"pam-odd", {"u01"}, {}});
    company.groups.push_back({"pam-even", {"u01"}, {}});
  }
  void SetUp() override {
    World::SetUp();
    vault_->edit(R"([{"op":"create-group","id":901,"groupName":"odd"},
                     {"op":"create-group","id":902,"groupName":"even"}])");
  }
  void set(std::string const& form) {
    vault_->edit(R"({"op":"set","knobs":{"empty_members":")" + form + R"("}})");
  }
};

TEST_P(GivenVaultGroupsWithoutAList, WhenAllEmptyOnesAreWrittenAlikeThenTheyAreFilled) {
  set(GetParam());
  sync(0);
  EXPECT_EQ(vault_->memberships().at("odd"), std::set<std::string>{"u01"});
  EXPECT_EQ(vault_->memberships().at("even"), std::set<std::string>{"u01"});
}

TEST_P(GivenVaultGroupsWithoutAList, WhenOthersTellThatTheyAreEmptyThenNothingIsWrittenToThem) {
  set("mixed");
  auto const plan = sync(0);
  EXPECT_TRUE(vault_->memberships().at("odd").empty());
  EXPECT_EQ(vault_->memberships().at("even"), std::set<std::string>{"u01"});
  std::set<std::string> told;
  for (auto const& notice : plan.at("targets").at("vault").at("notices").as_array())
    if (text_at(notice.as_object(), "text").find("members were not told") != std::string::npos)
      told.insert(text_at(notice.as_object(), "group"));
  EXPECT_EQ(told, std::set<std::string>{"odd"});
  set(GetParam());
  sync(0);
  EXPECT_EQ(vault_->memberships().at("odd"), std::set<std::string>{"u01"});
}

INSTANTIATE_TEST_SUITE_P(Forms, GivenVaultGroupsWithoutAList, testing::Values("array", "omit", "null"),
                         [](auto const& form) { return form.param; });

}  // namespace
}  // namespace dirsync::test
