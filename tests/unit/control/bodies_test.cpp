#include "daemon/control/bodies.hpp"

#include <gmock/gmock.h>

#include <random>

namespace dirsync::control {
namespace {

using testing::HasSubstr;

TEST(GivenABody, WhenItNamesWhatIsKnownThenItIsTaken) {
  EXPECT_EQ(*run_ask_in(std::string_view{}), cli::RunAsk{});
  cli::RunAsk ask;
  ask.rule = "privileged";
  ask.user = "ada \"l\"";
  ask.expect = std::string(64, 'a');
  ask.dry_run = ask.asks = true;
  ask.undo = 17;
  ask.approve = "12345678";
  ask.reason = "looked at";
  EXPECT_EQ(*run_ask_in(std::string_view{body_of(ask)}), ask);
  EXPECT_EQ(decision_in(R"({"digest": "12345678", "reason": "looked at"})", true)->reason, "looked at");
  auto const freeze = freeze_in(R"({"reason": "audit", "removals": true, "target": "vault", "until": "2h"})");
  ASSERT_TRUE(freeze);
  EXPECT_TRUE(freeze->removals_alone);
  EXPECT_EQ(freeze->target + " " + freeze->reason + " " + freeze->until, "vault audit 2h");
  EXPECT_EQ(*thaw_in(""), "");
  EXPECT_EQ(*thaw_in(R"({"target": "vault"})"), "vault");
  EXPECT_EQ(retry_in(R"({"user": "ada"})")->user, "ada");
}

TEST(GivenABody, WhenItIsAnythingElseThenItIsRefusedWithItsMistake) {
  for (std::string const& body :
       {std::string{"{"}, std::string{"[]"}, std::string{"null"}, std::string{"{}{}"},
        std::string(50'000, '['), "{\"rule\":" + std::string(50'000, '['), std::string{"\xff\xfe"},
        std::string{"{\"rule\": \"\xff\"}"}})
    EXPECT_FALSE(run_ask_in(std::string_view{body})) << body.substr(0, 40);
  EXPECT_THAT(run_ask_in(std::string_view{R"({"dryrun": true})"}).error().context, HasSubstr("dryrun"));
  EXPECT_THAT(run_ask_in(std::string_view{R"({"dry_run": 1})"}).error().context, HasSubstr("true or false"));
  EXPECT_THAT(run_ask_in(std::string_view{R"({"rule": null})"}).error().context, HasSubstr("must be a text"));
  for (std::string const body : {R"({"undo": 0})", R"({"undo": "17"})", R"({"undo": 1.5})"})
    EXPECT_THAT(run_ask_in(std::string_view{body}).error().context, HasSubstr("the number of a run"));
  EXPECT_FALSE(decision_in("{}", true));
  EXPECT_FALSE(decision_in(R"({"digest": 7})", true));
  EXPECT_FALSE(decision_in(R"({"digest": "1", "why": "x"})", false));
  EXPECT_FALSE(freeze_in(R"({"reason": "audit", "removals": "yes"})"));
  EXPECT_FALSE(freeze_in(R"({"reason": "audit", "group": "ops"})"));
  EXPECT_FALSE(thaw_in(R"({"reason": "audit"})"));
  EXPECT_FALSE(retry_in(R"({"target": null})"));
}

TEST(GivenABody, WhenItsBytesAreChangedAnywhereThenItIsTakenOrRefusedAndNothingElse) {
  std::mt19937 random{7};
  std::string const good = R"({"rule": "a", "dry_run": true, "user": "\u0041", "expect": "", "ask": false})";
  auto refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto body = good;
    for (int change = 0; change < 1 + round % 4; ++change)
      body[random() % body.size()] = static_cast<char>(random() % 256);
    refused += run_ask_in(std::string_view{body}) ? 0 : 1;
  }
  EXPECT_GT(refused, 10'000);
}

TEST(GivenAQuery, WhenItAsksForAPlanThenNothingMayBeSent) {
  auto const ask =
      run_ask_in(std::map<std::string, std::string>{{"group", "g"}, {"detailed_exitcode", "true"}});
  ASSERT_TRUE(ask);
  EXPECT_TRUE(ask->dry_run);
  EXPECT_TRUE(ask->detailed_exitcode);
  EXPECT_EQ(ask->group, "g");
  EXPECT_FALSE(run_ask_in(std::map<std::string, std::string>{{"dry_run", "false"}}));
  EXPECT_FALSE(run_ask_in(std::map<std::string, std::string>{{"detailed_exitcode", "yes"}}));
}

}  // namespace
}  // namespace dirsync::control
