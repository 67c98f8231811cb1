// Every answer that `why` has for who is in a group, is no longer in it, or cannot be, in both targets.
#include "tests/system/asked_why.hpp"

namespace dirsync::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;

TEST_F(GivenACompanyInSync, WhenTheyAreInItThenGrantedByWhateverNameTheyAreAskedFor) {
  auto const in_vault = expect_why({"u17", "windows"}, "granted", true, "because of rule privileged: cn=pam");
  expect_due(in_vault, "privileged");
  EXPECT_EQ(in_vault.at("run").as_int64(), 1);
  EXPECT_EQ(in_vault.at("history").as_array().size(), 1U);
  EXPECT_FALSE(text_at(in_vault, "since").empty());
  auto const in_console = expect_why({"u22", "alerts"}, "granted", true, "because of rule plant: cn=iot");
  expect_due(in_console, "plant");
  auto const members = document(run({"who", "alerts", "--json"})).at("members").as_array();
  std::string id;
  for (auto const& member : members)
    if (text_at(member.as_object(), "principal") == "u22@example.com") id = text_at(member.as_object(), "id");
  ASSERT_FALSE(id.empty());
  for (auto const& name : {std::string{"u22@example.com"}, company.person("u22").dn(), id})
    expect_why({name, "alerts", "--target", "console"}, "granted", true, "because of rule plant");
}

TEST_F(GivenACompanyInSync, WhenSomebodyElsePutThemThereThenForeign) {
  vault_->edit(R"({"op":"add-member","group":"unix","member":"local.operator"})");
  console_->edit(R"({"op":"add_member","user":"by.hand@root.local","group":"operators"})");
  sync(0);
  auto const in_vault =
      expect_why({"local.operator", "unix"}, "foreign", true, "somebody else put them there");
  EXPECT_TRUE(in_vault.at("rule").is_null());
  EXPECT_TRUE(in_vault.at("since").is_null());
  expect_why({"by.hand@root.local", "operators"}, "foreign", true, "somebody else put them there");
}

TEST_F(GivenACompanyInSync, WhenTheyLeftThenNotSelectedAndGrantedBefore) {
  leave("u17", "pam-windows");
  leave("u22", "iot-alerts");
  sync(0);
  auto const now_in_vault =
      expect_why({"u17", "windows"}, "not-selected", false, "no source group of rule privileged names them");
  EXPECT_EQ(now_in_vault.at("history").as_array().size(), 2U);
  EXPECT_THAT(text_at(now_in_vault, "text"), HasSubstr("A membership ended at "));
  expect_why({"u22", "alerts"}, "not-selected", false, "no source group of rule plant names them");
  expect_due(expect_why({"u17", "windows", "--at", synced_}, "granted", true, "rule privileged"),
             "privileged");
  expect_due(expect_why({"u22", "alerts", "--at", synced_}, "granted", true, "rule plant"), "plant");
  EXPECT_THAT(step({"u17", "windows"}, "selected"), HasSubstr("rule privileged"));
}

TEST_F(GivenACompanyInSync, WhenTheirAccountIsDisabledThenThatIsWhyAndGrantedBefore) {
  disable("u17");
  disable("u22");
  sync(0);
  expect_due(expect_why({"u17", "windows"}, "disabled", false, "their account is disabled"), "privileged",
             false);
  expect_due(expect_why({"u22", "alerts"}, "disabled", false, "their account is disabled"), "plant", false);
  expect_why({"u17", "windows", "--at", synced_}, "granted", true, "rule privileged");
  expect_why({"u22", "alerts", "--at", synced_}, "granted", true, "rule plant");
}

TEST_F(GivenACompanyInSync, WhenTheirEntryIsGoneThenUnconfirmedUntilTheyAreTakenOut) {
  modify_directory("dn: " + company.person("u12").dn() + "\nchangetype: delete\n");
  sync(3);
  auto const then = now();
  auto const in_vault = expect_why({"u12", "windows"}, "unconfirmed", true, "until further reads confirm it");
  expect_due(in_vault, "privileged");
  auto const in_console =
      expect_why({"u12", "Süd+Nord, Plant/3"}, "unconfirmed", true, "until further reads confirm it");
  expect_due(in_console, "plant");
  for (auto reads = 0; reads < 3; ++reads) run({"sync", "--json"});
  expect_why({"u12", "windows"}, "not-selected", false, "A membership ended at ");
  expect_why({"u12@example.com", "Süd+Nord, Plant/3"}, "not-selected", false, "A membership ended at ");
  expect_why({"u12", "windows", "--at", then}, "unconfirmed", true, "until further reads confirm it");
  expect_why({"u12", "Süd+Nord, Plant/3", "--at", then}, "unconfirmed", true, "further reads");
}

TEST_F(GivenACompanyInSync, WhenTheSourceGroupIsGoneThenOrphanedAndGrantedBefore) {
  modify_directory("dn: " + company.group("pam-windows").dn() + "\nchangetype: delete\n");
  modify_directory("dn: " + company.group("iot-alerts").dn() + "\nchangetype: delete\n");
  for (auto reads = 0; reads < 3; ++reads) run({"sync", "--json"});
  expect_due(expect_why({"u17", "windows"}, "orphaned", true, "windows keeps its members"), "privileged");
  expect_due(expect_why({"u22", "alerts"}, "orphaned", true, "alerts keeps its members"), "plant");
  expect_why({"u16", "windows"}, "orphaned", false, "windows keeps its members");
  expect_why({"u17", "windows", "--at", synced_}, "granted", true, "rule privileged");
  expect_why({"u22", "alerts", "--at", synced_}, "granted", true, "rule plant");
}

TEST_F(GivenACompanyInSync, WhenTheGroupsAreProtectedThenBlocked) {
  configuration.vault_keys = "protected_groups = [\"windows\"]\n";
  configuration.console_keys = "protected_groups = [\"alerts\"]\n";
  configure();
  join("u22", "pam-windows");
  join("u17", "iot-alerts");
  run({"sync", "--json"});
  expect_why({"u22", "windows"}, "blocked", false, "windows is protected");
  expect_why({"u17", "alerts"}, "blocked", false, "alerts is protected");
  leave("u17", "pam-windows");
  leave("u22", "iot-alerts");
  sync(6);
  expect_why({"u17", "windows"}, "blocked", true, "The removal is due and cannot be sent");
  expect_why({"u22", "alerts"}, "blocked", true, "The removal is due and cannot be sent");
}

TEST_F(GivenACompanyInSync, WhenNobodyKnowsWhomOrWhatIsAskedForThenUnknownAndExit2) {
  for (auto const* target : {"vault", "console"}) {
    expect_why({"u17", "no-such-group", "--target", target}, "unknown-group", false, "no-such-group");
    auto const* const group = std::string_view{target} == "vault" ? "windows" : "alerts";
    auto const unknown =
        expect_why({"nobody-at-all", group, "--target", target}, "unknown-user", false, "nobody-at-all");
    EXPECT_EQ(text_at(unknown, "target"), target);
    EXPECT_TRUE(unknown.at("rule").is_null());
  }
}

class GivenMembershipsThatChangeToAndFro : public GivenACompanyInSync {
 protected:
  GivenMembershipsThatChangeToAndFro() {
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nflaps = { count = 3, within = \"6h\" }\n";
  }
  void part() {
    leave("u17", "pam-windows");
    leave("u22", "iot-alerts");
  }
};

TEST_F(GivenMembershipsThatChangeToAndFro, WhenOnceTooOftenThenBlockedAndTheOtherWayBefore) {
  part();
  sync(0);
  auto const away = now();
  join("u17", "pam-windows");
  join("u22", "iot-alerts");
  sync(0);
  part();
  sync(6);
  for (auto const& [words, rule] : {std::pair{std::vector<std::string>{"u17", "windows"}, "privileged"},
                                    std::pair{std::vector<std::string>{"u22", "alerts"}, "plant"}}) {
    auto const blocked = expect_why(words, "blocked", true, "limits.flaps says how often is too often");
    EXPECT_EQ(text_at(blocked, "rule"), rule);
    auto before = words;
    before.insert(before.end(), {"--at", away});
    expect_why(before, "not-selected", false, "A membership ended at ");
  }
}

class GivenRulesThatLeaveOnePersonOut : public AskedWhy {
 protected:
  GivenRulesThatLeaveOnePersonOut() {
    configuration.vault_rule_keys = "exclude_people = \"(uid=u17)\"\n";
    configuration.console_rule_keys = "exclude_people = \"(uid=u22)\"\n";
  }
};

TEST_F(GivenRulesThatLeaveOnePersonOut, WhenAskedThenExcludedByWhichFilterOfWhichRule) {
  sync(0);
  expect_due(expect_why({"u17", "windows"}, "excluded", false, "exclude_people of rule privileged"),
             "privileged", false);
  expect_due(expect_why({"u22", "alerts"}, "excluded", false, "exclude_people of rule plant"), "plant",
             false);
  EXPECT_THAT(step({"u17", "windows"}, "excluded"), HasSubstr("(uid=u17)"));
  EXPECT_THAT(step({"u22", "alerts"}, "excluded"), HasSubstr("(uid=u22)"));
}

class GivenGroupsThatAreNotOurs : public AskedWhy {
 protected:
  GivenGroupsThatAreNotOurs() {
    company.groups.push_back({"pam-By Hand", {"u17"}, {}});
    company.groups.push_back({"iot-By Hand", {"u22"}, {}});
  }
};

TEST_F(GivenGroupsThatAreNotOurs, WhenAskedThenNotOursUntilTheyAreTakenOver) {
  sync(6);
  auto const before = now();
  expect_why({"u17", "By Hand", "--target", "vault"}, "not-ours", false,
             "set adopt = true in rule privileged");
  expect_why({"u22", "By Hand", "--target", "console"}, "not-ours", false, "set adopt = true in rule plant");
  auto const both = run({"why", "u17", "By Hand"});
  EXPECT_EQ(both.exit, 2);
  EXPECT_THAT(both.err, AllOf(HasSubstr("console, vault"), HasSubstr("--target")));
  configuration.vault_rule_keys = configuration.console_rule_keys = "adopt = true\n";
  configure();
  auto const held = document(run({"sync", "--json"}));
  run({"sync", "--json", "--approve", text_at(held.as_object(), "digest")});
  expect_why({"u17", "By Hand", "--target", "vault"}, "granted", true, "rule privileged");
  expect_why({"u22", "By Hand", "--target", "console"}, "granted", true, "rule plant");
  expect_why({"u17", "By Hand", "--target", "vault", "--at", before}, "not-ours", false, "adopt = true");
  expect_why({"u22", "By Hand", "--target", "console", "--at", before}, "not-ours", false, "adopt = true");
}

}  // namespace
}  // namespace dirsync::test
