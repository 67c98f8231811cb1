// init, when somebody sits at a terminal.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "tests/support/process/terminal.hpp"
#include "tests/system/init_world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
