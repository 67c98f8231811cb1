// Where a secret of the kind { credential = "NAME" } is looked for.
#include <gmock/gmock.h>

#include "tests/support/config/config_text.hpp"

namespace dirsync::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class GivenASecretThatIsACredential : public testing::Test {
 protected:
  GivenASecretThatIsACredential() {
    text_.target =
        "kind = \"cyberark-vault\"\nurl = \"https://127.0.0.1\"\nauth = { user = \"s\", password = { "
        "credential = \"v\" } }\n";
  }
  Loaded parsed() const { return parse(text_.text(), "d.toml", environment_, Secrets::fetch); }
  /// What is read, or the first mistake.
  std::string password() const {
    auto const loaded = parsed();
    if (!loaded) return text(loaded.error().front());
    return std::string{std::get<vault::Settings>(loaded->targets.at("vault").settings).password.reveal()};
  }
  std::vector<std::string> problems() const {
    std::vector<std::string> lines;
    if (auto const loaded = parsed(); !loaded)
      for (auto const& problem : loaded.error()) lines.push_back(problem.text);
    return lines;
  }

  ConfigText text_;
  MemoryEnvironment environment_;
};

TEST_F(GivenASecretThatIsACredential, WhenSecretIsACredentialThenSystemdsFolderIsRead) {
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("$CREDENTIALS_DIRECTORY is not set"),
                                            HasSubstr("LoadCredential=v:/etc/dirsyncd/credentials/v"),
                                            HasSubstr("run as root"))));
  environment_.variables["CREDENTIALS_DIRECTORY"] = "/run/credentials/dirsyncd";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("cannot read /run/credentials/dirsyncd/v")));
  environment_.files["/run/credentials/dirsyncd/v"] = "hunter3";
  EXPECT_EQ(password(), "hunter3");
}

TEST_F(GivenASecretThatIsACredential, WhenRootReadsACredentialWithoutSystemdThenItIsTheFileThatTheUnitLoads) {
  environment_.files["/etc/dirsyncd/credentials/v"] = "hunter4\n";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("$CREDENTIALS_DIRECTORY is not set"))) << "not root";
  environment_.reads_as_root = true;
  EXPECT_EQ(password(), "hunter4");
  environment_.variables["CREDENTIALS_DIRECTORY"] = "/run/credentials/dirsyncd";
  environment_.files["/run/credentials/dirsyncd/v"] = "hunter3";
  EXPECT_EQ(password(), "hunter3");
}

TEST_F(GivenASecretThatIsACredential, WhenRootFindsNoCredentialAnywhereThenBothPlacesAreNamed) {
  environment_.reads_as_root = true;
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("cannot read /etc/dirsyncd/credentials/v"),
                                            HasSubstr("LoadCredential=v:/etc/dirsyncd/credentials/v"),
                                            HasSubstr("$CREDENTIALS_DIRECTORY"))));
}

/// What the unit hands over where the file is missing.
TEST_F(GivenASecretThatIsACredential, WhenACredentialIsEmptyThenItsFileIsNamed) {
  environment_.variables["CREDENTIALS_DIRECTORY"] = "/run/credentials/dirsyncd";
  environment_.files["/run/credentials/dirsyncd/v"] = "\n";
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("is an empty secret"),
                                            HasSubstr("into /etc/dirsyncd/credentials/v"))));
}

}  // namespace
}  // namespace dirsync::config
