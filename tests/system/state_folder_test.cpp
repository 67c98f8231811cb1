// The state folder as its owner, an attacker and a full disk leave it.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class GivenAStateFolder : public World {
 protected:
  GivenAStateFolder() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  fs::path state() const { return folder_.path() / "state"; }
  static void refused(Finished const& finished, int exit, std::string const& said) {
    EXPECT_EQ(finished.exit, exit) << finished.err;
    EXPECT_THAT(text_at(document(finished).at("error").as_object(), "text"), HasSubstr(said));
  }
  void expect_no_call() const { EXPECT_EQ(vault_->requests() + console_->requests(), 0); }
};

TEST_F(GivenAStateFolder, WhenTheLockIsALinkThenTheFileBehindItIsUntouched) {
  fs::create_directory(state());
  auto const victim = folder_.path() / "victim";
  std::ofstream{victim} << "precious";
  fs::create_symlink(victim, state() / "dirsyncd.lock");
  for (auto const* command : {"sync", "run", "plan"})
    refused(run({command, "--json"}), 2, (state() / "dirsyncd.lock").string() + ": is a link");
  EXPECT_EQ(content_of(victim), "precious");
  expect_no_call();
}

TEST_F(GivenAStateFolder, WhenTheDiskIsFullThenOneSoThatTheServiceManagerTriesAgain) {
  fs::create_directory(state());
  for (auto const* command : {"sync", "run"}) {
    Process limited{{"sh", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"",
                     DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file(), command, "--json"},
                    folder_.path(),
                    "limited"};
    refused(limited.wait(), 1, "Make room");
  }
  expect_no_call();
}

TEST_F(GivenAStateFolder, WhenAnotherProcessKeepsTheFileBusyThenOne) {
  sync(0);
  forget_calls();
  auto const ready = folder_.path() / "ready";
  Process writer{
      {"sqlite3", database(), "BEGIN IMMEDIATE", ".system touch " + ready.string(), ".system sleep 60"},
      folder_.path(),
      "sqlite3"};
  ASSERT_TRUE(eventually([&ready] { return fs::exists(ready); }));
  for (auto const* command : {"sync", "run"}) refused(run({command, "--json"}), 1, "Try again");
  expect_no_call();
}

TEST_F(GivenAStateFolder, WhenADecisionMeetsABusyFileThenOneToo) {
  configuration.limits_keys = "first_plan = \"hold\"\n";
  configure();
  auto const digest = text_at(sync(4).as_object(), "digest");
  auto const ready = folder_.path() / "ready";
  Process writer{
      {"sqlite3", database(), "BEGIN IMMEDIATE", ".system touch " + ready.string(), ".system sleep 20"},
      folder_.path(),
      "sqlite3"};
  ASSERT_TRUE(eventually([&ready] { return fs::exists(ready); }));
  refused(run({"approve", digest, "--json"}), 1, "Try again");
}

TEST_F(GivenAStateFolder, WhenThereIsNoneThenMadeForTheOwnerAlone) {
  configuration.state_dir += "/deep/";
  configure();
  sync(0);
  EXPECT_EQ(fs::status(state() / "deep").permissions(), fs::perms::owner_all);
}

TEST_F(GivenAStateFolder, WhenAnOlderStoreIsPutBackThenRefusedBeforeAnyCallAndLogsAreShown) {
  auto const copy = folder_.path() / "copy";
  sync(0);
  fs::copy(state(), copy);
  sync(0);
  for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"}) {
    fs::remove(state() / name);
    if (fs::exists(copy / name)) fs::copy_file(copy / name, state() / name);
  }
  forget_calls();
  for (auto const* command : {"plan", "status", "sync", "run"}) {
    auto const finished = run({command, "--json"});
    refused(finished, 2, "says that it had come to run 2");
    EXPECT_EQ(text_at(document(finished).at("error").as_object(), "code"), "store-behind");
  }
  auto const shown = run({"runs", "--json"});
  EXPECT_EQ(shown.exit, 0);
  EXPECT_THAT(shown.err, HasSubstr("says that it had come to run 2"));
  expect_no_call();
  fs::remove(state() / "mark");
  EXPECT_THAT(run({"sync", "--json"}).err, HasSubstr("event=store_unmarked"));
  EXPECT_EQ(audit({"--action", "store"}).size(), 1U);
  expect_chain_holds();
}

TEST_F(GivenAStateFolder, WhenSudoGaveRightsToWhoLoggedInThenTheTrailNamesThem) {
  constexpr char kLogIn[] =
      "echo 33 2> /dev/null > /proc/self/loginuid; cat /proc/self/loginuid > \"$LOGIN\"; exec \"$0\" \"$@\"";
  auto const login = folder_.path() / "login";
  Process command{{"sh", "-c", kLogIn, DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file(), "sync"},
                  folder_.path(),
                  "by-sudo",
                  {{"SUDO_UID", "33"}, {"LOGIN", login}}};
  EXPECT_EQ(command.wait().exit, 0);
  // The login user of a session may be fixed.
  auto const user = content_of(login);
  auto const* const way = user == std::to_string(::getuid()) ? ")" : ") via sudo";
  auto const rows = audit({"--action", "add"});
  EXPECT_FALSE(rows.empty());
  for (auto const& row : rows)
    EXPECT_THAT(text_at(row, "actor"), AllOf(StartsWith("uid:" + user + " ("), EndsWith(way)));
}

/// As systemd makes it for DynamicUser=yes: below a folder that only root may enter.
class GivenAStateFolderOfTheServicesAccount : public GivenAStateFolder {
 protected:
  /// Only root may give a folder away; else the account is our own.
  uid_t const account_ = ::geteuid() == 0 ? 65534 : ::geteuid();
  fs::path const real_ = folder_.path() / "private" / "dirsyncd";

  void SetUp() override {
    GivenAStateFolder::SetUp();
    fs::create_directories(real_);
    fs::permissions(folder_.path(), fs::perms::others_exec, fs::perm_options::add);
    fs::permissions(real_.parent_path(), fs::perms::owner_all);
    fs::permissions(real_, fs::perms::owner_all);
    ASSERT_EQ(::chown(real_.c_str(), account_, ::getegid()), 0);
    fs::create_directory_symlink("private/dirsyncd", state());
    // What is read after root is given up.
    for (fs::path const ca : {configuration.ldap_ca, configuration.vault_ca, configuration.console_ca}) {
      fs::permissions(ca.parent_path(), fs::perms::others_exec, fs::perm_options::add);
      fs::permissions(ca, fs::perms::others_read, fs::perm_options::add);
    }
  }
  void expect_all_theirs() const {
    auto files = 0;
    for (auto const& entry : fs::directory_iterator{real_}) {
      struct stat file {};
      ASSERT_EQ(::lstat(entry.path().c_str(), &file), 0);
      EXPECT_EQ(file.st_uid, account_) << entry.path();
      EXPECT_EQ(file.st_mode & 07777U, 0600U) << entry.path();
      ++files;
    }
    EXPECT_GE(files, 2);
  }
};

TEST_F(GivenAStateFolderOfTheServicesAccount, WhenRootRunsCommandsThenTheFilesStayThatAccounts) {
  sync(0);
  expect_in_sync();
  expect_all_theirs();
  leave("u06", "team-b");
  for (auto const* command : {"plan", "status", "log", "runs"}) EXPECT_EQ(run({command}).exit, 0) << command;
  sync(0);
  expect_in_sync();
  expect_all_theirs();
  expect_chain_holds();
}

TEST_F(GivenAStateFolderOfTheServicesAccount, WhenRootRunsCommandsThenTheTrailNamesRoot) {
  sync(0);
  for (auto const& row : audit({"--action", "add"}))
    EXPECT_THAT(text_at(row, "actor"), StartsWith("uid:" + std::to_string(::getuid())));
}

TEST_F(GivenAStateFolderOfTheServicesAccount, WhenAFileIsOfAnotherAccountThenItsOwnerAndTheRemedyAreNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may own a file in another account's folder";
  std::ofstream{real_ / "dirsyncd.db"} << "";
  auto const finished = run({"sync", "--json"});
  refused(finished, 2, "dirsyncd.db: belongs to uid 0 (root), but the folder to uid 65534");
  EXPECT_THAT(finished.err, HasSubstr("chown 65534 "));
  expect_no_call();
}

}  // namespace
}  // namespace dirsync::test
