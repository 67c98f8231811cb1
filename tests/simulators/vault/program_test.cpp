// The executable, as scripts use it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "tests/simulators/vault/vault_sim.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/net/tls_client.hpp"

namespace dirsync::sim {
namespace {
using testing::HasSubstr;
using testing::StartsWith;

class GivenProgram : public testing::Test {
 protected:
  GivenProgram() : folder_{make_folder()}, files_{test::make_certificates(folder_)} {}
  ~GivenProgram() override {
    if (child_ > 0) end(SIGKILL);
    std::filesystem::remove_all(folder_);
  }
  static std::filesystem::path make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "vault-sim-XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  void start(std::vector<std::string> more) {
    std::vector<std::string> arguments = {DIRSYNC_BIN_DIR "/vault_sim", "--cert", files_.cert_file, "--key",
                                          files_.key_file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> raw;
    for (auto& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ASSERT_EQ(posix_spawn(&child_, raw[0], &actions, nullptr, raw.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) first_line_ += c;
    close(ends[0]);
  }
  int end(int signal) {
    kill(child_, signal);
    return wait();
  }
  int wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::filesystem::path folder_;
  test::CertificateFiles files_;
  pid_t child_ = 0;
  std::string first_line_;
};

TEST_F(GivenProgram, WhenStartedThenItSaysWhereItListensAndServesItsState) {
  auto const state = folder_ / "state.json";
  std::ofstream{state} << R"({"users":[{"username":"only","password":"p"}]})";
  start({"--state", state, "--profile", "pam-14.4", "--set", "language=fr"});
  ASSERT_THAT(first_line_, StartsWith("listening https://127.0.0.1:"));
  auto const port = static_cast<std::uint16_t>(std::stoi(first_line_.substr(first_line_.rfind(':') + 1)));
  {
    test::TlsClient client{port, files_.ca_file};
    ASSERT_TRUE(client.connected());
    client.write("GET /_sim/state HTTP/1.1\r\nHost: x\r\n\r\n");
    auto const answer = client.read_answer();
    EXPECT_THAT(answer, HasSubstr(R"("username":"only")"));
    EXPECT_THAT(answer, HasSubstr(R"("language":"fr")"));
    EXPECT_THAT(answer, HasSubstr(R"("version":"14.4.0")"));
    client.write("GET /PasswordVault/API/verify/ HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_EQ(end(SIGTERM), 0);  // with a connection open
  }
}

TEST_F(GivenProgram, WhenItIsSharedServicesThenItIssuesTheTokensItself) {
  start({"--profile", "ispss", "--set", "token_seconds=60"});
  ASSERT_THAT(first_line_, StartsWith("listening https://127.0.0.1:"));
  auto const port = static_cast<std::uint16_t>(std::stoi(first_line_.substr(first_line_.rfind(':') + 1)));
  test::TlsClient client{port, files_.ca_file};
  ASSERT_TRUE(client.connected());
  std::string const form = "grant_type=client_credentials&client_id=svc-dirsync&client_secret=Sync.Pass.1";
  client.write(
      "POST /oauth2/platformtoken HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: " +
      std::to_string(form.size()) + "\r\n\r\n" + form);
  auto const issued = client.read_answer();
  ASSERT_THAT(issued, HasSubstr(R"("token_type":"Bearer","expires_in":60})"));
  auto const body = json::parse(issued.substr(issued.find("\r\n\r\n") + 4)).as_object();
  client.write("GET /PasswordVault/API/UserGroups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
               text_of(body, "access_token") + "\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(GivenProgram, WhenVaultRunsInTheTestItselfThenItAnswersOverTls) {
  VaultSim vault{{.profile = "pam-14.4"}};
  Server const server{{"127.0.0.1", 0, files_.cert_file, files_.key_file},
                      [&vault](Request const& request) { return vault.handle(request); }};
  test::TlsClient client{server.port(), files_.ca_file};
  client.write("GET /PasswordVault/API/UserGroups HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr("PASWS006E"));
  EXPECT_EQ(vault.counters().by_status.at(401), 1);
}

TEST_F(GivenProgram, WhenArgumentsAreWrongThenItEndsWithTwo) {
  for (auto const& arguments : std::vector<std::vector<std::string>>{{"--profile", "pam-9"},
                                                                     {"--set", "none=1"},
                                                                     {"--set", "x"},
                                                                     {"--state", "/nonexistent"},
                                                                     {"--port", "70000"},
                                                                     {"--port"},
                                                                     {"--other", "x"}}) {
    start(arguments);
    EXPECT_EQ(wait(), 2) << arguments[0];
    EXPECT_EQ(first_line_, "");
  }
}
}  // namespace
}  // namespace dirsync::sim
