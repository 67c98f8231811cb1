// kill -9 at every step of an undo, and of taking over and recovering what there is: whoever asks again comes
// to the end, once (P5, P6, P13).
#include <gmock/gmock.h>

#include <map>

#include "tests/system/crash_world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

/// A command that shows a plan until its digest is given to --approve.
class GivenAPlanByCommand : public CrashWorld {
 protected:
  GivenAPlanByCommand() {
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n";
  }
  /// The command with the digest of the plan that it shows now.
  Act approved(std::vector<std::string> words) {
    words.emplace_back("--json");
    auto const shown = run(words);
    EXPECT_EQ(shown.exit, 4) << shown.err << shown.out;
    auto const digest = text_at(document(shown).as_object(), "digest");
    words.insert(words.end(), {"--approve", digest});
    return {words};
  }
  /// As a person would: asks, and approves what is still to be done.
  void finish(std::vector<std::string> const& words) {
    auto const asked = run(words);
    ASSERT_THAT(asked.exit, AnyOf(0, 4)) << asked.err << asked.out;
    if (asked.exit == 0) return;
    auto const rest = run(approved(words).words);
    EXPECT_EQ(rest.exit, 0) << rest.err << rest.out;
  }
  /// Rows of changes that were done since the row of that number, by verb, target, group and principal.
  std::map<std::string, int> done_since(std::int64_t row) {
    std::map<std::string, int> counts;
    for (auto const& one : audit({"--after", std::to_string(row)})) {
      auto const phase = text_at(one, "phase");
      if ((phase != "change" && phase != "recovered") || text_at(one, "result") != "done") continue;
      ++counts[text_at(one, "verb") + " " + text_at(one, "target") + " " + text_at(one, "group") + " " +
               text_at(one, "principal")];
    }
    return counts;
  }
  std::int64_t last_row() { return audit().back().at("seq").as_int64(); }
  static Memberships with_others(Memberships ours, Memberships const& others) {
    ours.insert(others.begin(), others.end());
    return ours;
  }
};

/// In the last run u17 left windows, and u19 the operators of the console.
class GivenARunToTakeBack : public GivenAPlanByCommand {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    vault_then_ = vault_->memberships();
    console_then_ = console_->memberships();
    leave("u17", "pam-windows");
    leave("u19", "iot-operators");
    undo_ = {"undo", std::to_string(sync(0).at("run").as_int64())};
    approved_ = approved(undo_);
    last_ = last_row();
    prepare();
  }
  void expect_taken_back_once() {
    // Nothing does again what was taken back, whether that was all or half of it.
    auto const next = run({"sync"});
    EXPECT_THAT(next.exit, AnyOf(0, 4)) << next.err << next.out;
    EXPECT_EQ(writes(), 0);
    finish(undo_);
    EXPECT_EQ(differences(vault_->memberships(), vault_then_), "");
    EXPECT_EQ(differences(console_->memberships(), console_then_), "");
    EXPECT_EQ(done_since(last_),
              (std::map<std::string, int>{{"add vault windows u17", 1},
                                          {"add console operators " + company.person("u19").mail(), 1}}));
    forget_calls();
    EXPECT_THAT(json::serialize(sync(4).at("reasons")), HasSubstr("\"undone\""));
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  }
  Memberships vault_then_, console_then_;
  std::vector<std::string> undo_;
  Act approved_;
  std::int64_t last_ = 0;
};

TEST_F(GivenARunToTakeBack, WhenTheUndoIsKilledAfterAnyFlushThenItIsFinishedByAskingAgain) {
  crash_everywhere(approved_, "journal", [this] { expect_taken_back_once(); });
}

TEST_F(GivenARunToTakeBack, WhenTheUndoIsKilledAtANetworkStepThenItIsFinishedByAskingAgain) {
  crash_everywhere(approved_, "network", [this] { expect_taken_back_once(); });
}

/// The Vault has a group By Hand that a rule feeds: with u01, whom the rule wants, and a local user.
class GivenAGroupByHandToAdopt : public GivenAPlanByCommand {
 protected:
  void SetUp() override {
    company.groups.push_back({"pam-By Hand", {"u01", "u02"}, {}});
    World::SetUp();
    sync(6);
    approved_ = approved(adopt_);
    prepare();
  }
  void expect_adopted_once() {
    auto const claimed = results("adopt").size();
    EXPECT_TRUE(claimed == 0 || claimed == 2) << claimed;
    finish(adopt_);
    EXPECT_EQ(results("adopt").size(), 2U);
    EXPECT_EQ(writes(), 0);
    sync(0);
    EXPECT_EQ(vault_->memberships().at("By Hand"), (std::set<std::string>{"local.operator", "u01", "u02"}));
    EXPECT_EQ(vault_->writes(), 1) << "u02 alone";
    expect_chain_holds();
  }
  std::vector<std::string> const adopt_{"adopt", "--group", "By Hand"};
  Act approved_;
};

TEST_F(GivenARunToTakeBack, WhenTheDiskIsFullThenTheUndoIsFinishedOnceThereIsRoom) {
  fill_disk_for(approved_, [this] { expect_taken_back_once(); });
}

TEST_F(GivenAGroupByHandToAdopt, WhenTheAdoptionIsKilledAfterAnyFlushThenItIsOursAsAWholeOrNotAtAll) {
  crash_everywhere(approved_, "journal", [this] { expect_adopted_once(); });
}

TEST_F(GivenAGroupByHandToAdopt, WhenTheDiskIsFullThenItIsAdoptedOnceThereIsRoom) {
  fill_disk_for(approved_, [this] { expect_adopted_once(); });
}

/// The store is lost, u06 has left, and somebody was put into a group of ours by hand.
class GivenALostStoreToRecover : public GivenAPlanByCommand {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    ASSERT_EQ(run({"log", "export", "--out", path("night.jsonl")}).exit, 0);
    Process sqlite{{"sqlite3", database(), ".backup " + path("copy.db")}, folder_.path(), "sqlite3"};
    ASSERT_EQ(sqlite.wait().exit, 0);
    vault_->edit(R"({"op":"add-member","group":"unix","member":"local.operator"})");
    leave("u06", "team-b");
  }
  void remove_store() const {
    for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"}) fs::remove(state() / name);
  }
  void begin(std::string const& evidence) {
    recover_ = {"recover", "--audit", path(evidence)};
    approved_ = approved(recover_);
    prepare();
  }
  void expect_recovered() {
    auto const before = run({"status"});
    EXPECT_THAT(before.exit, AnyOf(0, 2)) << before.err;
    if (before.exit == 2) finish(recover_);
    EXPECT_EQ(writes(), 0);
    std::map<std::string, int> claims;
    for (auto const& row : audit({"--action", "adopt"}))
      ++claims[text_at(row, "target") + " " + text_at(row, "group") + " " + text_at(row, "principal")];
    EXPECT_THAT(claims, Each(testing::Pair(testing::_, 1)));
    EXPECT_THAT(claims, Contains(testing::Key("vault unix u06")));
    EXPECT_THAT(claims, Not(Contains(testing::Key("vault unix local.operator"))));
    EXPECT_THAT(results("store"), Contains("recovered"));
    sync(0);
    auto vault = expected_in_vault();
    vault["unix"].insert("local.operator");
    EXPECT_EQ(differences(vault_->memberships(), with_others(vault, vault_before_)), "");
    EXPECT_EQ(differences(console_->memberships(), with_others(expected_in_console(), console_before_)), "");
    for (auto const& entry : fs::directory_iterator{state()})
      EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("recover-")));
    expect_chain_holds();
  }
  std::vector<std::string> recover_;
  Act approved_;
};

TEST_F(GivenALostStoreToRecover, WhenTheRecoveryFromAnExportIsKilledAfterAnyFlushThenNobodyIsForgotten) {
  remove_store();
  begin("night.jsonl");
  crash_everywhere(approved_, "journal", [this] {
    auto const is_in_use = run({"status"}).exit == 0;
    // The mark vouches for no store that has half of what was ours.
    EXPECT_EQ(run({"sync", "--dry-run"}).exit, is_in_use ? 0 : 2);
    if (!is_in_use) {
      EXPECT_EQ(run({"sync"}).exit, 2);
    }
    expect_recovered();
  });
}

TEST_F(GivenALostStoreToRecover, WhenTheRecoveryFromAnExportIsKilledAtAWriteThenNobodyIsForgotten) {
  remove_store();
  begin("night.jsonl");
  crash_everywhere(approved_, "file", [this] { expect_recovered(); });
}

TEST_F(GivenALostStoreToRecover, WhenTheDiskIsFullThenToldAndNobodyIsForgottenOnceThereIsRoom) {
  remove_store();
  begin("copy.db");
  fill_disk_for(approved_, [this] { expect_recovered(); });
}

TEST_F(GivenALostStoreToRecover, WhenADamagedOneIsPutAsideAndThatIsKilledThenAllOfItIsKept) {
  auto const damaged = std::string(20'000, 'g');
  std::ofstream{database(), std::ios::binary} << damaged;
  begin("copy.db");
  crash_everywhere(approved_, "file", [this, &damaged] {
    expect_recovered();
    EXPECT_EQ(content_of(state() / "dirsyncd.db.damaged-1"), damaged);
    EXPECT_FALSE(fs::exists(state() / "dirsyncd.db.damaged-2"));
  });
}

}  // namespace
}  // namespace dirsync::test
