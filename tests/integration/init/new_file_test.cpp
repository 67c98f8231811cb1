// The files that `dirsyncd init` writes, in a real folder.
#include "daemon/init/new_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::init {
namespace {
namespace fs = std::filesystem;
using testing::UnorderedElementsAre;

struct GivenAFolder : testing::Test {
  TempFolder folder_;
  std::string const password_ = folder_.path() / "corp.password", configuration_ = folder_.path() / "d.toml";

  Result<void> write(bool replaces, std::string const& configuration) const {
    std::vector<NewFile> const files{
        {.path = password_, .content = "hunter2", .mode = 0600, .replaces = replaces},
        {.path = configuration, .content = "[service]\n", .mode = 0640, .replaces = replaces}};
    return write_new_files(files);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator{folder_.path()}) names.push_back(entry.path().filename());
    return names;
  }
};

TEST_F(GivenAFolder, WhenAllCanBeWrittenThenTheyAreThereWithTheirModesAndNothingElse) {
  ASSERT_TRUE(write(false, configuration_));
  EXPECT_THAT(names(), UnorderedElementsAre("corp.password", "d.toml"));
  EXPECT_EQ(test::content_of(password_), "hunter2");
  EXPECT_EQ(test::content_of(configuration_), "[service]\n");
  EXPECT_EQ(fs::status(password_).permissions(), fs::perms{0600});
  EXPECT_EQ(fs::status(configuration_).permissions(), fs::perms{0640});
}

TEST_F(GivenAFolder, WhenTheSecondCannotBeWrittenThenNeitherIsThere) {
  auto const refused = write(false, folder_.path() / "nowhere" / "d.toml");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, boost::system::errc::no_such_file_or_directory);
  EXPECT_THAT(names(), testing::IsEmpty());
}

TEST_F(GivenAFolder, WhenTheNameOfTheSecondIsTakenThenNeitherIsThereAndWhatWasThereStays) {
  std::ofstream{configuration_} << "# mine\n";
  auto const refused = write(false, configuration_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, boost::system::errc::file_exists);
  EXPECT_THAT(names(), UnorderedElementsAre("d.toml"));
  EXPECT_EQ(test::content_of(configuration_), "# mine\n");
}

TEST_F(GivenAFolder, WhenTheyReplaceOthersThenNothingOfThoseIsLeft) {
  std::ofstream{password_} << "before";
  std::ofstream{configuration_} << "# before\n";
  ASSERT_TRUE(write(true, configuration_));
  EXPECT_THAT(names(), UnorderedElementsAre("corp.password", "d.toml"));
  EXPECT_EQ(test::content_of(password_), "hunter2");
}

/// A folder in the place of the second one: nothing can be renamed over it.
TEST_F(GivenAFolder, WhenTheSecondCannotReplaceWhatIsThereThenTheFirstIsAsItWas) {
  std::ofstream{password_} << "before";
  fs::create_directory(configuration_);
  EXPECT_FALSE(write(true, configuration_));
  EXPECT_THAT(names(), UnorderedElementsAre("corp.password", "d.toml"));
  EXPECT_EQ(test::content_of(password_), "before");
}

TEST_F(GivenAFolder, WhenTheFirstReplacesNothingAndTheSecondFailsThenItIsNotThere) {
  fs::create_directory(configuration_);
  EXPECT_FALSE(write(true, configuration_));
  EXPECT_THAT(names(), UnorderedElementsAre("d.toml"));
}

}  // namespace
}  // namespace dirsync::init
