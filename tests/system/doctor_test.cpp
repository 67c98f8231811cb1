// dirsyncd doctor: what it says of a company where all is well, and of one fault at a time.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GivenACompanyToLookAt : public World {
 protected:
  GivenACompanyToLookAt() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  /// `doctor --json WORDS...`, which must end with `exit`; its checks.
  std::vector<json::object> checks(int exit, std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"doctor", "--json"});
    auto const finished = run(std::move(words));
    EXPECT_EQ(finished.exit, exit) << finished.out << finished.err;
    expect_no_secret(finished);
    std::vector<json::object> list;
    for (auto const& check : document(finished).at("checks").as_array()) list.push_back(check.as_object());
    for (auto const& check : list)
      if (text_at(check, "state") == "fail" || text_at(check, "state") == "warn") {
        EXPECT_NE(text_at(check, "remedy"), "") << json::serialize(check);
      }
    return list;
  }
  static void expect_no_secret(Finished const& finished) {
    for (auto const* secret : {kReaderPassword, kVaultPassword, kConsolePassword}) {
      EXPECT_THAT(finished.out, Not(HasSubstr(secret)));
      EXPECT_THAT(finished.err, Not(HasSubstr(secret)));
    }
  }
  /// Those in that state, as "SIDE ID".
  static std::set<std::string> in_state(std::vector<json::object> const& checks, std::string const& state) {
    std::set<std::string> names;
    for (auto const& check : checks)
      if (text_at(check, "state") == state) names.insert(text_at(check, "side") + " " + text_at(check, "id"));
    return names;
  }
  /// The failed check of that side and id; a test failure when there is none.
  static json::object failed(std::vector<json::object> const& checks, std::string const& side,
                             std::string const& id) {
    for (auto const& check : checks)
      if (text_at(check, "side") == side && text_at(check, "id") == id && text_at(check, "state") == "fail")
        return check;
    ADD_FAILURE() << side << " " << id
                  << " did not fail; failed: " << testing::PrintToString(in_state(checks, "fail"));
    return {};
  }
  void reconfigure_slapd() { slapd_->reconfigure(slapd_options_); }
  /// Writes `content` as the secret of the directory.
  void set_directory_password(std::string const& content) const {
    std::ofstream{configuration.ldap_password_file} << content << "\n";
  }
  std::string database_text() const {
    std::ifstream file{database(), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
};

TEST_F(GivenACompanyToLookAt, WhenAllIsWellThenNothingFailsAndNothingIsWritten) {
  sync(0);
  auto const before = database_text();
  forget_calls();
  auto const made = checks(0);
  EXPECT_THAT(in_state(made, "fail"), IsEmpty());
  // Certificates of these tests hold a day.
  EXPECT_EQ(in_state(made, "warn"),
            (std::set<std::string>{"corp certificate", "vault certificate", "console certificate"}));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(database_text(), before);
  expect_in_sync();
  expect_chain_holds();
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
  for (auto const& check : document(online).at("checks").as_array())
    ids.insert(text_at(check.as_object(), "id"));
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

TEST_F(GivenACompanyToLookAt, WhenTheCaIsAnotherThenTlsFails) {
  configuration.ldap_ca = certificates_.ca_file;  // that of the simulators
  configuration.vault_ca = slapd_->ca_file();
  configure();
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "corp", "tls"), "remedy"), HasSubstr("tls.ca_file"));
  EXPECT_THAT(text_at(failed(made, "corp", "tls"), "show"), HasSubstr("openssl s_client"));
  EXPECT_THAT(text_at(failed(made, "vault", "tls"), "remedy"), HasSubstr("tls.ca_file"));
}

class GivenAnExpiredCertificate : public GivenACompanyToLookAt {
 protected:
  GivenAnExpiredCertificate() { slapd_options_.certificate.expired = true; }
};

TEST_F(GivenAnExpiredCertificate, WhenLookedAtThenTlsFails) {
  // GnuTLS does not always say why; what shows the dates does.
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "tls");
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("until when it is valid"));
  EXPECT_THAT(text_at(check, "show"), HasSubstr("-dates"));
}

TEST_F(GivenACompanyToLookAt, WhenNobodyListensThenTheConnectionFails) {
  slapd_->stop();
  configuration.console_url = "https://127.0.0.1:1";
  configure();
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "corp", "connection"), "show"), HasSubstr("nc -vz 127.0.0.1"));
  failed(made, "console", "connection");
  EXPECT_THAT(in_state(made, "skip"), testing::IsSupersetOf({"corp tls", "corp log-on", "console log-on"}));
}

TEST_F(GivenACompanyToLookAt, WhenANameDoesNotResolveThenNamesFails) {
  configuration.ldap_uri = "ldaps://nobody.invalid";
  configuration.vault_url = "https://nobody.invalid/PasswordVault";
  configure();
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "corp", "names"), "text"), HasSubstr("nobody.invalid"));
  EXPECT_THAT(text_at(failed(made, "vault", "names"), "show"), HasSubstr("getent ahosts nobody.invalid"));
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
