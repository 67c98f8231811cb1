// Who is in a target group because of dirsyncd, and why, from the store alone.
#include <gmock/gmock.h>

#include "sync/model/time.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Questions : public World {
 protected:
  Questions() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  json::object answer(std::vector<std::string> words, int exit = 0) {
    words.emplace_back("--json");
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, exit) << finished.err;
    return document(finished).as_object();
  }
  std::vector<std::string> members(std::vector<std::string> words) {
    std::vector<std::string> names;
    auto const told = answer(std::move(words));
    for (auto const& value : told.at("members").as_array())
      names.push_back(text_at(value.as_object(), "principal"));
    return names;
  }
  std::string decision(std::vector<std::string> words) {
    words.insert(words.begin(), "why");
    return text_at(answer(std::move(words)), "decision");
  }
};

class GivenASyncedCompany : public Questions {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    forget_calls();
  }
};

TEST_F(GivenASyncedCompany, WhenSomebodyLeavesThenTheyAreInTheGroupBeforeAndNotAfter) {
  EXPECT_THAT(members({"who", "windows"}), Contains("u17"));
  auto const before = rfc3339(std::chrono::system_clock::now());
  leave("u17", "pam-windows");
  sync(0);
  EXPECT_THAT(members({"who", "windows"}), Not(Contains("u17")));
  EXPECT_THAT(members({"who", "windows", "--at", before}), Contains("u17"));
  EXPECT_FALSE(answer({"who", "windows", "--at", before}).contains("foreign"));
  auto const then = answer({"why", "u17", "windows", "--at", before});
  EXPECT_EQ(text_at(then, "decision"), "granted");
  auto const now = answer({"why", "u17", "windows"});
  EXPECT_EQ(text_at(now, "decision"), "not-selected");
  EXPECT_FALSE(now.at("member").as_bool());
  ASSERT_EQ(now.at("history").as_array().size(), 2U);
  EXPECT_EQ(text_at(now.at("history").as_array().back().as_object(), "verb"), "remove");
}

TEST_F(GivenASyncedCompany, WhenAskedWhyThenRulePathAndRun) {
  auto const why = answer({"why", "u09", "windows"});
  EXPECT_EQ(text_at(why, "decision"), "granted");
  EXPECT_EQ(text_at(why, "target"), "vault");
  EXPECT_EQ(why.at("run").as_int64(), 1);
  auto const& path = why.at("paths").as_array().at(0).as_array();
  ASSERT_EQ(path.size(), 3U);
  EXPECT_THAT(path.at(0).as_string().c_str(), HasSubstr("cn=pam-windows"));
  EXPECT_THAT(path.at(2).as_string().c_str(), HasSubstr("uid=u09"));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenASyncedCompany, WhenSomebodyIsDisabledThenThatIsWhy) {
  disable("u17");
  sync(0);
  EXPECT_EQ(text_at(answer({"why", "u17", "windows"}), "decision"), "disabled");
}

TEST_F(GivenASyncedCompany, WhenNobodyKnowsTheNameThenSaid) {
  EXPECT_EQ(text_at(answer({"why", "nobody-at-all", "windows"}, 2), "decision"), "unknown-user");
  EXPECT_EQ(text_at(answer({"why", "u17", "no-such-group"}, 2), "decision"), "unknown-group");
  EXPECT_THAT(run({"who", "no-such-group"}).err, HasSubstr("never had anything in a group"));
  EXPECT_EQ(run({"who", "windows", "--at", "yesterday"}).exit, 2);
}

TEST_F(GivenASyncedCompany, WhenNobodyElseIsInAGroupThenForeignIsEmpty) {
  EXPECT_THAT(answer({"who", "windows"}).at("foreign").as_array(), IsEmpty());
}

TEST_F(GivenASyncedCompany, WhenTracedThenEveryStepIsTold) {
  auto const why = answer({"why", "u09", "windows", "--trace"});
  std::map<std::string, std::string> steps;
  for (auto const& value : why.at("trace").as_array())
    steps[text_at(value.as_object(), "step")] = text_at(value.as_object(), "text");
  EXPECT_THAT(steps["known"], HasSubstr(company.person("u09").dn()));
  EXPECT_THAT(steps["selected"], AllOf(HasSubstr("rule privileged"), HasSubstr("(cn=pam-*)"),
                                       HasSubstr("selects cn=pam-windows")));
  EXPECT_THAT(steps["nested"], HasSubstr("through cn=team-c"));
  EXPECT_THAT(steps["excluded"], HasSubstr("nothing leaves them out"));
  EXPECT_THAT(steps["matched"], HasSubstr("u09 of vault"));
  EXPECT_THAT(steps["judged"], HasSubstr("within the limits"));
  EXPECT_THAT(steps["sent"], AllOf(HasSubstr("add of u09"), HasSubstr("run 1")));
  EXPECT_THAT(steps["answered"], StartsWith("done"));
  EXPECT_THAT(run({"why", "u09", "windows", "--trace"}).out, HasSubstr("\nselected  rule privileged"));
  EXPECT_FALSE(answer({"why", "u09", "windows"}).contains("trace"));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenASyncedCompany, WhenSomebodyElsePutThemThereThenForeign) {
  vault_->edit(R"({"op":"add-member","group":"unix","member":"local.operator"})");
  console_->edit(R"({"op":"add_member","user":"by.hand@root.local","group":"operators"})");
  sync(0);
  EXPECT_EQ(decision({"local.operator", "unix"}), "foreign");
  EXPECT_EQ(decision({"by.hand@root.local", "operators"}), "foreign");
  EXPECT_THAT(answer({"who", "unix"}).at("foreign").as_array(), ElementsAre(json::value("local.operator")));
}

TEST_F(GivenASyncedCompany, WhenSomebodyOfTheConsoleIsDisabledThenThatIsWhy) {
  disable("u22");
  sync(0);
  EXPECT_EQ(decision({"u22", "alerts"}), "disabled");
}

TEST_F(GivenASyncedCompany, WhenTheConsoleDoesNotKnowThemYetThenWaiting) {
  EXPECT_EQ(decision({"u20@example.com", "operators"}), "waiting");
  EXPECT_EQ(decision({"u20", "operators"}), "waiting");
}

TEST_F(GivenASyncedCompany, WhenTheirEntryIsGoneAndStillNamedThenUnconfirmed) {
  modify_directory("dn: " + company.person("u12").dn() + "\nchangetype: delete\n");
  sync(3);
  EXPECT_EQ(decision({"u12", "windows"}), "unconfirmed");
  EXPECT_EQ(decision({"u12@example.com", "Süd+Nord, Plant/3"}), "unconfirmed");

  auto const status = document(run({"status", "--json"})).as_object();
  std::set<std::string> where;
  for (auto const& value : status.at("unconfirmed").as_array()) {
    auto const& change = value.as_object();
    EXPECT_EQ(text_at(change, "outcome"), "unconfirmed");
    EXPECT_EQ(text_at(change, "verb"), "remove");
    where.insert(text_at(change, "target") + " " + text_at(change, "group"));
  }
  EXPECT_TRUE(where.contains("vault windows"));
  EXPECT_TRUE(where.contains("console Süd+Nord, Plant/3"));
  EXPECT_NE(run({"status"}).out.find("for further reads, which must confirm"), std::string::npos);
}

TEST_F(GivenASyncedCompany, WhenTheAdditionIsRefusedThenTriedAgain) {
  vault_->replace_faults(R"([{"route":"add-member","status":403,"count":0}])");
  join("u22", "pam-windows");
  EXPECT_NE(run({"sync", "--json"}).exit, 0);
  EXPECT_THAT(decision({"u22", "windows"}), AnyOf("set-aside", "pending"));
  vault_->replace_faults("[]");
  sync(0);
  EXPECT_EQ(decision({"u22", "windows"}), "granted");
}

TEST_F(GivenASyncedCompany, WhenTheSourceGroupIsGoneThenOrphaned) {
  modify_directory("dn: " + company.group("pam-windows").dn() + "\nchangetype: delete\n");
  modify_directory("dn: " + company.group("iot-alerts").dn() + "\nchangetype: delete\n");
  for (auto reads = 0; reads < 3; ++reads) run({"sync", "--json"});
  EXPECT_EQ(decision({"u17", "windows"}), "orphaned");
  EXPECT_EQ(decision({"u22", "alerts"}), "orphaned");
}

TEST_F(GivenASyncedCompany, WhenWhatIsDueIsFrozenThenFrozenInBothTargetsUntilThawed) {
  ASSERT_EQ(run({"freeze", "--reason", "an audit"}).exit, 0);
  join("u22", "pam-windows");
  leave("u22", "iot-alerts");
  sync(4);
  EXPECT_EQ(decision({"u22", "windows"}), "frozen");
  EXPECT_EQ(decision({"u22", "alerts"}), "frozen");
  EXPECT_EQ(writes(), 0);
  ASSERT_EQ(run({"thaw"}).exit, 0);
  sync(0);
  EXPECT_EQ(decision({"u22", "windows"}), "granted");
  EXPECT_EQ(decision({"u22", "alerts"}), "not-selected");
}

class GivenAHeldFirstPlan : public Questions {
 protected:
  GivenAHeldFirstPlan() { configuration.limits_keys = "first_plan = \"hold\"\nadditions = \"off\"\n"; }
};

TEST_F(GivenAHeldFirstPlan, WhenAskedWhyThenHeldInBothTargets) {
  sync(4);
  EXPECT_EQ(decision({"u17", "windows"}), "held");
  EXPECT_EQ(decision({"u22@example.com", "alerts"}), "held");
}

class GivenRulesThatLeavePeopleOut : public Questions {
 protected:
  GivenRulesThatLeavePeopleOut() {
    configuration.vault_rule_keys = "exclude_people = \"(uid=u17)\"\n";
    configuration.console_rule_keys = "exclude_people = \"(uid=u22)\"\n";
  }
};

TEST_F(GivenRulesThatLeavePeopleOut, WhenAskedWhyThenExcludedInBothTargets) {
  sync(0);
  EXPECT_EQ(decision({"u17", "windows"}), "excluded");
  EXPECT_EQ(decision({"u22", "alerts"}), "excluded");
}

class GivenGroupsOfOthers : public Questions {
 protected:
  GivenGroupsOfOthers() {
    company.groups.push_back({"pam-By Hand", {"u17"}, {}});
    company.groups.push_back({"iot-By Hand", {"u22"}, {}});
  }
};

TEST_F(GivenGroupsOfOthers, WhenAskedWhyThenNotOursInBothTargets) {
  sync(6);
  EXPECT_EQ(decision({"u17", "By Hand", "--target", "vault"}), "not-ours");
  EXPECT_EQ(decision({"u22", "By Hand", "--target", "console"}), "not-ours");
}

class GivenSomebodyWhoCouldBeSomebodyElse : public Questions {
 protected:
  GivenSomebodyWhoCouldBeSomebodyElse() {
    company.people.push_back({"Local.Operator", "Lena Operator", false, false});
    company.groups.push_back({"pam-guests", {"u01", "Local.Operator"}, {}});
  }
};

TEST_F(GivenSomebodyWhoCouldBeSomebodyElse, WhenAskedWhyThenAmbiguous) {
  sync(0);
  EXPECT_EQ(decision({"Local.Operator", "guests"}), "ambiguous");
}

}  // namespace
}  // namespace dirsync::test
