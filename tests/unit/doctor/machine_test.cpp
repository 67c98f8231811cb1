#include "daemon/doctor/machine.hpp"

#include <gmock/gmock.h>

#include "daemon/doctor/command_output.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr uid_t kService = 990, kJane = 1000;

FileFacts file(mode_t mode, uid_t owner = 0) {
  return {.path = "/etc/dirsyncd/dirsyncd.toml",
          .use = "tls.ca_file of directory corp",
          .is_there = true,
          .is_readable = true,
          .owner = owner,
          .mode = mode};
}

FileFacts missing(char const* path) {
  FileFacts facts;
  facts.path = path;
  return facts;
}

struct Judged {
  FileFacts file, folder;
  State state;
};
void PrintTo(Judged const& judged, std::ostream* out) {
  *out << octal(judged.file.mode) << " in " << octal(judged.folder.mode);
}

class GivenAConfigurationFile : public testing::TestWithParam<Judged> {};

TEST_P(GivenAConfigurationFile, WhenJudgedThenNobodyElseMayChangeIt) {
  auto const& [config, folder, state] = GetParam();
  CheckList checks;
  judge_config_file(config, folder, kService, checks);
  auto const made = checks.take();
  EXPECT_EQ(the("configuration-file", made).state, state);
  expect_remedies(made);
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, GivenAConfigurationFile,
                         testing::Values(Judged{file(0640), file(0755), State::ok},
                                         Judged{file(0640, kService), file(0755), State::ok},
                                         Judged{file(0640), file(01777), State::ok},
                                         Judged{file(0660), file(0755), State::fail},
                                         Judged{file(0640, kJane), file(0755), State::fail},
                                         Judged{file(0640), file(0777), State::warn},
                                         Judged{file(0640), file(0755, kJane), State::warn}));

State named(FileFacts const& facts, bool holds_key) {
  CheckList checks;
  judge_named_file(facts, holds_key, checks);
  auto const made = checks.take();
  expect_remedies(made);
  return the("files", made).state;
}

TEST(GivenAFileThatTheConfigurationNames, WhenJudgedThenReadableAndNoOnesToChange) {
  EXPECT_EQ(named(file(0644), false), State::ok);
  EXPECT_EQ(named(file(0664), false), State::fail);
  EXPECT_EQ(named(file(0640), true), State::ok);
  EXPECT_EQ(named(file(0644), true), State::fail);
  auto hidden = file(0640);
  hidden.is_readable = false;
  EXPECT_EQ(named(hidden, false), State::fail);
  EXPECT_EQ(named(missing("/nowhere"), false), State::fail);
}

TEST(GivenAFileThatHoldsSomethingElse, WhenJudgedThenWhatIsWrongAndALineThatAShellTakes) {
  auto ca = file(0644);
  ca.path = "/etc/my ca.pem";
  ca.unusable =
      Error{{}, "tls.ca_file of directory corp: \"/etc/my ca.pem\" holds no certificate; put one there"};
  CheckList checks;
  judge_named_file(ca, false, checks);
  auto const check = the("files", checks.take());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_THAT(check.text, HasSubstr("holds no certificate"));
  EXPECT_EQ(check.remedy, "put one there");
  EXPECT_THAT(check.show, testing::EndsWith(" -in '/etc/my ca.pem'"));
}

TEST(GivenAPathWithASpace, WhenARemedyIsACommandThenItIsQuoted) {
  auto config = file(0660);
  config.path = "/etc/my d/d.toml";
  CheckList checks;
  judge_config_file(config, file(0755), kService, checks);
  auto const check = the("configuration-file", checks.take());
  EXPECT_EQ(check.remedy, "run: chmod go-w '/etc/my d/d.toml'");
  EXPECT_EQ(check.show, "ls -ld '/etc/my d/d.toml'");
}

TEST(GivenAConfigurationOfOneOfEach, WhenJudgedThenEachIsSpokenOfAsOne) {
  config::Config config;
  config.file = "/c";
  config.directories["corp"];
  config.rules.resize(1);
  CheckList checks;
  judge_configuration(config, checks);
  EXPECT_EQ(the("configuration", checks.take()).text, "/c is valid: 1 directory, 0 targets, 1 rule");
}

State state_folder(FileFacts const& facts) {
  CheckList checks;
  judge_state_folder(facts, kService, checks);
  auto const made = checks.take();
  expect_remedies(made);
  return the("state-folder", made).state;
}

TEST(GivenAStateFolder, WhenJudgedThenItIsTheServicesAlone) {
  EXPECT_EQ(state_folder(file(0700, kService)), State::ok);
  EXPECT_EQ(state_folder(file(0755, kService)), State::warn);
  EXPECT_EQ(state_folder(file(0770, kService)), State::fail);
  EXPECT_EQ(state_folder(file(0700, kJane)), State::fail);
  EXPECT_EQ(state_folder(missing("/var/lib/dirsyncd")), State::warn);
}

TEST(GivenADisk, WhenJudgedThenByTheRoomThatIsLeft) {
  CheckList checks;
  judge_disk("/a", 10U << 20U, 1U << 30U, checks);
  judge_disk("/b", 100U << 20U, 1U << 30U, checks);
  judge_disk("/c", std::uint64_t{20} << 30U, std::uint64_t{40} << 30U, checks);
  auto const made = checks.take();
  EXPECT_EQ(made[0].state, State::fail);
  EXPECT_EQ(made[1].state, State::warn);
  EXPECT_EQ(made[2].state, State::ok);
  EXPECT_THAT(made[2].text, HasSubstr("20 GiB of 40 GiB"));
  expect_remedies(made);
}

TEST(GivenClocksThatDiffer, WhenJudgedThenOnlyKerberosFails) {
  CheckList checks;
  judge_clock("a", seconds{59}, true, checks);
  judge_clock("a", seconds{-61}, true, checks);
  judge_clock("a", minutes{6}, false, checks);
  judge_clock("a", minutes{-6}, true, checks);
  auto const made = checks.take();
  EXPECT_EQ(made[0].state, State::ok);
  EXPECT_EQ(made[1].state, State::warn);
  EXPECT_EQ(made[2].state, State::warn);
  EXPECT_EQ(made[3].state, State::fail);
  EXPECT_THAT(made[1].text, HasSubstr("61 s behind that of a"));
  EXPECT_THAT(made[2].text, HasSubstr("360 s ahead of that of a"));
  expect_remedies(made);
}

Check unit(std::map<std::string, std::string> changed) {
  std::map<std::string, std::string> properties{
      {"LoadState", "loaded"}, {"NoNewPrivileges", "yes"},        {"ProtectSystem", "strict"},
      {"PrivateTmp", "yes"},   {"MemoryDenyWriteExecute", "yes"}, {"NeedDaemonReload", "no"}};
  for (auto& [key, value] : changed) properties[key] = value;
  CheckList checks;
  judge_unit(properties, checks);
  auto const made = checks.take();
  expect_remedies(made);
  return the("unit-sandbox", made);
}

TEST(GivenAUnit, WhenJudgedThenWhatADropInLoosensIsNamed) {
  EXPECT_EQ(unit({}).state, State::ok);
  EXPECT_EQ(unit({{"LoadState", "not-found"}}).state, State::skip);
  EXPECT_EQ(unit({{"NeedDaemonReload", "yes"}}).state, State::warn);
  auto const loosened = unit({{"ProtectSystem", "no"}, {"PrivateTmp", "no"}});
  EXPECT_EQ(loosened.state, State::warn);
  EXPECT_THAT(loosened.text, HasSubstr("ProtectSystem=no, PrivateTmp=no"));
}

TEST(GivenProblemsOfAConfiguration, WhenJudgedThenEachIsAFailureWithItsPlace) {
  config::ConfigProblem const problem{.code = "insecure",
                                      .text =
                                          "secret file /s is open to group or others (mode 0640); run: "
                                          "chmod 0600 /s",
                                      .file = "/c",
                                      .line = 3,
                                      .column = 7,
                                      .key = "a"};
  CheckList checks;
  judge_problems("secrets", {problem, problem}, checks);
  auto const made = checks.take();
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].state, State::fail);
  EXPECT_EQ(made[0].remedy, "run: chmod 0600 /s");
  EXPECT_THAT(made[0].text, HasSubstr("/c:3:7"));
}

TEST(GivenAProgram, WhenItRunsThenItsOutputCountsOnlyWhereItEndedWell) {
  EXPECT_EQ(output_of({"echo", "a=b"}), "a=b\n");
  EXPECT_FALSE(output_of({"false"}));
  EXPECT_FALSE(output_of({"no-such-program-of-this-name"}));
  EXPECT_THAT(properties_in("A=b\nC=d=e\nnothing\n"), ElementsAre(Pair("A", "b"), Pair("C", "d=e")));
}

}  // namespace
}  // namespace dirsync::doctor
