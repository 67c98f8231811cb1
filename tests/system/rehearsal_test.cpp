// A configuration that is not in force, rehearsed beside the one that is.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GivenAConfigurationInForce : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys += "additions = \"off\"\n";
    World::SetUp();
    sync(0);
    forget_calls();
  }
  json::object plan() {
    auto const finished = run({"plan", "--json"});
    EXPECT_EQ(finished.exit, 0) << finished.err;
    return document(finished).as_object();
  }
  /// "add unix u23" of each change of the Vault with that mark; empty: without one.
  static std::vector<std::string> rows(json::object const& plan, std::string const& only) {
    std::vector<std::string> words;
    for (auto const& value : plan.at("targets").at("vault").at("changes").as_array()) {
      auto const& change = value.as_object();
      auto const mark = change.contains("only") ? text_at(change, "only") : std::string{};
      if (mark == only)
        words.push_back(text_at(change, "verb") + " " + text_at(change, "group") + " " +
                        text_at(change, "principal"));
    }
    return words;
  }
  static std::string state(json::object const& plan, std::string const& rule) {
    auto const& rules = plan.at("rehearsal").at("rules").as_object();
    return rules.contains(rule) ? text_at(rules.at(rule).as_object(), "state") : "the same";
  }
  void replace_in_configuration(std::string const& from, std::string const& to) {
    std::ifstream stream{config_file()};
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto const at = text.find(from);
    ASSERT_NE(at, text.npos);
    std::ofstream{config_file()} << text.replace(at, from.size(), to);
  }
};

TEST_F(GivenAConfigurationInForce, WhenAnotherIsRehearsedThenItSaysWhatThatWouldChangeAndKeepsNothing) {
  join("u23", "pam-unix");
  configuration.vault_rule_keys = "exclude_people = \"(uid=u17)\"\n";
  configure();
  auto const rehearsed = plan();
  EXPECT_EQ(state(rehearsed, "privileged"), "changed");
  EXPECT_EQ(state(rehearsed, "plant"), "the same");
  EXPECT_THAT(rows(rehearsed, "new"), ElementsAre("remove windows u17"));
  EXPECT_THAT(rows(rehearsed, ""), ElementsAre("add unix u23"));
  EXPECT_THAT(rows(rehearsed, "old"), IsEmpty());
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 4) << "as the first run under it would end";
  auto const shown = run({"plan"}).out;
  EXPECT_THAT(shown, HasSubstr("- u17  only-new"));
  EXPECT_THAT(shown, Not(HasSubstr("dirsyncd approve")));
  EXPECT_THAT(document(run({"status", "--json"})).at("held").as_array(), IsEmpty());
  EXPECT_EQ(run({"approve", text_at(rehearsed, "digest")}).exit, 2) << "nobody keeps a rehearsed plan";
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenAConfigurationInForce, WhenOtherGroupsAreSelectedThenWhatOnlyTheOldOnesGetIsTold) {
  join("u23", "pam-unix");
  replace_in_configuration("(cn=pam-*)", "(cn=pam-windows)");
  auto const rehearsed = plan();
  EXPECT_EQ(state(rehearsed, "privileged"), "changed");
  EXPECT_THAT(rows(rehearsed, "old"), ElementsAre("add unix u23"));
  EXPECT_THAT(rows(rehearsed, ""), IsEmpty());
  EXPECT_THAT(run({"plan"}).out, HasSubstr("(only-old):\n  vault: unix  + u23"));
}

TEST_F(GivenAConfigurationInForce, WhenARuleIsAddedThenItsChangesAreOnlyNew) {
  configuration.more =
      "[[rule]]\nname = \"second\"\ndirectory = \"corp\"\ntarget = \"vault\"\ngroups = \"(cn=team-d)\"\n"
      "group_name = \"{cn}\"\ncreate_groups = true\n";
  configure();
  auto const rehearsed = plan();
  EXPECT_EQ(state(rehearsed, "second"), "added");
  EXPECT_THAT(rows(rehearsed, "new"), Contains("create-group team-d "));
  EXPECT_THAT(rows(rehearsed, ""), IsEmpty());
}

TEST_F(GivenAConfigurationInForce, WhenOtherPeopleWouldBeReadThenItIsSaidThatThisCannotBeCompared) {
  replace_in_configuration("(objectClass=inetOrgPerson)", "(&(objectClass=inetOrgPerson)(!(uid=u99)))");
  join("u23", "pam-unix");
  auto const rehearsed = plan();
  EXPECT_EQ(state(rehearsed, "privileged"), "not-compared");
  EXPECT_THAT(rows(rehearsed, ""), ElementsAre("add unix u23"));
}

TEST_F(GivenAConfigurationInForce, WhenItIsTheSameOrOnlyItsLimitsDifferThenThePlanIsNoRehearsal) {
  EXPECT_FALSE(plan().contains("rehearsal"));
  configuration.limits_keys += "removals = \"off\"\n";
  configure();
  EXPECT_FALSE(plan().contains("rehearsal"));
}

TEST_F(GivenAConfigurationInForce, WhenARunHadTheOtherOneThenItsPlanIsNoRehearsalAndCanBeApproved) {
  configuration.vault_rule_keys = "exclude_people = \"(uid=u17)\"\n";
  configure();
  sync(4);
  auto const held = plan();
  EXPECT_FALSE(held.contains("rehearsal"));
  EXPECT_EQ(run({"approve", text_at(held, "digest")}).exit, 0);
  sync(0);
}

TEST_F(GivenAConfigurationInForce, WhenOfflineThenOnlyTheSettingsAreCompared) {
  auto const same = run({"plan", "--offline"});
  EXPECT_EQ(same.exit, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("those in force"));
  configuration.vault_rule_keys = "exclude_people = \"(employeeType=robot)\"\n";
  configure();
  slapd_->stop();
  auto const other = run({"plan", "--offline", "--json"});
  EXPECT_EQ(other.exit, 5);
  auto const told = document(other).as_object();
  EXPECT_EQ(text_at(told.at("error").as_object(), "code"), "offline");
  EXPECT_EQ(state(told, "privileged"), "changed");
  EXPECT_THAT(told.at("lacks").as_array().at(0).as_string().c_str(), HasSubstr("employeetype"));
  EXPECT_THAT(run({"plan", "--offline"}).out, HasSubstr("rule privileged  changed: exclude_people\n"));
  EXPECT_EQ(writes(), 0);
}

}  // namespace
}  // namespace dirsync::test
