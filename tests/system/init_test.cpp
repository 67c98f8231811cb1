// init: from a directory of which nothing is known to a first plan.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/process/terminal.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Nobody has written dirsyncd.toml yet.
class GivenNoConfiguration : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    fs::remove(config_file());
  }
  std::vector<std::string> directory_options() const {
    return {"--uri",
            configuration.ldap_uri,
            "--ca-file",
            configuration.ldap_ca,
            "--bind-dn",
            kReaderDn,
            "--bind-password-file",
            configuration.ldap_password_file};
  }
  std::vector<std::string> vault_options() const {
    return {"--vault-url",           configuration.vault_url,
            "--vault-user",          "svc-dirsync",
            "--vault-ca-file",       configuration.vault_ca,
            "--vault-password-file", configuration.vault_password_file,
            "--vault-domain",        "example.com"};
  }
  Finished init(std::vector<std::vector<std::string>> const& options) {
    std::vector<std::string> words{"init", "--state-dir", configuration.state_dir};
    for (auto const& some : options) words.insert(words.end(), some.begin(), some.end());
    return run(words);
  }
  bool is_written() const { return fs::exists(config_file()); }
  static mode_t mode_of(fs::path const& file) {
    struct ::stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
  }
};

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

/// Somebody sits at a terminal.
class GivenAPerson : public GivenNoConfiguration {
 protected:
  std::vector<std::string> words() const {
    return {DIRSYNC_BIN_DIR "/dirsyncd", "--config",        config_file(),         "init", "--state-dir",
            configuration.state_dir,     "--vault-ca-file", configuration.vault_ca};
  }
  Terminal terminal() const { return Terminal{words()}; }
  fs::path process_file() const { return folder_.path() / "process"; }
  /// The system puts a terminal in order whose first process ends: here that is a shell, which then tells how
  /// dirsyncd ended, and whether the terminal shows what is typed. The process is in process_file().
  Terminal terminal_of_a_shell() const {
    constexpr char kScript[] = R"~(file=$1; shift
sh -c 'echo $$ >"$0"; exec "$@"' "$file" "$@"
echo "ended with $?"
case " $(stty -a | tr '\n' ' ')" in *" -echo "* | *" -isig "*) ;; *) echo "what is typed is shown" ;; esac)~";
    std::vector<std::string> all{"/bin/sh", "-c", kScript, "sh", process_file()};
    for (auto const& word : words()) all.push_back(word);
    return Terminal{std::move(all)};
  }
  void answer_up_to_the_account(Terminal& at) const {
    at.answer("Server: ", configuration.ldap_uri);
    at.answer("CA file [system]: ", configuration.ldap_ca);
    at.answer("Bind DN [none]: ", kReaderDn);
  }
  void answer_up_to_the_password(Terminal& at) const {
    answer_up_to_the_account(at);
    at.answer("Bind password: ", kReaderPassword);
  }
  /// What is asked once the directory was seen, up to the targets, of which there are none.
  static void answer_the_rest(Terminal& at, std::string const& people = "", std::string const& groups = "") {
    at.answer("People's base", people);
    at.answer("Groups' base", "");
    at.answer("Groups [proposed]: ", groups);
    at.answer("Vault URL [none]: ", "");
    at.answer("Console URL [none]: ", "");
  }
};

TEST_F(GivenAPerson, WhenEveryQuestionIsAnsweredThenTheFileIsWrittenAndThePasswordIsNotShown) {
  auto at = terminal();
  answer_up_to_the_password(at);
  at.answer("corp-bind.password [yes]: ", "");
  at.answer("People's base [ou=people,dc=example,dc=com]: ", "");
  at.answer("Groups' base [ou=groups,dc=example,dc=com]: ", "");
  at.answer("Groups [proposed]: ", "");
  at.answer("Vault URL [none]: ", configuration.vault_url);
  at.answer("Vault user [svc-dirsyncd]: ", "svc-dirsync");
  at.answer("Vault password file [/etc/dirsyncd/credentials/vault]: ", configuration.vault_password_file);
  at.answer("Vault domain [example.com]: ", "");
  at.answer("Console URL [none]: ", "");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 0) << done.out;
  EXPECT_THAT(done.out, AllOf(Not(HasSubstr(kReaderPassword)), HasSubstr("windows")));
  auto const password = folder_.path() / "corp-bind.password";
  EXPECT_EQ(content_of(password), kReaderPassword);
  EXPECT_EQ(mode_of(password), 0600U);
  EXPECT_THAT(content_of(config_file()), Not(HasSubstr(kReaderPassword)));
}

TEST_F(GivenAPerson, WhenThePasswordIsNotToBeKeptThenItIsInNoFile) {
  auto at = terminal();
  answer_up_to_the_password(at);
  at.answer("corp-bind.password [yes]: ", "no");
  answer_the_rest(at);
  EXPECT_EQ(at.wait().exit, 0);
  EXPECT_FALSE(fs::exists(folder_.path() / "corp-bind.password"));
  EXPECT_THAT(content_of(config_file()), HasSubstr("{ credential = \"corp-bind\" }"));
}

TEST_F(GivenAPerson, WhenTheInputEndsThenNothingIsWritten) {
  auto at = terminal();
  at.answer("Server: ", configuration.ldap_uri);
  at.end_input_at("CA file [system]: ");
  EXPECT_EQ(at.wait().exit, 2);
  EXPECT_FALSE(is_written());
}

TEST_F(GivenAPerson, WhenInterruptedAtThePasswordThenItEndsAtOnceAndNothingIsWritten) {
  auto at = terminal();
  answer_up_to_the_account(at);
  at.interrupt_at("Bind password: ");
  EXPECT_EQ(at.wait().exit, 2);
  EXPECT_FALSE(is_written());
}

TEST_F(GivenAPerson, WhenAProcessIsEndedAtThePasswordThenTheTerminalShowsAgainWhatIsTyped) {
  for (auto const signal : {SIGTERM, SIGINT}) {
    auto at = terminal_of_a_shell();
    answer_up_to_the_account(at);
    at.wait_for("Bind password: ");
    ASSERT_EQ(::kill(std::stoi(content_of(process_file())), signal), 0);
    auto const done = at.wait();
    EXPECT_THAT(done.out, AllOf(HasSubstr("ended with " + std::to_string(128 + signal)),
                                HasSubstr("what is typed is shown")));
    EXPECT_FALSE(is_written());
  }
}

/// Somebody else writes the configuration while the questions are answered.
TEST_F(GivenAPerson, WhenTheConfigurationCannotBeWrittenThenThePasswordIsNotKeptEither) {
  auto at = terminal();
  answer_up_to_the_password(at);
  at.answer("corp-bind.password [yes]: ", "");
  at.wait_for("People's base");
  std::ofstream{config_file()} << "# mine\n";
  at.answer(" [", "");
  at.answer("Groups' base", "");
  at.answer("Groups [proposed]: ", "");
  at.answer("Vault URL [none]: ", "");
  at.answer("Console URL [none]: ", "");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 2) << done.out;
  EXPECT_THAT(done.out, HasSubstr("exists already"));
  EXPECT_FALSE(fs::exists(folder_.path() / "corp-bind.password"));
  EXPECT_EQ(content_of(config_file()), "# mine\n");
}

TEST_F(GivenAPerson, WhenAnAnswerMakesNoSenseThenItIsAskedForAgain) {
  auto at = terminal();
  at.answer("Server: ", "hello");
  at.answer("Server: ", configuration.ldap_uri);
  at.answer("CA file [system]: ", "/nowhere.pem");
  at.answer("CA file [system]: ", configuration.ldap_ca);
  at.answer("Bind DN [none]: ", "jane");
  at.answer("Bind DN [none]: ", kReaderDn);
  at.answer("Bind password: ", "");
  at.answer("Bind password: ", kReaderPassword);
  at.answer("corp-bind.password [yes]: ", "no");
  at.answer("People's base", "people");
  at.answer("People's base", "");
  at.answer("Groups' base", "");
  at.answer("Groups [proposed]: ", "(cn=a");
  at.answer("Groups [proposed]: ", "");
  at.answer("Vault URL [none]: ", "http://plain");
  at.answer("Vault URL [none]: ", "");
  at.answer("Console URL [none]: ", "");
  EXPECT_EQ(at.wait().exit, 0);
  EXPECT_TRUE(is_written());
}

TEST_F(GivenAPerson, WhenAnotherBaseIsChosenThenThatOneIsLookedAt) {
  auto at = terminal();
  answer_up_to_the_password(at);
  at.answer("corp-bind.password [yes]: ", "no");
  answer_the_rest(at, "dc=example,dc=com", "(cn=team-*)");
  EXPECT_EQ(at.wait().exit, 0);
  EXPECT_THAT(content_of(config_file()),
              HasSubstr("base = \"dc=example,dc=com\"\n# 30 of 30 people have uid"));
}

}  // namespace
}  // namespace dirsync::test
