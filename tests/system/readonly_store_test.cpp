// A state folder in which nobody may write: whoever acts is told, and whoever looks may look.
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

/// Two runs were made, and a plan to take the second one back waits.
class GivenAStoreThatCanOnlyBeRead : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys += "additions = \"off\"\n";
    World::SetUp();
    sync(0);
    leave("u17", "pam-windows");
    wrong_ = std::to_string(sync(0).at("run").as_int64());
    auto const held = run({"undo", wrong_, "--json"});
    EXPECT_EQ(held.exit, 4) << held.err;
    digest_ = text_at(document(held).as_object(), "digest");
    time_ = text_at(audit({"--run", wrong_}).front(), "time");
    make_read_only();
    forget_calls();
  }
  void TearDown() override { fs::permissions(state(), fs::perms::owner_all); }

  fs::path state() const { return folder_.path() / "state"; }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
  /// Run as root, dirsyncd gives up root for the folder's owner.
  void make_read_only() const {
    constexpr uid_t kNobody = 65534;
    auto const take_from_root = [](fs::path const& path) {
      if (::geteuid() != 0) return;
      EXPECT_EQ(::chown(path.c_str(), kNobody, ::getegid()), 0);
    };
    for (auto const& file : fs::directory_iterator{state()}) {
      fs::permissions(file, fs::perms::owner_read);
      take_from_root(file);
    }
    fs::permissions(state(), fs::perms::owner_read | fs::perms::owner_exec);
    take_from_root(state());
  }
  std::string wrong_, digest_, time_;
};

TEST_F(GivenAStoreThatCanOnlyBeRead, WhenPeopleActThenToldAndNothingIsChanged) {
  auto const before = content_of(database()), mark = content_of(state() / "mark");
  for (auto const& words : std::vector<std::vector<std::string>>{
           {"freeze", "--reason", "an audit"},
           {"approve", digest_},
           {"reject", digest_},
           {"log", "prune", "--before", time_},
           {"log", "acknowledge", "--reason", "a look"},
           {"undo", wrong_, "--approve", digest_},
           {"adopt", "--rule", "plant"},
           {"recover"},
       }) {
    SCOPED_TRACE(words.front() + " " + (words.size() > 1 ? words[1] : ""));
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, 2) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr(state().string()));
  }
  EXPECT_EQ(writes(), 0);
  EXPECT_TRUE(content_of(database()) == before);
  EXPECT_EQ(content_of(state() / "mark"), mark);
}

TEST_F(GivenAStoreThatCanOnlyBeRead, WhenItsTrailIsExportedThenThatIsWhole) {
  auto const out = path("trail.jsonl");
  auto const exported = run({"log", "export", "--out", out});
  EXPECT_EQ(exported.exit, 0) << exported.err;
  EXPECT_EQ(run({"log", "verify", "--file", out}).exit, 0);
}

}  // namespace
}  // namespace dirsync::test
