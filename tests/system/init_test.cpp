// init: from a directory of which nothing is known to a first plan.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/init_world.hpp"

namespace dirsync::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(GivenNoConfiguration, WhenOptionsSayItAllThenTheFileIsWrittenAndTheFirstPlanShown) {
  auto const done = init({directory_options(), vault_options()});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(mode_of(config_file()), 0640U);
  EXPECT_THAT(content_of(config_file()),
              AllOf(Not(HasSubstr(kReaderPassword)), Not(HasSubstr(kVaultPassword))));
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("OpenLDAP"), HasSubstr("is written and valid"), HasSubstr("windows")));
  EXPECT_EQ(run({"config", "check"}).exit, 0);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenNoConfiguration, WhenOptionsSayItAllThenTheSidesAreLookedAtBeforeThePlan) {
  auto const done = init({directory_options(), vault_options()});
  EXPECT_EQ(done.exit, 0) << done.err;
  auto const looked = done.out.find("ok   vault log-on  ");
  EXPECT_NE(looked, std::string::npos) << done.out;
  EXPECT_LT(looked, done.out.find("What a first run would do:"));
  EXPECT_THAT(done.out, AllOf(Not(HasSubstr(kReaderPassword)), Not(HasSubstr(kVaultPassword))));
}

TEST_F(GivenNoConfiguration, WhenATargetLetsNobodyInThenThatIsSaidOnceAndNoPlanIsTried) {
  auto options = vault_options();
  options[7] = configuration.ldap_password_file;  // another's password
  auto const done = init({directory_options(), options});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("FAIL vault log-on"), HasSubstr("mend what failed"),
                              HasSubstr("--config"), Not(HasSubstr("What a first run would do"))));
}

TEST_F(GivenNoConfiguration, WhenItIsWrittenThenAPlanFindsTheGroupsByIt) {
  ASSERT_EQ(init({directory_options(), vault_options()}).exit, 0);
  auto const planned = run({"plan", "--json"});
  EXPECT_EQ(planned.exit, 0) << planned.err;
  auto const plan = document(planned);
  EXPECT_EQ(plan.at("summary").at("people").to_number<std::size_t>(), company.people.size());
  EXPECT_EQ(plan.at("summary").at("groups").to_number<std::size_t>(), company.groups.size());
  auto const& rule = plan.at("summary").at("rules").at("vault-groups");
  EXPECT_EQ(rule.at("groups").to_number<int>(), 3);
  EXPECT_EQ(rule.at("refused").to_number<int>(), 0);
}

TEST_F(GivenNoConfiguration, WhenNoTargetIsNamedThenTheFileIsWrittenWithoutARule) {
  auto const done = init({directory_options()});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("add a [target.NAME]"));
  EXPECT_EQ(run({"config", "check"}).exit, 0);
}

TEST_F(GivenNoConfiguration, WhenAConsoleIsNamedWithARoleThenAPlanHasItsGroups) {
  auto const done =
      init({directory_options(),
            {"--console-url", configuration.console_url, "--console-user", "svc-dirsync@root.local",
             "--console-password-file", configuration.console_password_file, "--console-ca-file",
             configuration.console_ca, "--console-role", "Device Administrator"}});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("operators"));
}

TEST_F(GivenNoConfiguration, WhenJsonIsWantedThenOneDocumentTellsWhatWasFound) {
  auto const done = init({directory_options(), {"--json"}});
  EXPECT_EQ(done.exit, 0) << done.err;
  auto const found = document(done);
  EXPECT_EQ(text_at(found.as_object(), "flavour"), "openldap");
  EXPECT_EQ(text_at(found.as_object(), "groups_base"), "ou=groups,dc=example,dc=com");
  EXPECT_TRUE(found.at("valid").as_bool());
}

TEST_F(GivenNoConfiguration, WhenSomethingNeededIsMissingThenItIsNamed) {
  auto const refused = init({{"--uri", configuration.ldap_uri}, vault_options()});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--bind-dn"), HasSubstr("--bind-password-file"),
                                 Not(HasSubstr("--uri,")), Not(HasSubstr("--vault-user"))));
  EXPECT_FALSE(is_written());
}

TEST_F(GivenNoConfiguration, WhenTheBindDnIsNoneThenItIsRefused) {
  auto const refused = init({{"--uri", configuration.ldap_uri, "--bind-dn", "jane", "--bind-password-file",
                              configuration.ldap_password_file}});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("\"jane\" is not a DN"));
}

TEST_F(GivenNoConfiguration, WhenThePasswordIsWrongThenNothingIsWritten) {
  auto options = directory_options();
  options.back() = configuration.vault_password_file;
  auto const refused = init({options});
  EXPECT_EQ(refused.exit, 5) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("result 49"));
  EXPECT_FALSE(is_written());
}

TEST_F(GivenNoConfiguration, WhenTheServerDoesNotAnswerThenNothingIsWritten) {
  slapd_->stop();
  EXPECT_EQ(init({directory_options()}).exit, 5);
  EXPECT_FALSE(is_written());
}

TEST_F(GivenNoConfiguration, WhenTheFolderDoesNotExistThenThatIsSaid) {
  auto const refused = init({directory_options(), {"--output", folder_.path() / "nowhere/dirsyncd.toml"}});
  EXPECT_EQ(refused.exit, 2) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("make its folder"));
}

TEST_F(GivenNoConfiguration, WhenAFileIsThereThenItIsReplacedByForceAlone) {
  std::ofstream{config_file()} << "# mine\n";
  auto const refused = init({directory_options()});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(content_of(config_file()), "# mine\n");
  EXPECT_EQ(init({directory_options(), {"--force"}}).exit, 0);
  EXPECT_THAT(content_of(config_file()), HasSubstr("[directory.corp]"));
}

class GivenADirectoryWithoutGroups : public GivenNoConfiguration {
 protected:
  GivenADirectoryWithoutGroups() { company.groups.clear(); }
};

TEST_F(GivenADirectoryWithoutGroups, WhenItIsLookedAtThenAConfigurationIsWrittenAllTheSame) {
  auto const done = init({directory_options(), vault_options()});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("0 groups"));
  EXPECT_EQ(run({"config", "check"}).exit, 0);
}

}  // namespace
}  // namespace dirsync::test
