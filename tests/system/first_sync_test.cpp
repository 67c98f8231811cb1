// From nothing to equal, and what little it takes to stay so.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GivenFirstPlanHeld : public World {
 protected:
  GivenFirstPlanHeld() { configuration.limits_keys = ""; }
};

TEST_F(GivenFirstPlanHeld, WhenSyncedThenItWaitsAndNothingIsWritten) {
  auto const plan = sync(4).as_object();
  EXPECT_EQ(text_at(plan, "verdict"), "hold");
  EXPECT_THAT(json::serialize(plan.at("reasons")), HasSubstr("first-plan"));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(differences(vault_->memberships(), vault_before_), "");
  EXPECT_EQ(differences(console_->memberships(), console_before_), "");
}

TEST_F(GivenFirstPlanHeld, WhenApprovedThenBothTargetsAreAsTheDirectorySaysAndTheNextRunWritesNothing) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  auto const approved = run({"approve", digest});
  ASSERT_EQ(approved.exit, 0) << approved.err;
  EXPECT_EQ(writes(), 0);
  auto const applied = sync(0).as_object();
  EXPECT_EQ(text_at(applied, "digest"), digest);
  expect_in_sync();
  forget_calls();
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(writes(), 0);
  expect_chain_holds();
}

TEST_F(GivenFirstPlanHeld, WhenLookedAtInThreeWaysThenTheDigestIsTheSame) {
  auto const planned = run({"plan", "--json"});
  auto const dry = run({"sync", "--dry-run", "--json"});
  EXPECT_EQ(planned.exit, 0) << planned.err;
  EXPECT_EQ(dry.exit, 0) << dry.err;
  auto const digest = text_at(document(planned).as_object(), "digest");
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(text_at(document(dry).as_object(), "digest"), digest);
  EXPECT_EQ(text_at(sync(4).as_object(), "digest"), digest);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenFirstPlanHeld, WhenAskedForDetailThenTheExitCodeTells) {
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 4);
  configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  configure();
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 3);
  sync(0);
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 0);
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.exact=\"" + company.person("u06").dn() + "\" by * none");
  slapd_->reconfigure(options);
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 3) << "removals that wait";
  slapd_->stop();
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 5);
  EXPECT_EQ(run({"plan"}).exit, 5);
}

TEST_F(GivenFirstPlanHeld, WhenApprovedAndAppliedInOneThenOnlyExactlyThatPlanRuns) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  EXPECT_EQ(run({"approve", std::string(64, '0')}).exit, 2);
  join("u23", "team-b");
  auto const stale = run({"sync", "--approve", digest});
  EXPECT_EQ(stale.exit, 4) << stale.err;
  EXPECT_EQ(writes(), 0);
  auto const fresh = text_at(document(run({"plan", "--json"})).as_object(), "digest");
  EXPECT_NE(fresh, digest);
  EXPECT_THAT(stale.err, HasSubstr(fresh.substr(0, 12)));
  auto const applied = run({"sync", "--approve", fresh});
  EXPECT_EQ(applied.exit, 0) << applied.err;
  expect_in_sync();
}

TEST_F(GivenFirstPlanHeld, WhenTheFirstDigitsAreWrittenThenThePlanIsMeantThatTheyBegin) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  for (auto const& written :
       {digest.substr(0, 7), digest.substr(0, 8) + "x", digest + "0", std::string{"00000000"}})
    for (auto const& words : {std::vector<std::string>{"approve", written}, {"sync", "--approve", written}}) {
      auto const refused = run(words);
      EXPECT_EQ(refused.exit, 2) << written;
      EXPECT_THAT(refused.err, HasSubstr(written));
    }
  EXPECT_EQ(writes(), 0);
  auto upper = digest.substr(0, 12);
  boost::algorithm::to_upper(upper);
  auto const approved = run({"approve", upper, "--json"});
  EXPECT_EQ(text_at(document(approved).as_object(), "digest"), digest) << approved.err;
  sync(0);
  expect_in_sync();
}

TEST_F(GivenFirstPlanHeld, WhenReadByAPersonThenItSaysHowToLetItRunAndThatWorks) {
  auto const held = run({"sync"});
  EXPECT_EQ(held.exit, 4) << held.err;
  auto const digest = text_at(document(run({"plan", "--json"})).as_object(), "digest");
  auto const shown = digest.substr(0, 12);
  EXPECT_THAT(held.out,
              AllOf(HasSubstr("dirsyncd --config " + config_file().string() + " approve " + shown + "\n"),
                    HasSubstr("first-plan"), HasSubstr("\nPlan: "), Not(HasSubstr(digest))));
  EXPECT_EQ(run({"approve", shown}).exit, 0);
  auto const applied = run({"sync"});
  EXPECT_EQ(applied.exit, 0) << applied.err;
  EXPECT_THAT(applied.out, AllOf(HasSubstr("approved by "), HasSubstr("\nResult: ")));
  expect_in_sync();
  EXPECT_THAT(run({"sync"}).out, HasSubstr("In sync: nothing to do; "));
}

TEST_F(GivenFirstPlanHeld, WhenReadByAPersonThenDnsAndPathsAreShownWhereTheyAreAskedForAlone) {
  auto const person = company.person("u01").dn();
  EXPECT_THAT(run({"plan"}).out, AllOf(HasSubstr("+ u01"), Not(HasSubstr(person))));
  EXPECT_THAT(run({"plan", "--verbose"}).out, AllOf(HasSubstr("+ u01"), HasSubstr(person)));
}

TEST_F(GivenFirstPlanHeld, WhenAPlanThatNobodyStoredIsApprovedByItsFirstDigitsThenItRuns) {
  auto const digest = text_at(document(run({"plan", "--json"})).as_object(), "digest");
  auto const applied = run({"sync", "--approve", digest.substr(0, 8)});
  EXPECT_EQ(applied.exit, 0) << applied.err;
  expect_in_sync();
}

TEST_F(GivenFirstPlanHeld, WhenTheFirstDigitsAreThoseOfSeveralThenAllAreNamedAndNoneIsApproved) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  auto const like_it = digest.substr(0, 10) + std::string(54, digest[10] == '0' ? '1' : '0');
  output_of(
      {"sqlite3", database(),
       "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json, "
       "directory) SELECT '" +
           like_it +
           "', run, first_seen, last_seen, state, decided, decided_by, directory, document_json FROM plan"},
      folder_.path());
  for (auto const& words : {std::vector<std::string>{"approve", digest.substr(0, 8)},
                            {"sync", "--approve", digest.substr(0, 10)}}) {
    auto const refused = run(words);
    EXPECT_EQ(refused.exit, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr(digest), HasSubstr(like_it)));
  }
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"sync", "--approve", digest.substr(0, 11)}).exit, 0);
}

TEST_F(GivenFirstPlanHeld, WhenRejectedThenItStaysHeld) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  EXPECT_EQ(run({"reject", digest}).exit, 0);
  sync(4);
  EXPECT_EQ(writes(), 0);
}

/// Both targets are as the directory says; limits as they are by default but for additions.
class GivenInSync : public World {
 protected:
  GivenInSync() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  void SetUp() override {
    World::SetUp();
    sync(0);
    expect_in_sync();
    forget_calls();
  }
};

TEST_F(GivenInSync, WhenOneLeavesANestedGroupThenTheyAreRemovedFromExactlyTheGroupsItFeeds) {
  leave("u06", "team-b");
  sync(0);
  expect_in_sync();
  // team-b feeds unix and Östra in the Vault; the console takes one call for operators and alerts.
  EXPECT_EQ(vault_->writes(), 2);
  EXPECT_EQ(console_->writes(), 1);
}

TEST_F(GivenInSync, WhenOneIsInByTwoWaysThenLosingOneOfThemChangesNothing) {
  leave("u01", "pam-windows");
  join("u01", "team-c");
  forget_calls();
  sync(0);
  expect_in_sync();
  leave("u13", "team-e");
  join("u13", "pam-Östra; #1, R=D");
  forget_calls();
  sync(0);
  EXPECT_EQ(vault_->writes(), 0);
  expect_in_sync();
}

TEST_F(GivenInSync, WhenSomebodyElseAddsMembersThenTheyAreKeptAndReported) {
  vault_->edit(R"({"op":"add-member","group":"unix","member":"local.operator"})");
  console_->edit(R"({"op":"add_member","user":"by.hand@root.local","group":"operators"})");
  auto const plan = sync(0);
  EXPECT_EQ(writes(), 0);
  EXPECT_TRUE(vault_->memberships().at("unix").contains("local.operator"));
  EXPECT_TRUE(console_->memberships().at("operators").contains("by.hand@root.local"));
  EXPECT_THAT(json::serialize(plan.at("targets").at("vault").at("notices")), HasSubstr("local.operator"));
  EXPECT_THAT(json::serialize(plan.at("targets").at("console").at("notices")),
              HasSubstr("by.hand@root.local"));
}

TEST_F(GivenInSync, WhenSomebodyElseTakesAMemberOutThenTheyArePutBack) {
  vault_->edit(R"({"op":"remove-member","group":"unix","member":"u01"})");
  sync(0);
  expect_in_sync();
  EXPECT_EQ(writes(), 1);
}

TEST_F(GivenInSync, WhenAPersonIsDisabledThenTheyAreRemovedAtOnce) {
  disable("josé");
  auto const result = sync(0);
  expect_in_sync({"josé"});
  EXPECT_THAT(json::serialize(result), HasSubstr("is disabled"));
}

TEST_F(GivenInSync, WhenAPersonIsDeletedThenALookConfirmsItAndTheyAreRemovedAtOnce) {
  auto const dn = company.person("u12").dn();
  leave("u12", "team-d");
  modify_directory("dn: " + dn + "\nchangetype: delete\n");
  auto const result = sync(0);
  expect_in_sync();
  EXPECT_THAT(json::serialize(result), HasSubstr("looked for by DN and by id"));
}

TEST_F(GivenInSync, WhenADeletedPersonIsStillNamedByAGroupThenTheRemovalWaitsForAnotherRun) {
  modify_directory("dn: " + company.person("u12").dn() + "\nchangetype: delete\n");
  sync(3);
  EXPECT_EQ(writes(), 0);
  sync(0);
  expect_in_sync({"u12"});
}

TEST_F(GivenInSync, WhenManyLeaveThenThePlanIsHeldForBothTargets) {
  for (auto const* uid : {"u01", "u02", "u03", "u04"}) leave(uid, "team-a");
  join("u24", "iot-alerts");
  auto const plan = sync(4);
  EXPECT_THAT(json::serialize(plan.at("reasons")), HasSubstr("removals"));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenInSync, WhenAPersonMovesThenNothingIsWritten) {
  modify_directory("dn: " + company.person("u11").dn() +
                   "\nchangetype: modrdn\nnewrdn: uid=u11x\ndeleteoldrdn: 0\n");
  modify_directory("dn: " + company.group("team-d").dn() +
                   "\nchangetype: modify\ndelete: member\nmember: " + company.person("u11").dn() +
                   "\n-\nadd: member\nmember: uid=u11x,ou=people,dc=example,dc=com\n");
  auto const finished = run({"sync", "--json"});
  EXPECT_EQ(finished.exit, 0) << finished.err << finished.out;
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

/// unix and operators without those who are in them by team-a.
class GivenAnExcludedGroup : public World {
 protected:
  GivenAnExcludedGroup() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.vault_rule_keys = configuration.console_rule_keys =
        "exclude = [\"" + company.group("team-a").dn() + "\"]\n";
  }
  void SetUp() override {
    World::SetUp();
    sync(0);
    forget_calls();
  }
};

TEST_F(GivenAnExcludedGroup, WhenItIsRenamedThenItsPeopleStayOut) {
  auto const before = vault_->memberships(), console_before = console_->memberships();
  EXPECT_TRUE(before.at("unix").contains("u16"));
  EXPECT_FALSE(before.at("unix").contains("u01"));
  EXPECT_EQ(console_before.at("operators"), std::set<std::string>{company.person("u19").mail()});
  auto const dn = company.group("team-a").dn();
  modify_directory("dn: " + dn + "\nchangetype: modrdn\nnewrdn: cn=visitors\ndeleteoldrdn: 1\n");
  for (auto const* outer : {"pam-unix", "iot-operators"})
    modify_directory("dn: " + company.group(outer).dn() + "\nchangetype: modify\ndelete: member\nmember: " +
                     dn + "\n-\nadd: member\nmember: cn=visitors,ou=groups,dc=example,dc=com\n");
  for (int again = 0; again < 2; ++again) sync(0);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(differences(vault_->memberships(), before), "");
  EXPECT_EQ(differences(console_->memberships(), console_before), "");
}

TEST_F(GivenAnExcludedGroup, WhenItIsGoneThenTheRulesAdditionsWait) {
  modify_directory("dn: " + company.group("team-a").dn() + "\nchangetype: delete\n");
  join("u24", "pam-unix");
  auto const plan = sync(4);
  EXPECT_THAT(json::serialize(plan.at("reasons")), HasSubstr("missing-exclude"));
  EXPECT_EQ(writes(), 0);
}

/// Sources whose names are those of protected groups, and users whom nobody may touch.
class GivenProtectedObjects : public World {
 protected:
  GivenProtectedObjects() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.vault_rule_keys = configuration.console_rule_keys =
        "adopt = true\nforeign_members = \"remove\"\n";
    company.groups.push_back({"pam-Vault Admins", {"u01"}, {}});
    company.groups.push_back({"iot-System Administrators", {"u01"}, {}});
  }
};

TEST_F(GivenProtectedObjects, WhenSyncedThenTheyAreAsBefore) {
  auto const result = run({"sync", "--json"});
  EXPECT_EQ(result.exit, 0) << result.err << result.out;
  auto const vault = vault_->memberships();
  EXPECT_EQ(vault.at("Vault Admins"), vault_before_.at("Vault Admins"));
  auto const console = console_->memberships();
  EXPECT_EQ(console.at("System Administrators"), console_before_.at("System Administrators"));
  EXPECT_EQ(console.at("Organization Administrators"), console_before_.at("Organization Administrators"));
  auto const counters = console_->get("counters");
  for (auto const* counter : {"default_group_changes", "service_user_changes", "password_updates",
                              "status_changes", "user_role_changes", "unknown_fields", "out_of_scope"})
    EXPECT_EQ(counters.at(counter).to_number<std::int64_t>(), 0) << counter;
  auto const notices = json::serialize(document(result).at("targets"));
  EXPECT_THAT(notices, HasSubstr("protected"));
}

TEST_F(GivenProtectedObjects, WhenForeignMembersGoThenLocalAndBuiltInOnesStay) {
  sync(0);
  vault_->edit(R"([{"op":"add-member","group":"unix","member":"local.operator"},
                   {"op":"add-member","group":"unix","member":"Administrator"},
                   {"op":"add-member","group":"unix","member":"u22"}])");
  sync(0);
  auto const members = vault_->memberships().at("unix");
  EXPECT_TRUE(members.contains("local.operator"));
  EXPECT_TRUE(members.contains("Administrator"));
  EXPECT_FALSE(members.contains("u22"));
}

/// Names that one of the targets cannot carry, and people who cannot be told apart.
class GivenImpossibleNames : public World {
 protected:
  GivenImpossibleNames() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    company.people.push_back({"Local.Operator", "Lena Operator", false, false});
    company.groups.push_back({"pam-50%/50", {"u01"}, {}});
    company.groups.push_back({"iot-a<b", {"u01"}, {}});
    company.groups.push_back({"pam-guests", {"u01", "Local.Operator"}, {}});
  }
};

TEST_F(GivenImpossibleNames, WhenSyncedThenTheyAreSetAsideAndTheRestIsDone) {
  auto const result = sync(0);
  auto const vault = vault_->memberships();
  EXPECT_FALSE(vault.contains("50%/50"));
  EXPECT_EQ(vault.at("guests"), (std::set<std::string>{"u01"}));
  EXPECT_EQ(differences({{"unix", vault.at("unix")}}, {{"unix", expected_in_vault().at("unix")}}), "");
  EXPECT_FALSE(console_->memberships().contains("a<b"));
  auto const vault_notices = json::serialize(result.at("targets").at("vault").at("notices"));
  EXPECT_THAT(vault_notices, testing::AllOf(HasSubstr("refused-name"), HasSubstr("ambiguous")));
  EXPECT_THAT(json::serialize(result.at("targets").at("console").at("notices")), HasSubstr("refused-name"));
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenInSync, WhenPrintedAsJsonThenEveryFieldHasItsType) {
  leave("u06", "team-b");
  auto const plan = sync(0).as_object();
  EXPECT_TRUE(plan.at("run").is_int64());
  EXPECT_TRUE(plan.at("digest").is_string());
  EXPECT_EQ(text_at(plan, "verdict"), "run");
  EXPECT_TRUE(plan.at("reasons").is_array());
  for (auto const& [name, value] : plan.at("targets").as_object()) {
    auto const& target = value.as_object();
    EXPECT_EQ(text_at(target, "kind"), name == "vault" ? "cyberark-vault" : "pulse-console");
    EXPECT_TRUE(target.at("verdict").is_string());
    EXPECT_TRUE(target.at("reasons").is_array());
    for (auto const& notice : target.at("notices").as_array()) {
      EXPECT_TRUE(notice.at("code").is_string());
      EXPECT_TRUE(notice.at("text").is_string());
    }
    auto const& changes = target.at("changes").as_array();
    EXPECT_EQ(changes.size(), 2U) << name;
    for (auto const& change : changes) {
      EXPECT_TRUE(change.at("n").is_int64());
      EXPECT_EQ(text_at(change.as_object(), "verb"), "remove");
      for (auto const* key : {"group", "principal", "dn", "id", "rule", "path", "why"})
        EXPECT_NE(text_at(change.as_object(), key), "") << key;
      EXPECT_EQ(text_at(change.as_object(), "outcome"), "done");
    }
  }
}

TEST_F(GivenInSync, WhenTheTrailIsPrintedThenARowHasEveryFieldAndAChangeOneRow) {
  auto const rows = audit({"--action", "add"});
  auto const in_vault = expected_in_vault();
  auto const in_console = expected_in_console();
  std::size_t wanted = 0;
  for (auto const& [group, members] : in_vault) wanted += members.size();
  for (auto const& [group, members] : in_console) wanted += members.size();
  ASSERT_EQ(rows.size(), wanted);
  std::int64_t last = 0;
  for (auto const& row : rows) {
    EXPECT_GT(row.at("seq").as_int64(), last);
    last = row.at("seq").as_int64();
    EXPECT_TRUE(row.at("run").is_int64());
    EXPECT_EQ(text_at(row, "phase"), "change");
    EXPECT_EQ(text_at(row, "result"), "done");
    for (auto const* key :
         {"time", "target", "group", "principal", "dn", "id", "rule", "path", "plan", "actor"})
      EXPECT_NE(text_at(row, key), "") << key;
    EXPECT_EQ(text_at(row, "prev").size(), 64U);
    EXPECT_EQ(text_at(row, "hash").size(), 64U);
    EXPECT_TRUE(row.at("detail").is_string());
  }
  auto const provisioned = std::ranges::count_if(
      rows, [](auto const& row) { return text_at(row, "detail").find("provisioned") != std::string::npos; });
  EXPECT_GT(provisioned, 0);
}

}  // namespace
}  // namespace dirsync::test
