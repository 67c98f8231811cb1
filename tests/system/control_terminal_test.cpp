// A person at a terminal, whose command the service carries out: what is sent is what was shown, or nothing.
#include <gmock/gmock.h>

#include "tests/support/process/terminal.hpp"
#include "tests/system/service_at_rest.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kQuestion[] = " changes? [y/N] ";

class GivenAPersonAtATerminal : public GivenAServiceAtRest {
 protected:
  Terminal terminal(std::vector<std::string> words) const {
    std::vector<std::string> all{DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file()};
    all.insert(all.end(), words.begin(), words.end());
    return Terminal{std::move(all)};
  }
};

TEST_F(GivenAPersonAtATerminal, WhenTheySayYesThenWhatWasShownIsSentInTheirName) {
  join("u23", "team-b");
  auto at = terminal({"sync"});
  at.answer(kQuestion, "y");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 0) << done.out;
  EXPECT_THAT(done.out, HasSubstr("Result:"));
  expect_in_sync();
  auto const rows = audit({"--user", "u23"});
  ASSERT_FALSE(rows.empty());
  EXPECT_THAT(text_at(rows.back(), "actor"), StartsWith("uid:"));
}

TEST_F(GivenAPersonAtATerminal, WhenTheySayNoThenNothingIsSent) {
  join("u23", "team-b");
  forget_calls();
  auto at = terminal({"sync"});
  at.answer(kQuestion, "");
  EXPECT_THAT(at.wait().out, HasSubstr("Nothing was sent."));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenAPersonAtATerminal, WhenThePlanIsAnotherBeforeTheyHaveAnsweredThenNothingIsSent) {
  join("u23", "team-b");
  forget_calls();
  auto at = terminal({"sync"});
  at.wait_for(kQuestion);
  join("u22", "team-b");
  at.type_line("y");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 4) << done.out;
  EXPECT_THAT(done.out, HasSubstr("the plan is another by now"));
  EXPECT_EQ(writes(), 0);
}

/// What the new configuration alone would do is held, so that the service sends nothing by itself.
TEST_F(GivenAPersonAtATerminal, WhenTheServiceIsReloadedBeforeTheyHaveAnsweredThenNothingIsSent) {
  join("u23", "team-b");
  forget_calls();
  auto at = terminal({"sync"});
  at.wait_for(kQuestion);
  configuration.vault_rule_keys = "exclude_people = \"(uid=u02)\"\n";
  configure();
  service_->send_signal(SIGHUP);
  ASSERT_TRUE(says("event=reloaded"));
  ASSERT_TRUE(says("event=plan_held"));
  at.type_line("y");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 1) << done.out;
  EXPECT_THAT(done.out, HasSubstr("another configuration"));
  EXPECT_EQ(writes(), 0);
}

class GivenAHeldPlanAtATerminal : public GivenAPersonAtATerminal {
 protected:
  GivenAHeldPlanAtATerminal() { configuration.limits_keys = ""; }
  std::string held_digest() {
    auto const plans = json::parse(body_of(get("/v1/plans"))).at("plans").as_array();
    EXPECT_EQ(plans.size(), 1U);
    return plans.empty() ? std::string{} : text_at(plans.front().as_object(), "digest");
  }
};

TEST_F(GivenAHeldPlanAtATerminal, WhenTheyApproveThePlanThatWaitsThenItIsSentWithoutAQuestion) {
  auto const done = terminal({"sync", "--approve", held_digest()}).wait();
  EXPECT_EQ(done.exit, 0) << done.out;
  EXPECT_THAT(done.out, AllOf(HasSubstr("Result:"), Not(HasSubstr("[y/N]"))));
  expect_in_sync();
  expect_chain_holds();
}

TEST_F(GivenAHeldPlanAtATerminal, WhenTheyApproveAPlanThatIsAnotherByNowThenNothingIsSent) {
  auto const digest = held_digest();
  join("u23", "team-b");
  forget_calls();
  auto const done = terminal({"sync", "--approve", digest}).wait();
  EXPECT_EQ(done.exit, 4) << done.out;
  EXPECT_THAT(done.out, HasSubstr("the plan is another by now"));
  EXPECT_EQ(writes(), 0);
}

/// One group less is doubted.
class GivenADoubtedReadAtATerminal : public GivenAPersonAtATerminal {
 protected:
  GivenADoubtedReadAtATerminal() {
    configuration.directory_keys = "band = { groups = 0, at_least = 0 }\n";
    company.groups.push_back({"unused", {"u01"}, {}});
  }
  void SetUp() override {
    GivenAPersonAtATerminal::SetUp();
    modify_directory("dn: " + company.group("unused").dn() + "\nchangetype: delete\n");
    join("u23", "team-b");
    forget_calls();
  }
};

TEST_F(GivenADoubtedReadAtATerminal, WhenTheyTakeItAndSayYesThenItIsTheNewLevelAndThePlanIsSent) {
  auto const doubted = run({"sync"});
  EXPECT_EQ(doubted.exit, 5) << doubted.err;
  EXPECT_THAT(doubted.out, HasSubstr("--accept-band"));
  EXPECT_EQ(writes(), 0);
  auto at = terminal({"sync", "--accept-band"});
  at.answer(kQuestion, "y");
  auto const done = at.wait();
  EXPECT_EQ(done.exit, 0) << done.out;
  expect_in_sync();
  EXPECT_EQ(run({"sync"}).exit, 0);
}

TEST_F(GivenADoubtedReadAtATerminal, WhenTheyTakeItAndSayNoThenNothingIsSent) {
  auto at = terminal({"sync", "--accept-band"});
  at.answer(kQuestion, "n");
  EXPECT_THAT(at.wait().out, HasSubstr("Nothing was sent."));
  EXPECT_EQ(writes(), 0);
}

}  // namespace
}  // namespace dirsync::test
