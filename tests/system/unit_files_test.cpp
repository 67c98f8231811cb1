// What systemd itself says of the units without running them.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

/// The units in a folder of their own, with the built dirsyncd in place of the installed one.
class GivenTheUnitFiles : public testing::Test {
 protected:
  GivenTheUnitFiles() {
    fs::copy(DIRSYNC_SOURCE_DIR "/systemd", units_,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    for (auto const& entry : fs::recursive_directory_iterator{units_})
      if (entry.is_regular_file() && !entry.is_symlink()) point_to_the_build(entry.path());
  }
  static void point_to_the_build(fs::path const& file) {
    constexpr std::string_view kInstalled = "/usr/sbin/dirsyncd ";
    auto text = content_of(file);
    for (auto at = text.find(kInstalled); at != std::string::npos; at = text.find(kInstalled, at + 1))
      text.replace(at, kInstalled.size(), DIRSYNC_BIN_DIR "/dirsyncd ");
    std::ofstream{file} << text;
  }
  Finished analyze(std::vector<std::string> words, std::string const& unit) {
    words.insert(words.begin(), "systemd-analyze");
    words.push_back(units_ / unit);
    return Process{std::move(words), folder_.path(), "systemd-analyze"}.wait();
  }
  /// It ends with 0 whatever it finds in the settings, so what counts is that it has nothing to say.
  void expect_nothing_to_say(std::string const& unit) {
    auto const verified = analyze({"verify"}, unit);
    EXPECT_EQ(verified.exit, 0) << unit;
    EXPECT_EQ(verified.err + verified.out, "") << unit;
  }

  TempFolder folder_;
  fs::path const units_ = folder_.path() / "units";
};

TEST_F(GivenTheUnitFiles, WhenVerifiedThenSystemdHasNothingToSay) {
  for (auto const* unit : {"dirsyncd.service", "dirsyncd-sync.service", "dirsyncd-sync.timer"})
    expect_nothing_to_say(unit);
}

TEST_F(GivenTheUnitFiles, WhenTheAddressesAreListedThenSystemdHasNothingToSay) {
  fs::rename(units_ / "dirsyncd.service.d/10-addresses.conf.example",
             units_ / "dirsyncd.service.d/10-addresses.conf");
  expect_nothing_to_say("dirsyncd.service");
}

TEST_F(GivenTheUnitFiles, WhenTheUnitLoadsACredentialThenItsFileMayBeMissing) {
  std::istringstream lines{content_of(units_ / "dirsyncd.service")};
  std::set<std::string> loaded, stand_ins;
  std::regex const setting{R"((Load|Set)Credential=([\w-]+):(.*))"};
  std::smatch parts;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, parts, setting)) continue;
    (parts[1] == "Load" ? loaded : stand_ins).insert(parts[2].str());
    if (parts[1] == "Set") {
      EXPECT_EQ(parts[3].str(), R"(\n)") << "it is no secret";
    }
  }
  EXPECT_THAT(loaded, testing::ElementsAre("console", "corp-bind", "vault"));
  EXPECT_EQ(stand_ins, loaded);
}

TEST_F(GivenTheUnitFiles, WhenASettingIsMisspeltThenVerifySaysSo) {
  std::ofstream{units_ / "dirsyncd.service", std::ios::app} << "\n[Service]\nPrivateDevice=yes\n";
  EXPECT_THAT(analyze({"verify"}, "dirsyncd.service").err, HasSubstr("PrivateDevice"));
}

TEST_F(GivenTheUnitFiles, WhenTheExposureIsWorkedOutThenItIsAtMostOnePointTwo) {
  for (auto const* unit : {"dirsyncd.service", "dirsyncd-sync.service"}) {
    auto const judged = analyze({"security", "--offline=yes", "--no-pager", "--threshold=12"}, unit);
    EXPECT_EQ(judged.exit, 0) << judged.out << judged.err;
    EXPECT_THAT(judged.out, HasSubstr(std::string{"Overall exposure level for "} + unit));
  }
}

}  // namespace
}  // namespace dirsync::test
