// What passes by itself must not keep the service down for ever: exit 2 is what the unit does not start
// again.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class GivenAFileThatIsBeingReplaced : public World {
 protected:
  void expect(char const* command, int exit, std::string const& said) {
    auto const finished = run({command});
    EXPECT_EQ(finished.exit, exit) << command << ": " << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(said));
  }
  fs::path const elsewhere_ = folder_.path() / "on-its-way";
};

TEST_F(GivenAFileThatIsBeingReplaced, WhenItIsATargetsCaThenThatSideIsUnreadUntilItIsThere) {
  fs::copy_file(configuration.vault_ca, elsewhere_);
  configuration.vault_ca = elsewhere_;
  configure();
  fs::rename(elsewhere_, folder_.path() / "away");
  for (auto const* command : {"sync", "plan"}) expect(command, 5, "ca_file");
  EXPECT_EQ(vault_->requests(), 0);
  fs::rename(folder_.path() / "away", elsewhere_);
  EXPECT_EQ(run({"plan"}).exit, 0);
}

TEST_F(GivenAFileThatIsBeingReplaced, WhenItIsASecretThenOneForTheServiceAndTwoForAPerson) {
  configuration.vault_password_file = elsewhere_;
  configure();
  expect("run", 1, "cannot read " + elsewhere_.string());
  expect("sync", 2, "cannot read " + elsewhere_.string());
}

TEST_F(GivenAFileThatIsBeingReplaced, WhenItIsTheConfigurationThenOneForTheServiceAndTwoForAPerson) {
  fs::rename(config_file(), elsewhere_);
  expect("run", 1, "cannot read " + config_file().string());
  expect("sync", 2, "cannot read " + config_file().string());
}

TEST_F(GivenAFileThatIsBeingReplaced, WhenTheConfigurationIsWrongBesidesThenTwo) {
  configuration.vault_password_file = elsewhere_;
  configuration.service_keys = "colour = \"blue\"\n";
  configure();
  expect("run", 2, "colour");
}

}  // namespace
}  // namespace dirsync::test
