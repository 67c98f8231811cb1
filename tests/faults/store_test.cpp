// What becomes of the state folder.
#include <sys/file.h>
#include <unistd.h>

#include <fcntl.h>
#include <fstream>

#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;

constexpr char kStore[] = "2 store";

void put_back(Stage& stage) {
  fs::remove_all(stage.state());
  fs::copy(stage.prepared(), stage.state(), fs::copy_options::recursive);
}

void remove_database(Stage& stage) {
  for (auto const* end : {"", "-wal", "-shm"}) fs::remove(stage.database().string() + end);
}

/// Another process that runs while the sync does.
Fault beside(std::string name, std::string const& expected, std::string const& command) {
  auto fault = for_both(std::move(name), expected, [](Stage&) {});
  fault.act = [command](Stage& stage) {
    auto const ready = stage.folder_.path() / "ready";
    fs::remove(ready);
    Process other{{"sh", "-c", command, stage.state(), ready}, stage.folder_.path(), "other"};
    EXPECT_TRUE(eventually([&ready] { return fs::exists(ready); }));
    auto finished = stage.run({"sync", "--json"});
    other.stop();
    return finished;
  };
  return fault;
}

/// Run as root, dirsyncd gives up root for the folder's owner.
void make_read_only(Stage& stage) {
  constexpr uid_t kNobody = 65534;
  auto const take_from_root = [](fs::path const& path) {
    if (::geteuid() == 0) {
      EXPECT_EQ(::chown(path.c_str(), kNobody, ::getegid()), 0);
    }
  };
  for (auto const& file : fs::directory_iterator{stage.state()}) {
    fs::permissions(file, fs::perms::owner_read);
    take_from_root(file);
  }
  fs::permissions(stage.state(), fs::perms::owner_read | fs::perms::owner_exec);
  take_from_root(stage.state());
}

/// The state of an installation with other rules, which never had to do with our groups.
void bring_foreign_store(Stage& stage) {
  fs::remove_all(stage.state());
  auto text = stage.configuration.text();
  for (std::string_view const filter : {"(cn=pam-*)\"\n", "(cn=iot-*)\"\n"})
    text.replace(text.find(filter), filter.size(), "(cn=none-*)\"\nallow_empty = true\n");
  auto const file = stage.folder_.path() / "foreign.toml";
  std::ofstream{file} << text;
  output_of({DIRSYNC_BIN_DIR "/dirsyncd", "--config", file, "sync"}, stage.folder_.path());
}

std::vector<Fault> faults() {
  auto sql = [](std::string const& words) {
    return [words](Stage& stage) { output_of({"sqlite3", stage.database(), words}, stage.folder_.path()); };
  };
  auto full = for_both("the disk is full", "1 store", [](Stage&) {});
  full.act = [](Stage& stage) {
    Process limited{{"sh", "-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"", DIRSYNC_BIN_DIR "/dirsyncd",
                     "--config", stage.config_file(), "sync", "--json"},
                    stage.folder_.path(),
                    "limited"};
    return limited.wait();
  };
  return {
      for_both(
          "the state folder is lost", "6 wait: blocked not-ours",
          [](Stage& stage) { fs::remove_all(stage.state()); }, put_back),
      for_both("the store is lost, its mark is not", "2 store-behind", remove_database, put_back),
      for_both(
          "an older copy of the store", "2 store-behind",
          [](Stage& stage) {
            EXPECT_EQ(stage.run({"plan"}).exit, 0);
            EXPECT_EQ(stage.run({"sync"}).exit, 0);
            remove_database(stage);
            for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"})
              if (fs::exists(stage.prepared() / name))
                fs::copy_file(stage.prepared() / name, stage.state() / name);
          },
          put_back),
      for_both("a store of another installation", "6 wait: blocked not-ours", bring_foreign_store, put_back),
      for_both("the state folder can only be read", kStore, make_read_only,
               [](Stage& stage) {
                 fs::permissions(stage.state(), fs::perms::owner_all);
                 put_back(stage);
               }),
      for_both("the store is of a newer version", kStore, sql("PRAGMA user_version = 9999"), put_back),
      for_both(
          "the store is no database", kStore,
          [](Stage& stage) {
            remove_database(stage);
            std::ofstream{stage.database()} << std::string(8192, 'x');
          },
          put_back),
      for_both(
          "the store is a link", kStore,
          [](Stage& stage) {
            fs::rename(stage.database(), stage.folder_.path() / "elsewhere.db");
            fs::create_symlink(stage.folder_.path() / "elsewhere.db", stage.database());
          },
          [](Stage& stage) {
            fs::remove(stage.folder_.path() / "elsewhere.db");
            put_back(stage);
          }),
      for_both("the key of the audit trail is lost", "0 run",
               [](Stage& stage) { fs::remove(stage.state() / "audit.key"); }),
      for_both(
          "the key of the audit trail is cut short", kStore,
          [](Stage& stage) {
            auto const key = stage.state() / "audit.key";
            fs::resize_file(key, fs::file_size(key) / 2);
          },
          put_back),
      for_both(
          "the state folder is a file", kStore,
          [](Stage& stage) {
            fs::remove_all(stage.state());
            std::ofstream{stage.state()} << "x";
          },
          put_back),
      std::move(full),
      beside("another process holds the lock", "7 locked",
             R"(exec flock --no-fork "$0/dirsyncd.lock" sh -c "touch '$1'; exec sleep 60")"),
      beside("another process keeps the store busy", "1 store",
             R"(exec sqlite3 "$0/dirsyncd.db" "BEGIN IMMEDIATE" ".system touch '$1'" ".system sleep 15")"),
  };
}

using GivenStateFolder = Stage;
TEST_F(GivenStateFolder, WhenItIsSpoiltThenNobodyIsWrongedOrForgotten) { play_all("The store", faults()); }

}  // namespace
}  // namespace dirsync::test
