// kill -9 at every step of what is done to the audit trail and its key, and a key that is not as it was.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/system/crash_world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GivenAKilledCommand : public CrashWorld {
 protected:
  fs::path key() const { return state() / "audit.key"; }
  static unsigned mode_of(fs::path const& file) {
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 ? found.st_mode & 07777U : 0U;
  }
  /// Opens the store with the lock, and needs neither the directory nor a target.
  Act const look{{"log", "acknowledge", "--reason", "a look"}};
};

TEST_F(GivenAKilledCommand, WhenTheFirstStartIsCutOffAnywhereThenTheNextOneHasAStoreAndAKey) {
  prepare();
  auto const then = [this] {
    auto const next = run(look.words);
    EXPECT_EQ(next.exit, 0) << next.err;
    EXPECT_EQ(mode_of(key()), 0600U);
    EXPECT_THAT(run({"log", "key"}).out, HasSubstr("BEGIN PUBLIC KEY"));
    EXPECT_THAT(audit(), IsEmpty()) << "nothing was there, and nothing was lost";
    expect_chain_holds();
  };
  crash_everywhere(look, "file", then);
  fill_disk_for(look, then);
  sync(0);
  expect_in_sync();
  EXPECT_THAT(results("store"), IsEmpty());
  expect_chain_holds();
}

class GivenATrailOfTwoRuns : public GivenAKilledCommand {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    leave("u17", "pam-windows");
    sync(0);
  }
};

TEST_F(GivenATrailOfTwoRuns, WhenTheKeyIsLostAndTheNextStartCutOffAnywhereThenOneRowTellsOfTheNewOne) {
  fs::remove(key());
  prepare();
  auto const then = [this] {
    for (int again = 0; again < 2; ++again) EXPECT_EQ(run(look.words).exit, 0);
    EXPECT_THAT(results("store"), ElementsAre("new-key"));
    EXPECT_EQ(mode_of(key()), 0600U);
    sync(0);
    EXPECT_THAT(results("store"), ElementsAre("new-key"));
    expect_chain_holds();
  };
  crash_everywhere(look, "file", then);
  fill_disk_for(look, then);
}

TEST_F(GivenATrailOfTwoRuns, WhenTheKeyIsCutShortThenNothingIsSentAndTheRemedyHelps) {
  leave("u22", "iot-alerts");
  auto const whole = fs::file_size(key());
  for (auto const size : {whole / 2, std::uintmax_t{0}}) {
    fs::resize_file(key(), size);
    forget_calls();
    auto const refused = run({"sync"});
    EXPECT_EQ(refused.exit, 2) << refused.err;
    EXPECT_THAT(refused.err, AllOf(HasSubstr(key().string()), HasSubstr("remove it")));
    EXPECT_EQ(fs::file_size(key()), size) << "nobody makes another one by himself";
    EXPECT_EQ(writes(), 0);
  }
  fs::remove(key());
  sync(0);
  expect_in_sync();
  EXPECT_THAT(results("store"), ElementsAre("new-key"));
  expect_chain_holds();
}

TEST_F(GivenATrailOfTwoRuns, WhenOthersMayReadTheKeyThenTheNextRunTakesThatFromThem) {
  fs::permissions(key(), fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
  sync(0);
  EXPECT_EQ(mode_of(key()), 0600U);
  EXPECT_THAT(results("store"), IsEmpty()) << "it is still the same";
  expect_chain_holds();
}

TEST_F(GivenATrailOfTwoRuns, WhenNothingIsLeftButTheKeyThenItSignsTheTrailOfTheNewStore) {
  auto const public_key = run({"log", "key"}).out;
  for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm", "mark"})
    fs::remove(state() / name);
  EXPECT_EQ(run({"sync"}).exit, 6) << "groups that exist are nobody's";
  EXPECT_EQ(run({"log", "key"}).out, public_key);
  EXPECT_THAT(results("store"), IsEmpty());
  expect_chain_holds();
}

TEST_F(GivenATrailOfTwoRuns, WhenPruningIsCutOffAnywhereThenAllRowsAreThereOrTheRestHolds) {
  auto const second = audit({"--run", "2"}).front();
  auto const first_kept = second.at("seq").as_int64();
  prepare();
  Act const prune{{"log", "prune", "--before", text_at(second, "time")}};
  auto const then = [this, &prune, first_kept] {
    expect_chain_holds();
    auto const first = audit().front().at("seq").as_int64();
    EXPECT_TRUE(first == 1 || first == first_kept) << first;
    EXPECT_EQ(first == 1, results("store").empty()) << "a row tells of it";
    auto const again = run(prune.words);
    EXPECT_EQ(again.exit, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr(first == 1 ? "are no longer in the audit trail" : "nothing was pruned"));
    EXPECT_EQ(audit().front().at("seq").as_int64(), first_kept);
    EXPECT_THAT(results("store"), ElementsAre("pruned"));
    sync(0);
    expect_in_sync();
    expect_chain_holds();
  };
  crash_everywhere(prune, "file", then);
  fill_disk_for(prune, then);
}

TEST_F(GivenATrailOfTwoRuns, WhenAnAcknowledgementIsCutOffAnywhereThenItIsInTheTrailOnceOrNotAtAll) {
  Process sqlite{{"sqlite3", database(),
                  "DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = 'mallory' "
                  "WHERE sequence = 5;"},
                 folder_.path(),
                 "sqlite3"};
  ASSERT_EQ(sqlite.wait().exit, 0);
  prepare();
  Act const acknowledge{{"log", "acknowledge", "--reason", "put right by hand"}};
  auto const then = [this, &acknowledge] {
    if (results("store").empty()) {
      EXPECT_EQ(run({"sync"}).exit, 2);
    }
    for (int again = 0; again < 2; ++again) EXPECT_EQ(run(acknowledge.words).exit, 0);
    EXPECT_THAT(results("store"), ElementsAre("acknowledged"));
    sync(0);
    EXPECT_EQ(run({"log", "verify"}).exit, 8) << "it goes on to tell of it";
  };
  crash_everywhere(acknowledge, "file", then);
  fill_disk_for(acknowledge, then);
}

TEST_F(GivenATrailOfTwoRuns, WhenAnExportIsCutOffAnywhereThenWhatIsNotWholeIsToldFromWhatIs) {
  auto const out = path("trail.jsonl"), proof = out + ".proof";
  auto const rows = audit().size();
  prepare({out, proof});
  Act const extract{{"log", "export", "--out", out}};
  std::vector<std::string> const verify{"log", "verify", "--file", out};
  auto const then = [this, &extract, &verify, &out, &proof, rows] {
    auto const left = fs::exists(out) || fs::exists(proof);
    auto const checked = run(verify);
    if (left && checked.exit != 0) {
      auto const again = run(extract.words);
      EXPECT_EQ(again.exit, 2);
      EXPECT_THAT(again.err, HasSubstr("Nothing is replaced"));
      EXPECT_NE(run({"recover", "--audit", out}).exit, 0) << "nobody recovers from half of it";
    }
    if (checked.exit != 0) {
      for (auto const& file : {out, proof}) fs::remove(file);
      EXPECT_EQ(run(extract.words).exit, 0);
      EXPECT_EQ(run(verify).exit, 0);
    }
    EXPECT_EQ(audit().size(), rows);
    expect_chain_holds();
  };
  crash_everywhere(extract, "file", then);
  fill_disk_for(extract, then);
}

}  // namespace
}  // namespace dirsync::test
