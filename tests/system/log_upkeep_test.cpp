// The audit trail over time: followed, pruned, and edited by somebody.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <sstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class GivenATrail : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys += "additions = \"off\"\n";
    World::SetUp();
    sync(0);
    leave("u17", "pam-windows");
    sync(0);
  }
  void execute_sql(std::string const& sql) {
    Process sqlite{{"sqlite3", database(), sql}, folder_.path(), "sqlite3"};
    auto const finished = sqlite.wait();
    ASSERT_EQ(finished.exit, 0) << finished.err;
  }
  std::int64_t last_row() { return audit().back().at("seq").as_int64(); }
  /// Everything that the first run did, and no more.
  Finished prune_first_run() {
    auto const second = audit({"--run", "2"});
    return run({"log", "prune", "--before", text_at(second.front(), "time")});
  }
  std::int64_t first_of_second_run() { return audit({"--run", "2"}).front().at("seq").as_int64(); }
  static std::vector<std::int64_t> sequences(std::string const& lines) {
    std::vector<std::int64_t> all;
    std::istringstream stream{lines};
    for (std::string line; std::getline(stream, line) && !stream.eof();)
      all.push_back(json::parse(line).at("seq").as_int64());
    return all;
  }
  static std::vector<std::int64_t> up_to(std::int64_t last) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(last));
    std::iota(all.begin(), all.end(), 1);
    return all;
  }
  static bool has_come_to(Process const& follower, std::int64_t row) {
    return eventually([&follower, row] {
      auto const seen = sequences(follower.out());
      return !seen.empty() && seen.back() >= row;
    });
  }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
};

TEST_F(GivenATrail, WhenFollowedThenEachRowComesOnceWhateverHappensMeanwhile) {
  auto const follower = start({"log", "--follow", "--json"});
  ASSERT_TRUE(has_come_to(*follower, last_row())) << follower->err();
  leave("u22", "iot-alerts");
  sync(0);
  ASSERT_TRUE(has_come_to(*follower, last_row())) << follower->err();
  ASSERT_EQ(prune_first_run().exit, 0);
  ASSERT_TRUE(has_come_to(*follower, last_row())) << follower->err();
  {
    auto const service = start({"run"}, {{"NOTIFY_SOCKET", ""}});
    ASSERT_TRUE(eventually([&service] {
      return service->err().find("event=run_finished") != std::string::npos;
    })) << service->err();
    service->send_signal(SIGTERM);
    EXPECT_EQ(service->wait().exit, 0) << service->err();
  }
  auto const last = last_row();
  ASSERT_TRUE(has_come_to(*follower, last)) << follower->err();
  follower->send_signal(SIGINT);
  auto const finished = follower->wait();
  EXPECT_EQ(finished.exit, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  EXPECT_EQ(sequences(finished.out), up_to(last));
}

TEST_F(GivenATrail, WhenAReaderGoesOnThenAfterTheRowThatItNames) {
  auto const last = last_row();
  auto const follower = start({"log", "--follow", "--json", "--after", std::to_string(last - 1)});
  ASSERT_TRUE(has_come_to(*follower, last)) << follower->err();
  follower->send_signal(SIGTERM);
  EXPECT_EQ(sequences(follower->wait().out), std::vector{last});
  auto const ahead = run({"log", "--follow", "--after", std::to_string(last + 1)});
  EXPECT_EQ(ahead.exit, 2);
  EXPECT_THAT(ahead.err, HasSubstr("ends before it"));
  EXPECT_EQ(audit({"--after", std::to_string(last - 2)}).size(), 2U);
  EXPECT_EQ(run({"log", "--follow", "--until", "1h"}).exit, 2);
}

TEST_F(GivenATrail, WhenFollowedByAPersonThenALineForEachRow) {
  auto const follower = start({"log", "--follow", "--run", "2", "--action", "remove"});
  ASSERT_TRUE(eventually([&follower] { return follower->out().find("  remove  ") != std::string::npos; }));
  follower->send_signal(SIGINT);
  auto const shown = follower->wait().out;
  EXPECT_THAT(shown, StartsWith("SEQ  TIME  RUN"));
  EXPECT_THAT(shown, HasSubstr("  u17  "));
}

TEST_F(GivenATrail, WhenPrunedThenTheRestHoldsAndOthersSayWhatIsNotThere) {
  auto const first = first_of_second_run();
  auto const exported = path("before.jsonl");
  ASSERT_EQ(run({"log", "export", "--out", exported}).exit, 0);
  auto const pruned = prune_first_run();
  ASSERT_EQ(pruned.exit, 0) << pruned.err;
  EXPECT_THAT(pruned.out,
              AllOf(HasSubstr("Rows 1 to " + std::to_string(first - 1)), HasSubstr("dirsyncd-audit/")));
  EXPECT_EQ(audit().front().at("seq").as_int64(), first);
  EXPECT_EQ(text_at(audit().back(), "result"), "pruned");
  auto const verified = run({"log", "verify"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("It goes on from a signed checkpoint"));
  EXPECT_EQ(document(run({"log", "verify", "--json"})).at("pruned").as_int64(), first - 1);
  EXPECT_EQ(run({"log", "verify", "--head", "1:" + std::string(64, '0')}).exit, 2);

  EXPECT_THAT(run({"log", "--run", "1"}).err, HasSubstr("were pruned"));
  EXPECT_THAT(run({"log"}).err, HasSubstr("were pruned"));
  EXPECT_EQ(run({"log", "--run", "2"}).err, "");
  EXPECT_THAT(run({"run", "show", "1"}).out, HasSubstr("were pruned"));
  EXPECT_THAT(run({"run", "show", "2"}).out, Not(HasSubstr("were pruned")));
  EXPECT_EQ(document(run({"why", "u09", "windows", "--json"})).at("run").as_int64(), 1)
      << "who had what is kept";

  std::ofstream{path("key.pem")} << run({"log", "key"}).out;
  EXPECT_EQ(run({"log", "verify", "--file", exported, "--key", path("key.pem")}).exit, 0);
  auto const later = path("after.jsonl");
  ASSERT_EQ(run({"log", "export", "--out", later}).exit, 0);
  EXPECT_EQ(run({"log", "verify", "--file", later, "--key", path("key.pem")}).exit, 0);
  sync(0);
  EXPECT_EQ(run({"log", "verify"}).exit, 0);
}

TEST_F(GivenATrail, WhenARunIsUndoneWhoseRowsWerePrunedThenRefusedWithTheReasonAndARow) {
  ASSERT_EQ(prune_first_run().exit, 0);
  forget_calls();
  EXPECT_EQ(run({"undo", "1", "--dry-run"}).exit, 2);
  EXPECT_EQ(text_at(audit().back(), "result"), "pruned") << "a look leaves no row";
  auto const refused = run({"undo", "1", "--json"});
  EXPECT_EQ(refused.exit, 2) << refused.err;
  auto const error = document(refused).at("error").as_object();
  EXPECT_EQ(text_at(error, "code"), "pruned");
  auto const row = audit().back();
  EXPECT_EQ(text_at(row, "verb") + " " + text_at(row, "result"), "undo refused");
  EXPECT_THAT(text_at(row, "detail"), AllOf(HasSubstr("run 1"), HasSubstr("pruned")));
  EXPECT_THAT(text_at(row, "actor"), StartsWith("uid:"));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"undo", "2"}).exit, 4) << "all that a later run did is there";
  expect_chain_holds();
}

TEST_F(GivenATrail, WhenTooMuchIsToBePrunedThenRefusedAndNothingIsGone) {
  auto const before = audit().size();
  auto const refused = run({"log", "prune", "--before", "0s"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("cannot be pruned"), HasSubstr("--before 2")));
  EXPECT_EQ(audit().size(), before);
  auto const nothing = run({"log", "prune", "--before", "3650d"});
  EXPECT_EQ(nothing.exit, 0);
  EXPECT_THAT(nothing.out, HasSubstr("nothing was pruned"));
  EXPECT_EQ(run({"log", "prune", "--before", "yesterday"}).exit, 2);
  EXPECT_EQ(run({"log", "prune"}).exit, 2);
}

TEST_F(GivenATrail, WhenTheServiceRunsThenNothingIsPruned) {
  auto const service = start({"run"}, {{"NOTIFY_SOCKET", ""}});
  ASSERT_TRUE(
      eventually([&service] { return service->err().find("event=run_finished") != std::string::npos; }));
  EXPECT_EQ(prune_first_run().exit, 7);
  service->send_signal(SIGTERM);
  EXPECT_EQ(service->wait().exit, 0);
}

TEST_F(GivenATrail, WhenARowIsEditedThenNothingIsSentUntilAPersonTakesNote) {
  execute_sql(
      "DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = 'mallory' WHERE sequence = 5;");
  leave("u22", "iot-alerts");
  forget_calls();
  auto const refused = run({"sync", "--json"});
  EXPECT_EQ(refused.exit, 2) << refused.err;
  auto const error = document(refused).at("error").as_object();
  EXPECT_EQ(text_at(error, "code"), "chain-broken");
  EXPECT_THAT(text_at(error, "text"), AllOf(HasSubstr("row 5"), HasSubstr("log acknowledge")));
  EXPECT_EQ(run({"run"}).exit, 2);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"plan"}).exit, 0);
  EXPECT_EQ(run({"log", "acknowledge", "--reason", " "}).exit, 2);
  EXPECT_THAT(run({"log", "acknowledge", "--reason", "a\nb"}).err, HasSubstr("control characters"));

  auto const noted = run({"log", "acknowledge", "--reason", "put right by hand"});
  EXPECT_EQ(noted.exit, 0) << noted.err;
  auto const row = audit().back();
  EXPECT_EQ(text_at(row, "result"), "acknowledged");
  EXPECT_THAT(text_at(row, "actor"), StartsWith("uid:"));
  EXPECT_THAT(text_at(row, "detail"), AllOf(HasSubstr("row 5"), HasSubstr("put right by hand")));
  sync(0);
  auto const verified = run({"log", "verify"});
  EXPECT_EQ(verified.exit, 8);
  EXPECT_THAT(verified.out, AllOf(HasSubstr("first at sequence 5 "), HasSubstr("put right by hand")));
  auto const report = document(run({"log", "verify", "--json"})).as_object();
  EXPECT_EQ(report.at("acknowledged").at("seq").as_int64(), row.at("seq").as_int64());
}

TEST_F(GivenATrail, WhenTheTailIsCutWithAllThatTellsOfItThenAWitnessMissesIt) {
  auto const last = audit().back();
  auto const row = std::to_string(last.at("seq").as_int64());
  execute_sql(
      "DROP TRIGGER audit_is_not_deleted; DROP TRIGGER audit_head_follows_rows; "
      "DROP TRIGGER audit_checkpoint_is_not_deleted; DELETE FROM audit WHERE sequence = " +
      row + "; DELETE FROM audit_checkpoint WHERE size = " + row + "; UPDATE audit_head SET sequence = " +
      row + " - 1, hash = (SELECT hash FROM audit WHERE sequence = " + row + " - 1);");
  std::filesystem::remove(folder_.path() / "state/mark");
  EXPECT_EQ(run({"log", "verify"}).exit, 0) << "the file alone does not tell";
  auto const verified = run({"log", "verify", "--head", row + ":" + text_at(last, "hash")});
  EXPECT_EQ(verified.exit, 8);
  EXPECT_THAT(verified.out, HasSubstr("row " + row + " is not there"));
}

TEST_F(GivenATrail, WhenItHoldsThenThereIsNothingToTakeNoteOf) {
  auto const before = audit().size();
  auto const noted = run({"log", "acknowledge", "--reason", "why not"});
  EXPECT_EQ(noted.exit, 0);
  EXPECT_THAT(noted.out, HasSubstr("nothing to acknowledge"));
  EXPECT_EQ(audit().size(), before);
}

/// Bytes in names that could end a line, hide or turn round what follows, or be taken for a formula.
TEST_F(GivenATrail, WhenNamesAreHostileThenEveryOutputShowsThemHarmless) {
  execute_sql(
      "DROP TRIGGER audit_is_not_updated; UPDATE audit SET principal = '=1+1' || char(10) || "
      "'6,2026-01-01T00:00:00.000Z,1,change' || char(13) || char(27) || '[2J' || char(8238) || char(8294) || "
      "char(8203) || char(8232) || '\"|' WHERE sequence = 5; "
      "UPDATE interval_member SET principal = principal || char(10) || char(8238) || char(27) || 'x' "
      "WHERE principal_folded = 'u09';");
  auto const lines = [](std::string const& text) { return std::ranges::count(text, '\n'); };
  auto const rows = static_cast<std::ptrdiff_t>(audit().size());
  for (std::vector<std::string> const& words : {std::vector<std::string>{"log"},
                                                {"log", "--json"},
                                                {"log", "--format", "csv"},
                                                {"who", "windows"},
                                                {"who", "windows", "--json"},
                                                {"why", "u09", "windows", "--trace"},
                                                {"why", "u09", "windows", "--trace", "--json"}}) {
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, 0) << finished.err;
    for (auto const* const part : {"\r", "\033", "\u202e", "\u2066", "\u200b", "\u2028"})
      EXPECT_THAT(finished.out + finished.err, Not(HasSubstr(part))) << words.front() << words.back();
    if (words.front() != "log") continue;
    EXPECT_EQ(lines(finished.out), rows + (words.back() == "--json" ? 0 : 1)) << words.back();
  }
  EXPECT_THAT(run({"log", "--format", "csv"}).out, HasSubstr(",\"'=1+1?6,2026"));
}

}  // namespace
}  // namespace dirsync::test
