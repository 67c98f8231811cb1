// What a read proves, as a person sees it: refusals, `run show`, and how a read is accepted.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GivenWatchedDirectory : public World {
 protected:
  GivenWatchedDirectory() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    slapd_options_.global_lines = {"moduleload syncprov"};
    slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1"};
  }
  void SetUp() override {
    World::SetUp();
    // A database that never saw a change has no number yet, nor has a copy of it.
    modify_directory(
        "dn: ou=people,dc=example,dc=com\nchangetype: modify\nadd: description\ndescription: all\n");
    sync(0);
    forget_calls();
  }
  /// A run that is refused for that reason and writes nothing; its number.
  std::int64_t refused(std::string const& code) {
    auto const plan = sync(5);
    auto const& reason = plan.at("targets").at("vault").at("reasons").at(0).as_object();
    EXPECT_EQ(text_at(reason, "code"), code);
    EXPECT_EQ(writes(), 0);
    return plan.at("run").as_int64();
  }
  json::object certificate_of(std::int64_t run_number) {
    auto const shown = document(run({"run", "show", std::to_string(run_number), "--json"}));
    return shown.at("report").at("certificates").at("corp").as_object();
  }
  std::string words_of(std::int64_t run_number) {
    return run({"run", "show", std::to_string(run_number)}).out;
  }
  /// The digest of the one read that waits.
  std::string held_read() {
    auto const held = document(run({"status", "--json"})).at("held").as_array();
    EXPECT_EQ(held.size(), 1U);
    return held.empty() ? "" : text_at(held.front().as_object(), "digest");
  }
};

TEST_F(GivenWatchedDirectory, WhenARunIsShownThenItsCertificateIsThereClauseByClause) {
  auto const certificate = certificate_of(1);
  EXPECT_TRUE(certificate.at("complete").as_bool());
  EXPECT_TRUE(certificate.at("failing").is_null());
  EXPECT_TRUE(certificate.at("band").at(0).at("before").is_null());
  EXPECT_GT(certificate.at("band").at(0).at("after").as_int64(), 0);
  EXPECT_EQ(text_at(certificate.at("change_numbers").as_object(), "source"), "contextCSN");
  EXPECT_THAT(words_of(1),
              AllOf(HasSubstr("certificate of corp"), HasSubstr("): complete\n"), HasSubstr("holds  band"),
                    HasSubstr("first read"), HasSubstr("holds  change-number"), Not(HasSubstr("FAILS"))));
}

TEST_F(GivenWatchedDirectory, WhenARuleHidesACanaryThenNothingIsWrittenAndTheRunNamesIt) {
  auto const canary = company.person("u01").dn();
  configuration.directory_keys = "canaries = [\"" + canary + "\"]\n";
  configure();
  auto const seen = sync(0).at("run").as_int64();
  EXPECT_THAT(words_of(seen), HasSubstr("holds  canary"));
  auto hiding = slapd_options_;
  hiding.access.insert(hiding.access.begin(), "access to dn.exact=\"" + canary + "\" by * none");
  slapd_->reconfigure(hiding);
  auto const run_number = refused("canary");
  EXPECT_EQ(text_at(certificate_of(run_number), "failing"), "canary");
  EXPECT_FALSE(certificate_of(run_number).at("complete").as_bool());
  EXPECT_THAT(words_of(run_number),
              AllOf(HasSubstr("NOT COMPLETE, clause canary"), HasSubstr("FAILS  canary"), HasSubstr(canary)));
  slapd_->reconfigure(slapd_options_);
  sync(0);
}

TEST_F(GivenWatchedDirectory, WhenAnOlderBackupIsRestoredThenRefusedUntilAPersonApprovesThatRead) {
  auto const backup = slapd_->backup();
  join("u22", "team-a");
  sync(0);
  forget_calls();
  slapd_->restore(backup);
  auto const run_number = refused("change-number");
  EXPECT_THAT(words_of(run_number), AllOf(HasSubstr("FAILS  change-number"), HasSubstr("holds  band")));
  auto const digest = held_read();
  EXPECT_EQ(run({"approve", digest}).exit, 0);
  sync(0);
  EXPECT_GT(writes(), 0);  // the restored state is the new level: u22 is out again
  EXPECT_EQ(run({"approve", digest}).exit, 4);
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
  expect_chain_holds();
}

TEST_F(GivenWatchedDirectory, WhenAServerThatLagsBehindAnswersThenRefusedUntilItCaughtUp) {
  auto copy = slapd_options_;
  copy.ldif = slapd_->backup();
  join("u22", "team-a");
  sync(0);
  forget_calls();
  Slapd lagging{copy};
  configuration.ldap_uri = lagging.tls_uri();
  configuration.ldap_ca = lagging.ca_file();
  configure();
  refused("change-number");
  lagging.restore(slapd_->backup());
  sync(0);
  EXPECT_EQ(writes(), 0);
}

// Who is disabled is told by employeeType; hidden, nobody is any more.
TEST_F(GivenWatchedDirectory, WhenARuleHidesWhatDecidesThenNobodyGetsAccessAgain) {
  for (auto const* uid : {"u02", "u03", "u04"}) disable(uid);
  sync(0);
  expect_in_sync({"u02", "u03", "u04"});
  forget_calls();
  auto const shown = slapd_options_;
  slapd_options_.access.insert(slapd_options_.access.begin(), "access to attrs=employeeType by * none");
  slapd_->reconfigure(slapd_options_);
  auto const run_number = refused("attributes");
  EXPECT_EQ(text_at(certificate_of(run_number), "failing"), "attributes");
  EXPECT_THAT(words_of(run_number), HasSubstr("employeetype 0 after "));
  slapd_->reconfigure(shown);
  sync(0);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenWatchedDirectory, WhenFiguresLeaveTheBandThenTheirApprovalAcceptsThem) {
  auto const for_each_new = [this](std::string const& change) {
    for (int n = 0; n < 40; ++n) {
      auto const uid = "new-" + std::to_string(n);
      auto text = "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: " + change + "\n";
      if (change == "add")
        text += "objectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid + "\nsn: " + uid + "\n";
      modify_directory(text);
    }
  };
  for_each_new("add");
  sync(0);
  for_each_new("delete");
  auto const run_number = refused("band");
  auto const band = certificate_of(run_number).at("band").as_array();
  EXPECT_EQ(band.at(1).at("after").as_int64(), band.at(1).at("before").as_int64() - 40);
  auto const digest = held_read();
  EXPECT_EQ(run({"approve", std::string(64, '0')}).exit, 2);
  auto const finished = run({"sync", "--approve", digest, "--json"});
  EXPECT_EQ(finished.exit, 0) << finished.err << finished.out;
  EXPECT_THAT(run({"status"}).out, Not(HasSubstr("held since")));
  sync(0);
}

}  // namespace
}  // namespace dirsync::test
