// Every answer that `why` has for what is due and is not so yet, in both targets.
#include <fstream>

#include "tests/system/asked_why.hpp"

namespace dirsync::test {
namespace {
using testing::HasSubstr;
using testing::StartsWith;

class GivenAFirstPlanThatIsHeld : public AskedWhy {
 protected:
  GivenAFirstPlanThatIsHeld() { configuration.limits_keys = "first_plan = \"hold\"\nadditions = \"off\"\n"; }
  void SetUp() override {
    World::SetUp();
    digest_ = text_at(sync(4).as_object(), "digest");
    held_ = now();
  }
  std::string digest_, held_;
};

TEST_F(GivenAFirstPlanThatIsHeld, WhenApprovedThenPendingUntilTheNextRunThenGranted) {
  auto const in_vault = expect_why({"u09", "windows"}, "held", false, "waits for a person, because ");
  expect_due(in_vault, "privileged");
  EXPECT_EQ(text_at(in_vault, "plan"), digest_);
  EXPECT_EQ(in_vault.at("paths").as_array().at(0).as_array().size(), 3U);
  EXPECT_THAT(text_at(in_vault, "text"), HasSubstr("`dirsyncd approve " + digest_.substr(0, 8) + "`"));
  EXPECT_THAT(step({"u09", "windows"}, "matched"), HasSubstr("u09 of vault, found by its DN there"));
  EXPECT_THAT(step({"u09", "windows"}, "judged"), HasSubstr("first-plan"));
  expect_due(expect_why({"u22", "alerts"}, "held", false, "waits for a person, because "), "plant");
  EXPECT_THAT(step({"u22", "alerts"}, "matched"), HasSubstr("u22@example.com of console, found by its name"));
  EXPECT_THAT(run({"why", "u22", "alerts"}).out,
              HasSubstr("--config " + config_file().string() + " approve "));

  ASSERT_EQ(run({"approve", digest_}).exit, 0);
  expect_why({"u09", "windows"}, "pending", false, "which was approved by uid:");
  expect_why({"u22", "alerts"}, "pending", false, "which was approved by uid:");
  sync(0);
  expect_why({"u09", "windows"}, "granted", true, "because of rule privileged");
  expect_why({"u22", "alerts"}, "granted", true, "because of rule plant");
  EXPECT_THAT(step({"u09", "windows"}, "judged"), HasSubstr("approved by uid:"));
  expect_why({"u09", "windows", "--at", held_}, "held", false, "waits for a person, because ");
  expect_why({"u22", "alerts", "--at", held_}, "held", false, "waits for a person, because ");
}

TEST_F(GivenAFirstPlanThatIsHeld, WhenRejectedThenHeldByWhomAndWhy) {
  ASSERT_EQ(run({"reject", digest_, "--reason", "not before Monday"}).exit, 0);
  expect_why({"u09", "windows"}, "held", false, "which was rejected by uid:");
  expect_why({"u22", "alerts"}, "held", false, "not before Monday");
}

TEST_F(GivenACompanyInSync, WhenWhatIsDueIsFrozenThenFrozenAndPendingOnceThawed) {
  ASSERT_EQ(run({"freeze", "--reason", "an audit"}).exit, 0);
  forget_calls();
  join("u22", "pam-windows");
  leave("u22", "iot-alerts");
  sync(4);
  auto const frozen = now();
  auto const addition = expect_why({"u22", "windows"}, "frozen", false, "an audit");
  expect_due(addition, "privileged");
  EXPECT_TRUE(addition.at("since").is_null());
  EXPECT_THAT(text_at(addition, "text"), HasSubstr("`dirsyncd thaw`"));
  expect_due(expect_why({"u22", "alerts"}, "frozen", true, "an audit"), "plant");
  EXPECT_EQ(writes(), 0);

  ASSERT_EQ(run({"thaw"}).exit, 0);
  expect_why({"u22", "windows"}, "pending", false, "is due in the next run");
  expect_why({"u22", "alerts"}, "pending", true, "is due in the next run");
  sync(0);
  expect_why({"u22", "windows"}, "granted", true, "rule privileged");
  expect_why({"u22", "alerts"}, "not-selected", false, "A membership ended at ");
  expect_why({"u22", "windows", "--at", frozen}, "frozen", false, "an audit");
  expect_why({"u22", "alerts", "--at", frozen}, "frozen", true, "an audit");
}

TEST_F(GivenACompanyInSync, WhenTheTargetsRefuseThenSetAsideAndGrantedOnceTheyDoNot) {
  vault_->replace_faults(R"([{"route":"add-member","status":403,"count":0}])");
  console_->replace_faults(R"([{"route":"PUT /api/users/{id}","status":403,"count":0}])");
  join("u22", "pam-windows");
  join("u17", "iot-alerts");
  EXPECT_NE(run({"sync", "--json"}).exit, 0);
  auto const then = now();
  expect_due(expect_why({"u22", "windows"}, "set-aside", false, "failed and is tried again after"),
             "privileged");
  expect_due(expect_why({"u17", "alerts"}, "set-aside", false, "failed and is tried again after"), "plant");
  vault_->replace_faults("[]");
  console_->replace_faults("[]");
  sync(0);
  expect_why({"u22", "windows"}, "granted", true, "rule privileged");
  expect_why({"u17", "alerts"}, "granted", true, "rule plant");
  // What is set aside is kept as of now alone.
  expect_why({"u22", "windows", "--at", then}, "pending", false, "ended with it failed");
  expect_why({"u17", "alerts", "--at", then}, "pending", false, "ended with it failed");
}

class GivenTargetsThatTakeNobodyIn : public AskedWhy {
 protected:
  void SetUp() override {
    World::SetUp();
    auto text = configuration.text();
    std::string const domain = "domain = \"example.com\"\n";
    text.erase(text.find(domain), domain.size());
    std::ofstream{config_file()} << text;
    sync(0);
    waited_ = now();
  }
  std::string waited_;
};

TEST_F(GivenTargetsThatTakeNobodyIn, WhenTheyHaveNoUserThenWaitingUntilTheyDo) {
  expect_due(expect_why({"u04", "unix"}, "waiting", false, "no user u04 in the target yet"), "privileged",
             false);
  expect_due(expect_why({"u20", "operators"}, "waiting", false, "no user u20@example.com in the target yet"),
             "plant", false);
  auto const named_by_cn = company.person("k.müller");
  expect_why({named_by_cn.dn(), "alerts"}, "waiting", false,
             "no user k.müller@example.com in the target yet");
  EXPECT_THAT(step({"u20", "operators"}, "matched"), HasSubstr("no user u20@example.com"));

  vault_->edit(R"({"op":"create-user","username":"u04","source":"LDAP","userDN":")" +
               company.person("u04").dn() + "\"}");
  console_->edit(R"({"op":"add_user","user":{"userName":"u20@example.com","roles":["Insights Viewer"]}})");
  sync(0);
  expect_why({"u04", "unix"}, "granted", true, "rule privileged");
  expect_why({"u20", "operators"}, "granted", true, "rule plant");
  expect_why({"u04", "unix", "--at", waited_}, "waiting", false, "no user u04");
  expect_why({"u20", "operators", "--at", waited_}, "waiting", false, "no user u20@example.com");
}

TEST_F(GivenTargetsThatTakeNobodyIn, WhenRunsCannotReadThemThenWhatTheLastReadFoundAndThatItIsOld) {
  vault_->replace_faults(R"([{"route":"list-users","status":500,"count":0}])");
  console_->replace_faults(R"([{"route":"GET /api/groups","status":500,"count":0}])");
  sync(5);
  sync(5);
  auto const in_vault = expect_why({"u04", "unix"}, "waiting", false, "Since run 1 no run has read vault");
  EXPECT_EQ(in_vault.at("run").as_int64(), 1);
  expect_why({"u20", "operators"}, "waiting", false, "Since run 1 no run has read console");
  expect_why({"u17", "windows"}, "granted", true, "Since run 1 no run has read vault");
}

class GivenPeopleWhoCouldBeSomebodyElse : public AskedWhy {
 protected:
  GivenPeopleWhoCouldBeSomebodyElse() {
    company.people.push_back({"Local.Operator", "Lena Operator", false, false});
    company.groups.push_back({"pam-guests", {"u01", "Local.Operator"}, {}});
  }
};

TEST_F(GivenPeopleWhoCouldBeSomebodyElse, WhenAskedThenAmbiguousUntilTheyAreToldApart) {
  modify_directory("dn: " + company.person("u24").dn() +
                   "\nchangetype: modify\nreplace: mail\nmail: u23@example.com\n");
  join("u23", "iot-alerts");
  join("u24", "iot-alerts");
  sync(0);
  auto const then = now();
  expect_due(expect_why({"Local.Operator", "guests"}, "ambiguous", false, "the Vault has a local user"),
             "privileged", false);
  for (auto const* uid : {"u23", "u24"})
    expect_due(expect_why({uid, "alerts"}, "ambiguous", false, "have the name u23@example.com"), "plant",
               false);
  EXPECT_THAT(step({"u24", "alerts"}, "matched"), HasSubstr("have the name u23@example.com"));
  modify_directory("dn: " + company.person("u24").dn() +
                   "\nchangetype: modify\nreplace: mail\nmail: u24@example.com\n");
  sync(0);
  expect_why({"u23", "alerts"}, "granted", true, "rule plant");
  expect_why({"u24", "alerts"}, "granted", true, "rule plant");
  expect_why({"u24", "alerts", "--at", then}, "ambiguous", false, "have the name u23@example.com");
  expect_why({"Local.Operator", "guests", "--at", then}, "ambiguous", false, "local user");
}

TEST_F(GivenACompanyInSync, WhenTracedThenMatchedToWhomAndByWhat) {
  EXPECT_THAT(step({"u09", "windows"}, "matched"), HasSubstr("found by its DN there"));
  EXPECT_THAT(step({"u04", "unix"}, "matched"), HasSubstr("whom the target makes"));
  EXPECT_THAT(step({"u22", "alerts"}, "matched"), HasSubstr("found by its name, which is what "));
  EXPECT_THAT(step({"u22", "alerts"}, "matched"), StartsWith("u22@example.com of console"));
}

}  // namespace
}  // namespace dirsync::test
