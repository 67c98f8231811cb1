// Why somebody is in a target group, or is not, from what the store tells.
#include "daemon/cli/decision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::StartsWith;

struct GivenAda : testing::Test {
  GivenAda() {
    facts.user = "ada";
    facts.group = {"vault", "ops", store::HeldGroup{1, "vault", "7", "ops", true}};
    facts.names.push_back({"vault", "Ada", "12", EntryId{"e-1"}, "uid=ada,dc=example,dc=com"});
  }
  void hold() {
    store::HeldInterval held;
    held.rule = "unix";
    held.path = "cn=ops > uid=ada";
    facts.held = held;
  }
  json::object& target() {
    auto& targets = facts.plan["targets"];
    if (!targets.is_object()) targets = json::object{{"vault", json::object{{"verdict", "run"}}}};
    return targets.as_object()["vault"].as_object();
  }
  void plan(json::object change) {
    change["group"] = "ops";
    change["principal"] = "Ada";
    change["why"] = "member of cn=ops";
    target()["changes"] = json::array{std::move(change)};
  }
  void notice(char const* code, char const* text) {
    target()["notices"] =
        json::array{json::object{{"code", code}, {"group", "ops"}, {"principal", "ada"}, {"text", text}}};
  }
  Decision decided() const { return decide_why(facts); }
  AccessFacts facts;
};

TEST_F(GivenAda, WhenSheIsThereByUsThenGrantedWithRuleAndPath) {
  hold();
  auto const decision = decided();
  EXPECT_TRUE(decision.member);
  EXPECT_EQ(decision.code, "granted");
  EXPECT_THAT(decision.text, HasSubstr("because of rule unix: cn=ops > uid=ada."));
}

TEST_F(GivenAda, WhenSheIsAskedForByHerIdThenTheSentenceNamesHer) {
  facts.user = "e-1";
  EXPECT_THAT(decided().text, StartsWith("Ada is not in group ops of vault"));
  facts.names.front().principal.clear();
  EXPECT_THAT(decided().text, StartsWith("uid=ada,dc=example,dc=com is not in"));
  facts.user = "ada";
  EXPECT_THAT(decided().text, StartsWith("ada is not in")) << "as she was asked for";
}

TEST_F(GivenAda, WhenHerRemovalWaitsThenAMemberWhoseRemovalIsUnconfirmed) {
  hold();
  plan({{"verb", "remove"}, {"outcome", "unconfirmed"}});
  EXPECT_TRUE(decided().member);
  EXPECT_EQ(decided().code, "unconfirmed");
}

TEST_F(GivenAda, WhenHerRemovalIsFrozenThenAMemberWhoseRemovalIsSo) {
  hold();
  target()["reasons"] = json::array{json::object{{"code", "frozen"}, {"text", "an audit"}}};
  plan({{"verb", "remove"}, {"frozen", true}});
  EXPECT_TRUE(decided().member);
  EXPECT_EQ(decided().code, "frozen");
  EXPECT_THAT(decided().text, HasSubstr("an audit"));
  plan({{"verb", "remove"}});
  EXPECT_EQ(decided().code, "pending") << "something else is frozen";
}

TEST_F(GivenAda, WhenSomebodyElsePutHerThereThenForeign) {
  facts.foreign = {"ADA"};
  EXPECT_TRUE(decided().member);
  EXPECT_EQ(decided().code, "foreign");
}

TEST_F(GivenAda, WhenHerAdditionIsInAPlanThenItsStateTells) {
  plan({{"verb", "add"}});
  EXPECT_EQ(decided().code, "pending");
  target()["verdict"] = "hold";
  EXPECT_EQ(decided().code, "held");
  plan({{"verb", "add"}, {"outcome", "blocked"}, {"code", "protected"}, {"detail", "it is protected"}});
  EXPECT_EQ(decided().code, "blocked");
  EXPECT_THAT(decided().text, HasSubstr("it is protected"));
  plan({{"verb", "add"}, {"outcome", "failed"}});
  EXPECT_EQ(decided().code, "pending");
  facts.set_aside.push_back({"vault", "ops", "ada", "refused", 2, Time{}});
  EXPECT_EQ(decided().code, "set-aside");
  EXPECT_FALSE(decided().member);
}

TEST_F(GivenAda, WhenANoticeTellsOfHerThenItsText) {
  notice("waiting", "no user ada in the target yet");
  EXPECT_EQ(decided().code, "waiting");
  EXPECT_THAT(decided().text, HasSubstr("no user ada in the target yet"));
  notice("unclear-account", "nobody can tell");
  EXPECT_EQ(decided().code, "ambiguous");
}

TEST_F(GivenAda, WhenTheTargetWouldCallHerByHerAddressThenTheNoticeIsOfHer) {
  target()["notices"] = json::array{json::object{
      {"code", "waiting"}, {"group", ""}, {"principal", "ada@example.com"}, {"text", "no such user yet"}}};
  EXPECT_EQ(decided().code, "waiting");
  target()["notices"] = json::array{json::object{
      {"code", "waiting"}, {"group", ""}, {"principal", "adam@example.com"}, {"text", "no such user yet"}}};
  EXPECT_EQ(decided().code, "not-selected");
}

TEST_F(GivenAda, WhenTheSourcesNameHerAndSheIsLeftOutThenWhy) {
  facts.left_out = {.group = "ops", .disabled = {EntryId{"e-1"}}, .excluded = {}};
  EXPECT_EQ(decided().code, "disabled");
  facts.left_out.excluded = {EntryId{"e-1"}};
  EXPECT_EQ(decided().code, "excluded");
}

TEST_F(GivenAda, WhenANoticeHasADnThenThatTellsWhomItIsAbout) {
  auto const of = [this](char const* dn) {
    target()["notices"] = json::array{json::object{
        {"code", "ambiguous"}, {"principal", "ada@example.com"}, {"text", "two of that name"}, {"dn", dn}}};
  };
  of("uid=ada,dc=example,dc=com");
  EXPECT_EQ(decided().code, "ambiguous");
  of("uid=adam,dc=example,dc=com");
  EXPECT_EQ(decided().code, "not-selected");
}

TEST_F(GivenAda, WhenTheTargetCallsHerOtherwiseThenSetAsideByThatName) {
  plan({{"verb", "add"}, {"outcome", "failed"}});
  target()["changes"].as_array()[0].as_object()["principal"] = "ada@example.com";
  target()["changes"].as_array()[0].as_object()["id"] = "e-1";
  facts.set_aside.push_back({"vault", "ops", "adam@example.com", "refused", 2, Time{}});
  EXPECT_EQ(decided().code, "pending");
  facts.set_aside.push_back({"vault", "ops", "ada@example.com", "refused", 2, Time{}});
  EXPECT_EQ(decided().code, "set-aside");
}

TEST_F(GivenAda, WhenItsGroupIsSetAsideThenSheIs) {
  plan({{"verb", "add"}, {"outcome", "skipped"}});
  facts.set_aside.push_back({"vault", "ops", "", "no such name", 2, Time{}});
  EXPECT_EQ(decided().code, "set-aside");
  EXPECT_THAT(decided().text, HasSubstr("no such name"));
}

TEST_F(GivenAda, WhenPersonsHaveDecidedSinceThenWhatTheyDecided) {
  plan({{"verb", "add"}});
  target()["verdict"] = "hold";
  facts.plan["reasons"] = json::array{json::object{{"code", "additions"}, {"text", "too many"}}};
  EXPECT_THAT(decided().text, HasSubstr("waits for a person, because too many"));
  facts.decided = StoredPlan{.digest = PlanDigest{"1"},
                             .run = RunId{1},
                             .first_seen = Time{},
                             .last_seen = Time{},
                             .state = StoredPlan::State::rejected,
                             .decided = Time{},
                             .decided_by = "uid:1000 (eve)",
                             .document_json = "",
                             .decided_why = "not now"};
  EXPECT_EQ(decided().code, "held");
  EXPECT_THAT(decided().text, HasSubstr("rejected by uid:1000 (eve) at 1970-01-01T00:00:00.000Z: not now"));
  facts.decided->state = StoredPlan::State::approved;
  EXPECT_EQ(decided().code, "pending");
  EXPECT_THAT(decided().text, HasSubstr("approved by uid:1000 (eve)"));
}

TEST_F(GivenAda, WhenFrozenOrThawedSinceThenAsItIsNow) {
  plan({{"verb", "add"}});
  facts.freezes = std::vector<Freeze>{{.target = "",
                                       .removals_alone = false,
                                       .reason = "an audit",
                                       .actor = "uid:0 (root)",
                                       .since = Time{}}};
  EXPECT_EQ(decided().code, "frozen");
  EXPECT_THAT(decided().text, HasSubstr("an audit. `dirsyncd thaw`"));
  facts.freezes->front().removals_alone = true;
  EXPECT_EQ(decided().code, "pending");
  facts.freezes->clear();
  target()["verdict"] = "hold";
  target()["reasons"] = json::array{json::object{{"code", "frozen"}, {"text", "an audit"}}};
  plan({{"verb", "add"}, {"frozen", true}});
  EXPECT_EQ(decided().code, "pending") << "it was thawed";
}

TEST_F(GivenAda, WhenNothingIsChangedInTheGroupThenBlocked) {
  target()["notices"] =
      json::array{json::object{{"code", "protected"}, {"group", "ops"}, {"text", "ops is protected"}}};
  EXPECT_EQ(decided().code, "blocked");
  EXPECT_THAT(decided().text, HasSubstr("ops is protected"));
}

TEST_F(GivenAda, WhenSheWasLetInForSomebodyElseThenAMemberWhomAPersonIsToTakeOut) {
  facts.foreign = {"Ada"};
  Blocked let_in;
  let_in.change.group = "ops";
  let_in.change.principal = "Ada";
  let_in.code = "stranger";
  let_in.reason = "take that member out by hand";
  facts.blocked.push_back(let_in);
  EXPECT_TRUE(decided().member);
  EXPECT_EQ(decided().code, "blocked");
}

TEST_F(GivenAda, WhenSheIsThereByOthersAndIsToGoThenWhatThatWaitsFor) {
  facts.foreign = {"Ada"};
  plan({{"verb", "remove"}, {"rule", "unix"}});
  target()["verdict"] = "hold";
  EXPECT_TRUE(decided().member);
  EXPECT_EQ(decided().code, "held");
  EXPECT_EQ(decided().rule, "unix");
}

TEST_F(GivenAda, WhenOneRuleFeedsTheGroupThenItIsNamed) {
  facts.rule = "unix";
  facts.left_out = {.group = "ops", .disabled = {}, .excluded = {EntryId{"e-1"}}};
  EXPECT_EQ(decided().rule, "unix");
  EXPECT_THAT(decided().text, HasSubstr("exclude_people of rule unix leaves them out"));
}

TEST_F(GivenAda, WhenLaterRunsDidNotReadTheTargetThenThatIsSaidAsWell) {
  hold();
  facts.run = RunRecord{};
  facts.run->id = RunId{7};
  facts.unread = "no answer from vault";
  EXPECT_EQ(decided().code, "granted");
  EXPECT_THAT(decided().text, HasSubstr(" Since run 7 no run has read vault: no answer from vault."));
}

TEST_F(GivenAda, WhenNothingTellsOfHerThenNotSelected) { EXPECT_EQ(decided().code, "not-selected"); }

TEST_F(GivenAda, WhenNobodyKnowsUserOrGroupThenSaid) {
  facts.names.clear();
  EXPECT_EQ(decided().code, "unknown-user");
  facts.group.kept.reset();
  EXPECT_EQ(decided().code, "unknown-group");
}

}  // namespace
}  // namespace dirsync::cli
