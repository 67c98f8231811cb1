// Real programs, started as sendmail is.
#include "daemon/notify/program.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>

#include "daemon/notify/errors.hpp"
#include "store/descriptor.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/process/with_environment.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::notify {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct GivenAProgram : testing::Test {
  TempFolder folder_;
  std::string file(std::string const& name) const { return folder_.path() / name; }
  static Result<void> start(std::vector<std::string> words, std::string input,
                            std::chrono::milliseconds longest) {
    boost::asio::io_context io;
    return test::run(io, run_program(std::move(words), std::move(input), longest));
  }
  Result<void> run(std::string const& script, std::string input = "",
                   std::chrono::milliseconds longest = 60s) {
    std::vector<std::string> words{"/bin/sh", "-c", script};
    return start(std::move(words), std::move(input), longest);
  }
};

TEST_F(GivenAProgram, WhenItReadsAllThenItHasTheWholeInput) {
  std::string const input(3'000'000, 'x');
  EXPECT_TRUE(run("cat > " + file("in"), input));
  EXPECT_EQ(test::content_of(file("in")), input);
}

TEST_F(GivenAProgram, WhenItReadsNothingThenThatIsNoError) { EXPECT_TRUE(run("exit 0", "some text")); }

TEST_F(GivenAProgram, WhenItFailsThenTheErrorSaysHow) {
  auto const failed = run("exit 75");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, NotifyErrc::failed);
  EXPECT_THAT(failed.error().context, HasSubstr("/bin/sh ended with exit code 75"));
  auto const ended = run("kill -9 $$");
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().context, HasSubstr("signal 9"));
}

/// As it is where whatever started us ignores SIGCHLD: the system keeps no exit code then.
TEST_F(GivenAProgram, WhenNobodyCanTellHowItEndedThenThatIsNoSuccess) {
  auto* const before = ::signal(SIGCHLD, SIG_IGN);
  auto const unknown = run("exit 0");
  ::signal(SIGCHLD, before);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, NotifyErrc::failed);
  EXPECT_THAT(unknown.error().context, HasSubstr("the system does not tell how"));
}

TEST_F(GivenAProgram, WhenItIsNotThereThenItCannotBeStarted) {
  std::vector<std::string> words{file("none")};
  auto const failed = start(std::move(words), "", 60s);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, NotifyErrc::not_started);
  EXPECT_THAT(failed.error().context, HasSubstr("none: No such file"));
}

/// The one that it waits for would write the file when it got the time.
TEST_F(GivenAProgram, WhenItHangsThenItIsKilledWithAllThatItStarted) {
  auto const failed =
      run("echo $$ > " + file("pid") + "; (sleep 1000; touch " + file("late") + ") & wait", "", 300ms);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, NotifyErrc::timed_out);
  auto const group = std::stoi(test::content_of(file("pid")));
  EXPECT_TRUE(test::eventually([group] { return ::kill(-group, 0) != 0; }));
  EXPECT_FALSE(std::filesystem::exists(file("late")));
}

TEST_F(GivenAProgram, WhenOurEnvironmentHoldsASecretThenItDoesNotSeeIt) {
  test::WithEnvironment const secret{{{"VAULT_PASSWORD", "hunter2"}}};
  EXPECT_TRUE(run("env > " + file("env")));
  EXPECT_THAT(test::content_of(file("env")), Not(HasSubstr("hunter2")));
}

TEST_F(GivenAProgram, WhenOurSocketsAreOpenThenItHasNoneOfThem) {
  store::Descriptor const ours{::socket(AF_UNIX, SOCK_STREAM, 0)};  // not marked, as those of libraries
  ASSERT_GE(ours.number(), 0);
  EXPECT_TRUE(run("if [ -e /proc/$$/fd/" + std::to_string(ours.number()) + " ]; then exit 9; fi"));
}

}  // namespace
}  // namespace dirsync::notify
