// The executable: arguments, TLS, signals.
#include <gmock/gmock.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/net/certificates.hpp"
#include "tests/support/net/tls_client.hpp"

namespace dirsync::sim {
namespace {
using testing::HasSubstr;
using testing::StartsWith;

class GivenProcess : public testing::Test {
 protected:
  GivenProcess() : folder_{make_folder()}, files_{test::make_certificates(folder_)} {}
  ~GivenProcess() override {
    if (pid_ > 0) stop();
    std::filesystem::remove_all(folder_);
  }

  static std::filesystem::path make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "console-sim-XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  /// Starts it and reads its first line; empty when it ended before.
  std::string start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), DIRSYNC_BIN_DIR "/console_sim");
    arguments.insert(arguments.end(), {"--cert", files_.cert_file, "--key", files_.key_file});
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    if (pipe(ends) != 0) return {};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string line;
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line.push_back(c);
    close(ends[0]);
    return line;
  }

  int stop() {
    kill(pid_, SIGTERM);
    return wait_for_end();
  }

  /// The exit code; -1 when a signal ended it.
  int wait_for_end() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::filesystem::path folder_;
  test::CertificateFiles files_;
  pid_t pid_ = 0;
};

TEST_F(GivenProcess, WhenStartedThenItAnswersOverTlsAndEndsOnSigterm) {
  std::ofstream{folder_ / "state.json"} << R"({"fillerUsers":0})";
  auto const line = start({"--state", (folder_ / "state.json").string(), "--set-name", "infer-2021", "--set",
                           "current_api_version=0.7", "--set", "max_page_size=30"});
  constexpr std::string_view kReady = "listening https://127.0.0.1:";
  ASSERT_THAT(line, StartsWith(std::string{kReady}));
  auto const port = static_cast<std::uint16_t>(std::stoi(line.substr(kReady.size())));
  test::TlsClient client{port, files_.ca_file};
  ASSERT_TRUE(client.connected());
  client.write("GET /api/versions HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr(R"({"currentApiVersion":"0.7")"));
  client.write("GET /api/users HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 401"));
  client.write("GET /_sim/counters HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr(R"("requests":2,"writes":0)"));
  EXPECT_EQ(stop(), 0);
}

TEST_F(GivenProcess, WhenAnArgumentIsWrongThenItSaysSoAndExitsWithTwo) {
  EXPECT_THAT(start({"--set", "me"}), HasSubstr("KNOB=VALUE"));
  EXPECT_EQ(wait_for_end(), 2);
  EXPECT_THAT(start({"--set", "me=maybe"}), HasSubstr("me is true|false"));
  EXPECT_EQ(wait_for_end(), 2);
  EXPECT_THAT(start({"--state", (folder_ / "missing").string()}), HasSubstr("cannot read"));
  EXPECT_EQ(wait_for_end(), 2);
}

}  // namespace
}  // namespace dirsync::sim
