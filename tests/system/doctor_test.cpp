// dirsyncd doctor: what it says of a company where all is well, and of one fault at a time.
#include "tests/system/doctor_fixture.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(GivenACompanyToLookAt, WhenAllIsWellThenNothingFailsAndNothingIsWritten) {
  sync(0);
  auto const before = database_text();
  forget_calls();
  auto const made = checks(0);
  EXPECT_THAT(in_state(made, "fail"), IsEmpty());
  // Certificates of these tests hold a day, and the server has no syncprov.
  EXPECT_EQ(in_state(made, "warn"), (std::set<std::string>{"corp certificate", "corp feed",
                                                           "vault certificate", "console certificate"}));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(database_text(), before);
  expect_in_sync();
  expect_chain_holds();
}

class GivenADirectoryWithSyncprov : public GivenACompanyToLookAt {
 protected:
  GivenADirectoryWithSyncprov() {
    slapd_options_.global_lines = {"moduleload syncprov"};
    slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1"};
  }
};

TEST_F(GivenADirectoryWithSyncprov, WhenLookedAtThenItsChangesCanBeFollowedInTheBestWay) {
  auto const made = checks(0, {"--side", "corp"});
  EXPECT_THAT(in_state(made, "ok"), testing::Contains("corp feed"));
  for (auto const& check : made)
    if (text_at(check, "id") == "feed") {
      EXPECT_THAT(text_at(check, "text"), HasSubstr("followed by syncrepl"));
    }
}

TEST_F(GivenACompanyToLookAt, WhenNothingIsToBeFollowedThenTheCheckSaysSo) {
  configuration.more = "[schedule]\nwatch = false\n";
  configure();
  auto const made = checks(0, {"--side", "corp"});
  EXPECT_THAT(in_state(made, "ok"), testing::Contains("corp feed"));
}

TEST_F(GivenACompanyToLookAt, WhenNothingHasRunYetThenNoFileIsMade) {
  auto const made = checks(0);
  EXPECT_THAT(in_state(made, "warn"), testing::Contains(" state-folder"));
  EXPECT_FALSE(fs::exists(configuration.state_dir));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenACompanyToLookAt, WhenShownToAPersonThenALineForEachCheckAndACount) {
  auto const finished = run({"doctor"});
  EXPECT_EQ(finished.exit, 0) << finished.out;
  expect_no_secret(finished);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("ok   corp log-on  "), HasSubstr("ok   vault read  "),
                                  HasSubstr("       do:  "), HasSubstr(" ok, ")));
}

TEST_F(GivenACompanyToLookAt, WhenTheConfigurationIsCheckedOnlineThenTheSameIsLookedAt) {
  auto const online = run({"config", "check", "--online", "--json"});
  EXPECT_EQ(online.exit, 0) << online.out;
  std::set<std::string> ids;
  auto const answer = document(online);
  for (auto const& check : answer.at("checks").as_array()) ids.insert(text_at(check.as_object(), "id"));
  EXPECT_THAT(ids, testing::IsSupersetOf({"configuration", "log-on", "own-filters", "rights", "plan"}));
}

TEST_F(GivenACompanyToLookAt, WhenOneSideIsAskedForThenNoOtherIsCalled) {
  forget_calls();
  auto const made = checks(0, {"--side", "corp"});
  for (auto const& check : made) EXPECT_THAT(text_at(check, "side"), testing::AnyOf("", "corp"));
  EXPECT_EQ(vault_->requests(), 0);
  EXPECT_EQ(console_->requests(), 0);
  auto const nobody = run({"doctor", "--side", "nobody", "--json"});
  EXPECT_EQ(nobody.exit, 2);
  EXPECT_THAT(nobody.err, HasSubstr("there are: corp"));
}

// --- one fault at a time: the directory ---

TEST_F(GivenACompanyToLookAt, WhenThePasswordIsWrongThenTheLogonFailsAndTheRestIsSkipped) {
  set_directory_password("wrong");
  auto const made = checks(6);
  auto const check = failed(made, "corp", "log-on");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("result 49"));
  EXPECT_THAT(text_at(check, "show"), AllOf(HasSubstr("ldapsearch"), HasSubstr("-y ")));
  EXPECT_THAT(in_state(made, "skip"), testing::IsSupersetOf({"corp bases", "corp read", "vault plan"}));
  EXPECT_THAT(in_state(made, "ok"), testing::IsSupersetOf({"corp tls", "vault log-on"}));
}

TEST_F(GivenACompanyToLookAt, WhenARuleMaySelectNothingThenItsEmptinessIsNoFault) {
  auto text = configuration.text();
  auto const at = text.find("(cn=pam-*)");
  text.replace(at, 10, "(cn=none-*)");
  std::ofstream{config_file()} << text;
  EXPECT_THAT(text_at(failed(checks(6, {"--side", "corp"}), "corp", "rules"), "remedy"),
              HasSubstr("allow_empty"));
  auto const rule = text.find("name = \"privileged\"\n");
  ASSERT_NE(rule, std::string::npos);
  std::ofstream{config_file()} << text.insert(rule, "allow_empty = true\n");
  auto const made = checks(0, {"--side", "corp"});
  EXPECT_THAT(in_state(made, "ok"), testing::Contains("corp rules"));
}

TEST_F(GivenACompanyToLookAt, WhenABaseDoesNotExistThenItIsNamed) {
  configuration.groups_base = "ou=grups,dc=example,dc=com";
  configure();
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "bases");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("ou=grups"));
  EXPECT_THAT(text_at(check, "show"), HasSubstr("-s base"));
}

TEST_F(GivenACompanyToLookAt, WhenAFilterFindsNobodyThenItIsNamed) {
  auto text = configuration.text();
  auto const at = text.find("(objectClass=inetOrgPerson)");
  std::ofstream{config_file()} << text.replace(at, 27, "(objectClass=residentialPerson)");
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "people");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("(objectClass=residentialPerson)"));
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("users.filter"));
}

TEST_F(GivenACompanyToLookAt, WhenAnAttributeIsMisspeltThenTheRightNameIsOffered) {
  configuration.disabled_key = ", disabled = \"(employeTyp=disabled)\"";
  configure();
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "attributes");
  EXPECT_THAT(text_at(check, "text"), AllOf(HasSubstr("users.disabled"), HasSubstr("employetyp")));
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("employeeType"));
}

TEST_F(GivenACompanyToLookAt, WhenMembersAreHiddenThenAccessIsAskedFor) {
  slapd_options_.access.insert(slapd_options_.access.begin(), "access to attrs=member by * none");
  reconfigure_slapd();
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "members");
  EXPECT_THAT(text_at(check, "text"),
              HasSubstr(std::to_string(company.groups.size()) + " groups show no member"));
}

TEST_F(GivenACompanyToLookAt, WhenTheServerLimitsAnswersThenTheLimitIsNamed) {
  slapd_options_.database_lines.push_back("limits users size=unlimited size.prtotal=5");
  reconfigure_slapd();
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "limits");
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("size=unlimited"));
}

TEST_F(GivenACompanyToLookAt, WhenPartsLieElsewhereThenTheEntriesAreNamed) {
  modify_directory(
      "dn: ou=far,dc=example,dc=com\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\n"
      "ou: far\nref: ldap://far.invalid/ou=far,dc=example,dc=com\n");
  auto text = configuration.text();
  for (std::string const base : {"ou=people,dc=example,dc=com", "ou=groups,dc=example,dc=com"}) {
    auto const at = text.find("base = \"" + base);
    ASSERT_NE(at, std::string::npos);
    text.replace(at + 8, base.size(), "dc=example,dc=com");
  }
  std::ofstream{config_file()} << text;
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "referrals");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("ou=far,dc=example,dc=com"));
}

TEST_F(GivenACompanyToLookAt, WhenTheServerHidesWhatAFilterNamesThenBothAnswersAreCompared) {
  disable("u01");
  slapd_options_.access.insert(slapd_options_.access.begin(),
                               "access to attrs=employeeType by * search");  // filters see it, answers do not
  reconfigure_slapd();
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "own-filters");
  EXPECT_THAT(text_at(check, "text"),
              AllOf(HasSubstr("dirsyncd finds 0, the server 1"), HasSubstr(company.person("u01").dn())));
}

TEST_F(GivenACompanyToLookAt, WhenAMemberIsGoneThenTheCauseIsTold) {
  modify_directory("dn: " + company.group("team-a").dn() +
                   "\nchangetype: modify\nadd: member\nmember: uid=gone,ou=people,dc=example,dc=com\n");
  auto const made = checks(0, {"--side", "corp"});
  EXPECT_THAT(in_state(made, "warn"), testing::Contains("corp unresolved"));
}

// --- the machine ---

TEST_F(GivenACompanyToLookAt, WhenASecretIsOpenToTheGroupThenChmodIsAskedFor) {
  fs::permissions(configuration.vault_password_file, fs::perms::group_read, fs::perm_options::add);
  auto const check = failed(checks(6), "", "secrets");
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("chmod 0600 " + configuration.vault_password_file));
}

TEST_F(GivenACompanyToLookAt, WhenTheConfigurationIsMalformedThenItsPlaceIsTold) {
  std::ofstream{config_file(), std::ios::app} << "\n[service\n";
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "", "configuration"), "text"), HasSubstr("dirsyncd.toml:"));
  EXPECT_THAT(in_state(made, "skip"), testing::Contains(" secrets"));
}

// --- targets and plan ---

TEST_F(GivenACompanyToLookAt, WhenTheVaultRefusesTheUserThenTheLogonFails) {
  std::ofstream{configuration.vault_password_file} << "wrong\n";
  auto const made = checks(6, {"--side", "vault"});
  failed(made, "vault", "log-on");
  EXPECT_THAT(in_state(made, "skip"), testing::IsSupersetOf({"vault rights", "vault read"}));
}

class GivenAVaultUserWithoutRights : public GivenACompanyToLookAt {
 protected:
  void SetUp() override {
    GivenACompanyToLookAt::SetUp();
    vault_->edit(R"({"op":"update-user","user":"svc-dirsync","set":{"vaultAuthorization":[]}})");
  }
};

TEST_F(GivenAVaultUserWithoutRights, WhenLookedAtThenTheRightsAreNamed) {
  auto const check = failed(checks(6, {"--side", "vault"}), "vault", "rights");
  EXPECT_THAT(text_at(check, "text") + text_at(check, "remedy"), HasSubstr("Audit"));
}

TEST_F(GivenACompanyToLookAt, WhenTheVaultTakesNoneOfTheNamesThenTheTemplateThatMendsThemIsNamed) {
  auto text = configuration.text();
  auto const at = text.find("{cn|remove_prefix:pam-}");
  std::ofstream{config_file()} << text.replace(at, 23, "{cn|replace:pam-:a/}");
  auto const made = checks(6);
  auto const check = failed(made, "vault", "plan-refused-name");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("3: "));
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("would do"));
  EXPECT_EQ(writes(), 0);
}

}  // namespace
}  // namespace dirsync::test
