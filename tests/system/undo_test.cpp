// A run is taken back by a person, and is not done again until somebody decides.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// In the last run u17 left windows.
class GivenARunThatTookSomebodyOut : public World {
 protected:
  std::int64_t wrong = 0;

  void SetUp() override {
    configuration.limits_keys += "additions = \"off\"\n";
    World::SetUp();
    sync(0);
    leave("u17", "pam-windows");
    wrong = document(run({"sync", "--json"})).at("run").as_int64();
    EXPECT_THAT(windows(), Not(Contains("u17")));
    forget_calls();
  }
  std::set<std::string> windows() { return vault_->memberships().at("windows"); }
  json::object undo(std::int64_t number, int exit, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"undo", std::to_string(number), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, exit) << finished.err << finished.out;
    return document(finished).as_object();
  }
  static std::string code_of_error(json::object const& document) {
    return text_at(document.at("error").as_object(), "code");
  }
  static std::string first_reason(json::object const& document) {
    return text_at(document.at("reasons").as_array().at(0).as_object(), "code");
  }
};

TEST_F(GivenARunThatTookSomebodyOut, WhenUndoneThenTheyAreBackAndTheNextRunWaitsForAPerson) {
  auto const seen = undo(wrong, 0, {"--dry-run"});
  EXPECT_EQ(seen.at("undoes").as_int64(), wrong);
  EXPECT_TRUE(seen.at("run").is_null());
  EXPECT_EQ(text_at(seen, "verdict"), "hold");
  auto const held = undo(wrong, 4);
  EXPECT_EQ(first_reason(held), "undo");
  EXPECT_EQ(writes(), 0);
  auto const done = undo(wrong, 0, {"--approve", text_at(held, "digest"), "--reason", "a wrong import"});
  EXPECT_EQ(text_at(done, "digest"), text_at(seen, "digest"));
  EXPECT_EQ(text_at(audit({"--action", "approve"}).back(), "detail"), "a wrong import");
  EXPECT_THAT(windows(), Contains("u17"));
  EXPECT_GT(writes(), 0);
  forget_calls();

  auto const waits = sync(4).as_object();
  EXPECT_EQ(first_reason(waits), "undone");
  EXPECT_EQ(writes(), 0);
  EXPECT_THAT(windows(), Contains("u17"));
  auto const again = run({"sync", "--json", "--approve", text_at(waits, "digest")});
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_THAT(windows(), Not(Contains("u17")));
  sync(0);
  expect_chain_holds();
}

TEST_F(GivenARunThatTookSomebodyOut, WhenTheDirectoryIsCorrectedAfterTheUndoThenNothingWaits) {
  auto const held = undo(wrong, 4);
  undo(wrong, 0, {"--approve", text_at(held, "digest")});
  join("u17", "pam-windows");
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  leave("u17", "pam-windows");
  sync(0);
  EXPECT_THAT(windows(), Not(Contains("u17")));
}

TEST_F(GivenARunThatTookSomebodyOut, WhenTheyAreDisabledThenTheyAreLeftWithTheReason) {
  disable("u17");
  auto const plan = undo(wrong, 0);
  auto const& left = plan.at("left").as_array();
  ASSERT_FALSE(left.empty());
  EXPECT_EQ(text_at(left.at(0).as_object(), "code"), "disabled");
  EXPECT_EQ(text_at(left.at(0).as_object().at("change").as_object(), "principal"), "u17");
  EXPECT_EQ(writes(), 0);
  auto const shown = run({"undo", std::to_string(wrong)});
  EXPECT_THAT(shown.out, HasSubstr("Undo of run " + std::to_string(wrong)));
}

TEST_F(GivenARunThatTookSomebodyOut, WhenTheUndoIsUndoneThenTheyAreOutAgainAndNothingWaits) {
  auto const held = undo(wrong, 4);
  auto const back = undo(wrong, 0, {"--approve", text_at(held, "digest")}).at("run").as_int64();
  auto const again = undo(back, 4);
  undo(back, 0, {"--approve", text_at(again, "digest")});
  EXPECT_THAT(windows(), Not(Contains("u17")));
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  expect_chain_holds();
}

TEST_F(GivenARunThatTookSomebodyOut, WhenThereIsNothingToUndoThenSaidAndNothingIsRead) {
  EXPECT_EQ(code_of_error(undo(99, 2)), "no-such-run");
  auto const quiet = sync(0).as_object().at("run").as_int64();
  EXPECT_EQ(code_of_error(undo(quiet, 2)), "nothing-to-undo");
  EXPECT_EQ(run({"undo", "0"}).exit, 2);
  EXPECT_EQ(run({"undo"}).exit, 2);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenARunThatTookSomebodyOut, WhenAnotherDigestIsApprovedThenNothingIsSent) {
  undo(wrong, 2, {"--approve", std::string(64, 'a')});
  EXPECT_EQ(writes(), 0);
  EXPECT_THAT(windows(), Not(Contains("u17")));
}

/// Whoever moves a person to and fro: only that membership stands still.
TEST_F(GivenARunThatTookSomebodyOut, WhenTheyAreMovedToAndFroThenThatStaysAndIsTold) {
  configuration.limits_keys = "first_plan = \"apply\"\nflaps = { count = 3, within = \"6h\" }\n";
  configure();
  join("u17", "pam-windows");
  sync(0);
  leave("u17", "pam-windows");
  auto const told = sync(6).as_object();
  auto const& changes = told.at("targets").as_object().at("vault").as_object().at("changes").as_array();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(text_at(changes.at(0).as_object(), "outcome"), "blocked");
  EXPECT_EQ(text_at(changes.at(0).as_object(), "code"), "flapping");
  EXPECT_THAT(windows(), Contains("u17"));
  EXPECT_THAT(run({"status"}).out, HasSubstr("limits.flaps"));
  disable("u17");
  sync(0);
  EXPECT_THAT(windows(), Not(Contains("u17"))) << "whoever is disabled leaves all the same";
}

}  // namespace
}  // namespace dirsync::test
