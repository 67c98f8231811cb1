// The commands that look, and what every command says when it cannot.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Commands : public World {
 protected:
  Commands() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  std::size_t rows(std::vector<std::string> filters) { return audit(std::move(filters)).size(); }
  static std::size_t line_count(std::string const& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
  /// An error document as the only thing on standard output; its text.
  static json::object error_of(Finished const& finished) {
    auto const error = document(finished).at("error").as_object();
    EXPECT_NE(text_at(error, "code"), "");
    EXPECT_NE(text_at(error, "text"), "");
    EXPECT_NE(finished.err, "");
    return error;
  }
};

/// One run that filled both targets, one that took a person out of two groups of each.
class GivenTwoRuns : public Commands {
 protected:
  void SetUp() override {
    Commands::SetUp();
    sync(0);
    leave("u06", "team-b");
    sync(0);
  }
  void execute_sql(std::string const& sql) {
    Process sqlite{{"sqlite3", database(), sql}, folder_.path(), "sqlite3"};
    auto const finished = sqlite.wait();
    ASSERT_EQ(finished.exit, 0) << finished.err;
  }
  void expect_fault(std::int64_t first_bad) {
    auto const plain = run({"log", "verify"});
    EXPECT_EQ(plain.exit, 8);
    EXPECT_THAT(plain.out, HasSubstr("first at sequence " + std::to_string(first_bad) + " "));
    auto const finished = run({"log", "verify", "--json"});
    EXPECT_EQ(finished.exit, 8);
    auto const report = document(finished).as_object();
    EXPECT_FALSE(report.at("holds").as_bool());
    EXPECT_EQ(report.at("first_bad").as_int64(), first_bad);
  }
};

TEST_F(GivenTwoRuns, WhenTheLogIsFilteredThenOnlyThoseRowsCome) {
  auto const all = audit();
  auto const count = [&all](std::string_view key, std::string_view value) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [key, value](auto const& row) { return text_at(row, key) == value; }));
  };
  EXPECT_EQ(rows({"--action", "remove"}), 4U);
  EXPECT_EQ(rows({"--action", "create-group"}), 6U);
  EXPECT_EQ(rows({"--target", "vault"}), count("target", "vault"));
  EXPECT_EQ(rows({"--group", "unix"}), count("group", "unix"));
  EXPECT_EQ(rows({"--group", "Östra; #1, R=D"}), count("group", "Östra; #1, R=D"));
  EXPECT_EQ(rows({"--outcome", "done"}), count("result", "done"));
  EXPECT_EQ(rows({"--user", "u06", "--target", "vault"}), 4U);  // in and out of two groups
  EXPECT_EQ(rows({"--user", company.person("u06").dn()}), 8U);
  EXPECT_EQ(rows({"--run", "2", "--action", "add"}), 0U);
  EXPECT_EQ(rows({"--since", "1h"}), all.size());
  EXPECT_EQ(rows({"--until", "1h"}), 0U);
  EXPECT_EQ(rows({"--since", "2000-01-01T00:00:00Z", "--until", "2001-01-01T00:00:00Z"}), 0U);
  auto const newest = audit({"--limit", "3"});
  ASSERT_EQ(newest.size(), 3U);
  EXPECT_EQ(newest.back(), all.back());
  EXPECT_EQ(newest.front(), all.at(all.size() - 3));
}

TEST_F(GivenTwoRuns, WhenTheLogIsPrintedThenEveryFormatHasTheSameRows) {
  auto const all = audit();
  EXPECT_EQ(run({"log", "--format", "json"}).out, run({"log", "--json"}).out);
  auto const csv = run({"log", "--format", "csv"});
  EXPECT_EQ(csv.exit, 0);
  EXPECT_THAT(csv.out, StartsWith("seq,time,run,phase,target,verb,group,principal,dn,id,rule,path,plan,actor,"
                                  "result,detail,prev,hash\n"));
  EXPECT_EQ(line_count(csv.out), all.size() + 1);
  EXPECT_THAT(csv.out, HasSubstr(",\"Östra; #1, R=D\","));
  auto const table = run({"log"});
  EXPECT_EQ(line_count(table.out), all.size() + 1);
  EXPECT_THAT(table.out, StartsWith("SEQ"));
}

TEST_F(GivenTwoRuns, WhenTheFilterIsMalformedThenUsage) {
  auto const since = run({"log", "--since", "yesterday", "--json"});
  EXPECT_EQ(since.exit, 2);
  EXPECT_THAT(text_at(error_of(since), "text"), AllOf(HasSubstr("--since"), HasSubstr("90m")));
  EXPECT_EQ(run({"log", "--format", "xml"}).exit, 2);
}

TEST_F(GivenTwoRuns, WhenTheTrailIsWholeThenItHolds) {
  auto const finished = run({"log", "verify", "--json"});
  EXPECT_EQ(finished.exit, 0);
  auto const report = document(finished).as_object();
  EXPECT_TRUE(report.at("holds").as_bool());
  EXPECT_EQ(report.at("rows").as_int64(), static_cast<std::int64_t>(audit().size()));
}

TEST_F(GivenTwoRuns, WhenARowIsAlteredThenItsSequenceIsNamed) {
  execute_sql(
      "DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = 'mallory' WHERE sequence = 5;");
  expect_fault(5);
}

TEST_F(GivenTwoRuns, WhenARowIsDroppedThenItsSequenceIsNamed) {
  execute_sql("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence = 7;");
  expect_fault(7);
}

TEST_F(GivenTwoRuns, WhenTheTailIsCutThenTheFirstLostRowIsNamed) {
  execute_sql("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence > 20;");
  expect_fault(21);
}

TEST_F(GivenTwoRuns, WhenRunsAreListedThenEachHasItsFigures) {
  auto const list = document(run({"runs", "--json"})).at("runs").as_array();
  ASSERT_EQ(list.size(), 2U);
  auto const& newest = list.front().as_object();
  EXPECT_EQ(newest.at("run").as_int64(), 2);
  EXPECT_EQ(newest.at("exit").as_int64(), 0);
  EXPECT_EQ(newest.at("planned").as_int64(), 4);
  EXPECT_EQ(newest.at("done").as_int64(), 4);
  EXPECT_EQ(newest.at("failed").as_int64(), 0);
  EXPECT_EQ(text_at(newest, "trigger"), "sync");
  EXPECT_NE(text_at(newest, "finished"), "");
  EXPECT_EQ(document(run({"runs", "--json", "--limit", "1"})).at("runs").as_array().size(), 1U);
  EXPECT_THAT(run({"runs"}).out, StartsWith("RUN"));
}

TEST_F(GivenTwoRuns, WhenARunIsShownThenItHasItsPlanAndCertificates) {
  auto const report = document(run({"run", "show", "2", "--json"})).at("report").as_object();
  EXPECT_EQ(report.at("plan").at("targets").at("vault").at("changes").as_array().size(), 2U);
  for (auto const* side : {"corp", "vault", "console"})
    EXPECT_TRUE(report.at("certificates").at(side).at("complete").as_bool()) << side;
  EXPECT_THAT(run({"run", "show", "2"}).out,
              AllOf(HasSubstr("certificate of corp"), HasSubstr("u06"), Not(HasSubstr("FAILS"))));
  auto const missing = run({"run", "show", "99", "--json"});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_THAT(text_at(error_of(missing), "text"), HasSubstr("no run 99"));
}

TEST_F(GivenTwoRuns, WhenNamesHaveControlCharactersThenNoCommandPrintsThem) {
  execute_sql(
      R"(DROP TRIGGER audit_is_not_updated;
         UPDATE run SET actor = 'mallory' || char(27) || '[2J' || char(155) || '1m',
           report_json = replace(report_json, '"contextCSN', '"\u001b]0;owned\u0007');
         UPDATE kept_text SET content = replace(content, '"u06', '"\u001b[2Ju06\u009b1m\u007f');
         UPDATE audit SET principal = char(27) || '[2J' || char(155) || '1m' || principal, detail = char(27) || 'c';)");
  for (std::vector<std::string> const& words : {std::vector<std::string>{"run", "show", "2"},
                                                {"run", "show", "2", "--json"},
                                                {"runs"},
                                                {"runs", "--json"},
                                                {"status"},
                                                {"status", "--json"},
                                                {"log"},
                                                {"log", "--json"},
                                                {"log", "--format", "csv"}}) {
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, 0) << finished.err;
    for (auto const* control : {"\033", "\u009b", "\x7f", "\a"})
      EXPECT_THAT(finished.out + finished.err, Not(HasSubstr(control))) << words.front();
  }
  EXPECT_THAT(run({"run", "show", "2"}).out, HasSubstr("?[2Ju06?1m?"));
}

TEST_F(GivenTwoRuns, WhenSomethingIsBlockedThenTheStatusShowsItWithItsReason) {
  execute_sql(
      "INSERT INTO blocked (target, position, verb, group_name, group_id, principal, principal_id, dn, "
      "entry_id, rule, path, why, source, code, reason, since) VALUES ('vault', 1, 'remove', 'ops', '7', "
      "'a/b', '9', 'uid=x', 'e-1', 'r', 'cn=ops > uid=x', 'left', 'directory', 'unaddressable', "
      "'no path of a request holds a slash', '2026-11-21T20:00:00.000Z');");
  auto const status = document(run({"status", "--json"})).as_object();
  auto const blocked = status.at("blocked").as_array();
  ASSERT_EQ(blocked.size(), 1U);
  EXPECT_EQ(blocked[0],
            boost::json::parse(R"({"n":1,"target":"vault","verb":"remove","group":"ops","principal":"a/b",
              "dn":"uid=x","id":"e-1","rule":"r","path":"cn=ops > uid=x","why":"left","outcome":"blocked",
              "detail":"no path of a request holds a slash","code":"unaddressable",
              "reason":"no path of a request holds a slash","since":"2026-11-21T20:00:00.000Z"})"));
  auto const shown = run({"status"});
  EXPECT_EQ(shown.exit, 0);
  EXPECT_THAT(shown.out, AllOf(HasSubstr("BLOCKED IN"), HasSubstr("a/b"), HasSubstr("unaddressable"),
                               HasSubstr("no path of a request holds a slash")));
}

TEST_F(GivenTwoRuns, WhenAskedForTheStatusThenEveryFieldIsThere) {
  auto const finished = run({"status", "--json"});
  EXPECT_EQ(finished.exit, 0);
  auto const status = document(finished).as_object();
  for (auto const* name : {"vault", "console"}) {
    auto const& target = status.at("targets").at(name).as_object();
    EXPECT_EQ(text_at(target, "state"), "ok");
    EXPECT_NE(text_at(target, "last_success"), "");
    EXPECT_TRUE(target.at("set_aside").is_array());
    EXPECT_TRUE(target.at("waiting").is_array());
    EXPECT_TRUE(target.at("in_sync").as_bool());
  }
  // Three people of the console's groups never logged in there.
  EXPECT_FALSE(status.at("targets").at("console").at("waiting").as_array().empty());
  EXPECT_TRUE(status.at("held").as_array().empty());
  EXPECT_TRUE(status.at("freeze").is_null());
  EXPECT_FALSE(status.at("daemon").at("running").as_bool());
  EXPECT_TRUE(status.at("daemon").at("pid").is_null());
  EXPECT_TRUE(status.at("daemon").at("since").is_null());
  EXPECT_TRUE(status.at("unconfirmed").as_array().empty());
}

TEST_F(GivenTwoRuns, WhenAPlanIsHeldThenTheStatusNamesItAndStillEndsWithZero) {
  for (auto const* uid : {"u01", "u02", "u03", "u04"}) leave(uid, "team-a");
  auto const plan = sync(4).as_object();
  auto const finished = run({"status", "--json"});
  EXPECT_EQ(finished.exit, 0);
  auto const held = document(finished).at("held").as_array();
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(text_at(held.front().as_object(), "digest"), text_at(plan, "digest"));
  EXPECT_NE(text_at(held.front().as_object(), "since"), "");
  EXPECT_FALSE(held.front().at("reasons").as_array().empty());
}

TEST_F(GivenTwoRuns, WhenPrintedOnATerminalThenColouredUnlessNoColorIsSet) {
  leave("u07", "team-b");
  auto const plan_on_terminal = [this](Environment const& environment) {
    Process script{{"script", "-qec",
                    DIRSYNC_BIN_DIR "/dirsyncd --config " + config_file().string() + " plan", "/dev/null"},
                   folder_.path(),
                   "script",
                   environment};
    return script.wait().out;
  };
  EXPECT_THAT(plan_on_terminal({{"NO_COLOR", ""}}), AllOf(HasSubstr("- u07"), HasSubstr("\033[3")));
  EXPECT_THAT(plan_on_terminal({{"NO_COLOR", "1"}}), AllOf(HasSubstr("- u07"), Not(HasSubstr("\033[3"))));
  EXPECT_THAT(run({"plan"}, {{"NO_COLOR", ""}}).out, AllOf(HasSubstr("- u07"), Not(HasSubstr("\033["))));
}

// --- what cannot be used
// ----------------------------------------------------------------------------------------

TEST_F(Commands, WhenTheConfigurationIsGoodThenItSaysSo) {
  auto const finished = run({"config", "check", "--json"});
  EXPECT_EQ(finished.exit, 0) << finished.err;
  EXPECT_TRUE(document(finished).at("valid").as_bool());
}

TEST_F(Commands, WhenAKeyIsWrongThenItsPlaceAndTheNearestKeyAreNamed) {
  configuration.console_rule_keys = "foreign_member = \"report\"\n";
  configure();
  auto const text = content_of(config_file());
  auto const line = 1 + std::ranges::count(text.substr(0, text.find("foreign_member")), '\n');
  auto const finished = run({"config", "check", "--json"});
  EXPECT_EQ(finished.exit, 2);
  auto const place = config_file().string() + ":" + std::to_string(line) + ":1";
  EXPECT_THAT(finished.err, AllOf(HasSubstr(place), HasSubstr("foreign_members")));
  auto const error = error_of(finished);
  EXPECT_EQ(text_at(error, "code"), "unknown-key");
  EXPECT_EQ(text_at(error, "file"), config_file().string());
  EXPECT_EQ(error.at("line").as_int64(), line);
  EXPECT_EQ(error.at("column").as_int64(), 1);
  EXPECT_THAT(text_at(error, "key"), HasSubstr("foreign_member"));
  EXPECT_EQ(run({"sync"}).exit, 2);
  EXPECT_EQ(vault_->requests() + console_->requests(), 0);
}

TEST_F(Commands, WhenASecretIsLiteralThenThreeOtherWaysAreNamedAndTheSecretIsNot) {
  auto text = configuration.text();
  auto const secret = "password = { file = \"" + configuration.vault_password_file + "\" }";
  text.replace(text.find(secret), secret.size(), "password = \"Literal.Pass.9\"");
  std::ofstream{config_file()} << text;
  auto const finished = run({"config", "check", "--json"});
  EXPECT_EQ(finished.exit, 2);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("credential"), HasSubstr("file"), HasSubstr("env")));
  EXPECT_EQ(text_at(error_of(finished), "code"), "literal-secret");
  EXPECT_THAT(finished.out + finished.err, Not(HasSubstr("Literal.Pass.9")));
}

TEST_F(Commands, WhenTheRuleIsNotConfiguredThenUsageAndNotInSync) {
  auto const finished = run({"plan", "--rule", "nosuch", "--json"});
  EXPECT_EQ(finished.exit, 2);
  EXPECT_THAT(text_at(error_of(finished), "text"), HasSubstr("no rule nosuch"));
}

TEST_F(Commands, WhenTheConfigurationIsMissingThenUsage) {
  std::filesystem::remove(config_file());
  auto const finished = run({"plan", "--json"});
  EXPECT_EQ(finished.exit, 2);
  EXPECT_THAT(text_at(error_of(finished), "text"), Not(HasSubstr("\n")));
}

TEST_F(Commands, WhenTheCommandLineIsWrongThenUsage) {
  for (std::vector<std::string> words :
       {std::vector<std::string>{"sync", "--nonsense"}, {"bogus"}, {}, {"approve"}, {"sync", "--limit"}}) {
    words.push_back("--json");
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, 2) << finished.err;
    EXPECT_EQ(text_at(error_of(finished), "code"), "usage");
    EXPECT_THAT(finished.err, HasSubstr("--help"));
  }
  EXPECT_EQ(run({"sync", "--accept-band"}).exit, 2);
  EXPECT_EQ(run({"--help"}).exit, 0);
  EXPECT_THAT(run({"--version"}).out, StartsWith("dirsyncd "));
}

/// A store in order, to be spoilt.
class GivenAStore : public GivenTwoRuns {
 protected:
  void SetUp() override {
    GivenTwoRuns::SetUp();
    leave("u07", "team-b");
    execute_sql("PRAGMA wal_checkpoint(TRUNCATE);");
    forget_calls();
  }
  /// Neither a target nor the file is touched.
  void expect_refused(std::string const& said) {
    auto const before = content_of(database());
    for (std::vector<std::string> const& words :
         {std::vector<std::string>{"sync", "--json"}, {"plan", "--json"}, {"run", "--json"}}) {
      auto const finished = run(words);
      EXPECT_EQ(finished.exit, 2) << finished.err;
      EXPECT_THAT(text_at(error_of(finished), "text"),
                  AllOf(HasSubstr(database().string()), HasSubstr(said)));
    }
    EXPECT_EQ(content_of(database()), before);
    EXPECT_EQ(vault_->requests() + console_->requests(), 0);
  }
};

TEST_F(GivenAStore, WhenItIsCorruptThenNothingIsCalled) {
  std::fstream{database(), std::ios::in | std::ios::out}.seekp(0)
      << "This is no database any more, but a text file.";
  expect_refused("backup");
}

TEST_F(GivenAStore, WhenItIsOfANewerVersionThenNothingIsCalled) {
  execute_sql("PRAGMA user_version = 4711; PRAGMA wal_checkpoint(TRUNCATE);");
  expect_refused("newer");
}

TEST_F(GivenAStore, WhenItCannotBeWrittenThenNothingIsCalled) {
  std::filesystem::remove(database());
  std::filesystem::create_directory(database());  // also in the way of root
  auto const finished = run({"sync", "--json"});
  EXPECT_EQ(finished.exit, 2) << finished.err;
  EXPECT_THAT(text_at(error_of(finished), "text"), HasSubstr(database().string()));
  EXPECT_EQ(vault_->requests() + console_->requests(), 0);
  configuration.state_dir = "/proc/dirsyncd";
  configure();
  EXPECT_EQ(run({"sync"}).exit, 2);
  EXPECT_EQ(vault_->requests() + console_->requests(), 0);
}

/// What a store of that schema did not have yet is taken out of one of today.
class GivenAStoreOfAnOlderSchema : public GivenTwoRuns, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    GivenTwoRuns::SetUp();
    execute_sql("DROP TABLE feed_cookie; ALTER TABLE audit DROP COLUMN delay_ms;");
    execute_sql("DROP INDEX audit_of_run; DROP INDEX audit_of_decisions; DROP TABLE pruned_approval;");
    execute_sql(
        "DROP TRIGGER audit_is_not_deleted; DROP TRIGGER audit_checkpoint_is_not_deleted; "
        "DROP TABLE audit_pruned; CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE (ABORT, 'audit rows are never deleted'); END; "
        "CREATE TRIGGER audit_checkpoint_is_not_deleted BEFORE DELETE ON audit_checkpoint "
        "BEGIN SELECT RAISE (ABORT, 'checkpoints are never deleted'); END;");
    execute_sql(
        "DROP TABLE group_owner; DROP TABLE undone; DROP TABLE freeze; DROP TABLE approval; "
        "ALTER TABLE plan DROP COLUMN approvals_needed; ALTER TABLE plan DROP COLUMN decided_why;");
    execute_sql(
        "DROP INDEX run_by_start; DROP TABLE left_out; DROP TABLE foreign_member; "
        "DROP TABLE membership_interval; DROP TABLE interval_member; DROP TABLE interval_group_name; "
        "DROP TABLE interval_group; DROP TABLE interval_text; "
        "ALTER TABLE membership DROP COLUMN interval_number; PRAGMA user_version = 10;");
    if (GetParam() == 10) return;
    execute_sql("DROP TABLE audit_checkpoint; DROP TABLE audit_tree; PRAGMA user_version = 9;");
    if (GetParam() == 9) return;
    execute_sql("DROP TABLE made_user; PRAGMA user_version = 8;");
    if (GetParam() == 8) return;
    execute_sql(
        "DROP TABLE unresolved; ALTER TABLE directory DROP COLUMN keeps_unresolved; "
        "ALTER TABLE target_state DROP COLUMN unresolved; PRAGMA user_version = 7;");
    if (GetParam() == 7) return;
    execute_sql(
        "ALTER TABLE rule_memory ADD COLUMN configuration_digest TEXT NOT NULL DEFAULT ''; "
        "ALTER TABLE rule_memory ADD COLUMN desired_digest TEXT NOT NULL DEFAULT ''; "
        "PRAGMA user_version = 6;");
  }
};

TEST_P(GivenAStoreOfAnOlderSchema, WhenSyncedThenWhatWasGrantedIsOursAndTheTrailGoesOn) {
  join("u23", "team-b");
  disable("u08");
  forget_calls();
  sync(0);
  expect_in_sync({"u08"});
  EXPECT_GT(writes(), 0);
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(audit({"--action", "run"}).size(), 4U);
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(Released, GivenAStoreOfAnOlderSchema, testing::Values(6, 7, 8, 9, 10),
                         [](auto const& tested) { return "Schema" + std::to_string(tested.param); });

}  // namespace
}  // namespace dirsync::test
