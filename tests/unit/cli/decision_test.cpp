// Why somebody is in a target group, or is not, from what the store tells.
#include "daemon/cli/decision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using testing::HasSubstr;

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

TEST_F(GivenAda, WhenNothingTellsOfHerThenNotSelected) { EXPECT_EQ(decided().code, "not-selected"); }

TEST_F(GivenAda, WhenNobodyKnowsUserOrGroupThenSaid) {
  facts.names.clear();
  EXPECT_EQ(decided().code, "unknown-user");
  facts.group.kept.reset();
  EXPECT_EQ(decided().code, "unknown-group");
}

}  // namespace
}  // namespace dirsync::cli
