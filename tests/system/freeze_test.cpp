// What people stop, let go on, try again, and decide together.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/service_at_rest.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// Codes of the reasons of a plan's document.
std::vector<std::string> reasons_of(json::value const& document) {
  std::vector<std::string> codes;
  for (auto const& reason : document.at("reasons").as_array())
    codes.push_back(text_at(reason.as_object(), "code"));
  return codes;
}

class GivenFrozenTargets : public World {
 protected:
  GivenFrozenTargets() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  Finished freeze(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"freeze", "--reason", "an audit"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::vector<std::string> results(std::string const& action) {
    std::vector<std::string> results;
    for (auto const& row : audit({"--action", action})) results.push_back(text_at(row, "result"));
    return results;
  }
};

TEST_F(GivenFrozenTargets, WhenAllAreThenNothingIsSentUntilTheyAreThawed) {
  auto const frozen = freeze();
  ASSERT_EQ(frozen.exit, 0) << frozen.err;
  EXPECT_THAT(frozen.out, AllOf(StartsWith("frozen: changes of all targets"), HasSubstr("an audit")));
  auto const held = sync(4);
  EXPECT_EQ(text_at(held.as_object(), "verdict"), "hold");
  EXPECT_THAT(reasons_of(held), Each("frozen"));
  EXPECT_EQ(text_at(held.at("frozen").as_array().at(0).as_object(), "reason"), "an audit");
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"plan"}).exit, 0);
  EXPECT_THAT(run({"plan"}).out, AllOf(HasSubstr("Frozen by a person"), HasSubstr(" thaw")));
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 4);
  auto const status = document(run({"status", "--json"}));
  EXPECT_EQ(status.at("freeze"), status.at("frozen").as_array().at(0));
  EXPECT_TRUE(status.at("freeze").at("target").is_null());
  EXPECT_THAT(run({"status"}).out, StartsWith("FROZEN: changes of all targets are frozen by uid:"));

  auto const thawed = run({"thaw", "--json"});
  EXPECT_EQ(thawed.exit, 0) << thawed.err;
  EXPECT_EQ(document(thawed).at("thawed").as_array().size(), 1U);
  sync(0);
  expect_in_sync();
  EXPECT_THAT(results("freeze"), ElementsAre("frozen", "thawed"));
  EXPECT_TRUE(document(run({"status", "--json"})).at("freeze").is_null());
  EXPECT_EQ(run({"thaw"}).exit, 0) << "nothing is frozen any more, as was asked for";
  expect_chain_holds();
}

TEST_F(GivenFrozenTargets, WhenRemovalsAreThenAdditionsGoOnAndLeaversStayUntilThen) {
  join("u22", "team-b");
  sync(0);
  disable("u22");
  join("u23", "team-b");
  ASSERT_EQ(freeze({"--removals"}).exit, 0);
  auto const held = run({"sync"});
  EXPECT_EQ(held.exit, 4) << held.err;
  EXPECT_THAT(held.out, HasSubstr("people who are gone or disabled"));
  EXPECT_THAT(audit({"--user", "u22", "--action", "remove"}), IsEmpty());
  EXPECT_THAT(audit({"--user", "u23", "--action", "add"}), Not(IsEmpty()));
  EXPECT_EQ(run({"thaw"}).exit, 0);
  sync(0);
  EXPECT_THAT(vault_->memberships().at("unix"), AllOf(Not(Contains("u22")), Contains("u23")));
}

TEST_F(GivenFrozenTargets, WhenOneIsThenTheOtherGoesOn) {
  auto const frozen = freeze({"--target", "console"});
  ASSERT_EQ(frozen.exit, 0) << frozen.err;
  EXPECT_THAT(frozen.out, HasSubstr(" thaw --target console`"));
  auto const held = sync(4);
  EXPECT_EQ(text_at(held.at("targets").at("vault").as_object(), "verdict"), "run");
  EXPECT_EQ(text_at(held.at("targets").at("console").as_object(), "verdict"), "hold");
  EXPECT_EQ(console_->writes(), 0);
  EXPECT_GT(vault_->writes(), 0);
  EXPECT_EQ(run({"thaw", "--target", "console"}).exit, 0);
  sync(0);
  expect_in_sync();
}

TEST_F(GivenFrozenTargets, WhenItIsAskedForWronglyThenRefusedWithWhatIsWrong) {
  EXPECT_EQ(run({"freeze"}).exit, 2);
  EXPECT_THAT(run({"freeze", "--reason", " "}).err, HasSubstr("say why"));
  EXPECT_THAT(run({"freeze", "--reason", "a\nb"}).err, HasSubstr("control characters"));
  EXPECT_THAT(run({"freeze", "--reason", std::string(501, 'x')}).err, HasSubstr("at most 500 bytes"));
  auto const unknown = freeze({"--target", "vualt"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("vualt"), HasSubstr("vault")));
  EXPECT_THAT(freeze({"--until", "2020-01-01T00:00:00Z"}).err, HasSubstr("is over already"));
  EXPECT_EQ(freeze({"--until", "soon"}).exit, 2);
  EXPECT_EQ(run({"thaw", "--target", "vualt"}).exit, 2);
  EXPECT_THAT(results("freeze"), IsEmpty());
  ASSERT_EQ(freeze({"--until", "4h"}).exit, 0);
  auto const narrow = run({"thaw", "--target", "vault"});
  EXPECT_EQ(narrow.exit, 2);
  EXPECT_THAT(narrow.err, HasSubstr("all targets together"));
}

TEST_F(GivenFrozenTargets, WhenAnotherFreezeTakesThePlaceOfOneThenToldOfWhich) {
  EXPECT_FALSE(document(freeze({"--json"})).as_object().contains("replaced"));
  auto const lesser = run({"freeze", "--removals", "--until", "4h", "--reason", "additions may go on"});
  EXPECT_EQ(lesser.exit, 0) << lesser.err;
  EXPECT_THAT(lesser.out, AllOf(StartsWith("frozen: removals in all targets"),
                                HasSubstr("takes the place of: changes of all targets are frozen by")));
  auto const again = document(freeze({"--json"}));
  EXPECT_EQ(text_at(again.at("replaced").as_object(), "reason"), "additions may go on");
  EXPECT_EQ(again.at("frozen").as_array().size(), 1U);
  auto const beside = document(freeze({"--target", "vault", "--json"}));
  EXPECT_FALSE(beside.as_object().contains("replaced"));
  EXPECT_EQ(beside.at("frozen").as_array().size(), 2U);
}

TEST_F(GivenFrozenTargets, WhenItsTimeIsOverThenTheNextRunEndsIt) {
  ASSERT_EQ(freeze({"--until", "1s"}).exit, 0);
  auto const is_over = [this] { return document(run({"status", "--json"})).at("frozen").as_array().empty(); };
  ASSERT_TRUE(eventually(is_over));
  sync(0);
  expect_in_sync();
  EXPECT_THAT(results("freeze"), ElementsAre("frozen", "expired"));
}

class GivenAFrozenPlanThatWaits : public GivenFrozenTargets {
 protected:
  GivenAFrozenPlanThatWaits() { configuration.limits_keys = ""; }
};

TEST_F(GivenAFrozenPlanThatWaits, WhenApprovedThenItLiftsNothingAndIsGoodAfterwards) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  ASSERT_EQ(freeze().exit, 0);
  auto const approved = run({"approve", digest, "--reason", "looked at"});
  EXPECT_EQ(approved.exit, 0) << approved.err;
  EXPECT_THAT(approved.out, AllOf(HasSubstr("frozen by"), HasSubstr("No approval lifts that")));
  sync(4);
  auto const at_once = run({"sync", "--approve", digest});
  EXPECT_EQ(at_once.exit, 4);
  EXPECT_THAT(at_once.err, HasSubstr("No approval lifts that"));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"thaw"}).exit, 0);
  sync(0);
  expect_in_sync();
  EXPECT_EQ(text_at(audit({"--action", "approve"}).front(), "detail"), "looked at");
}

class GivenAPlanForTwoPeopleToApprove : public GivenFrozenTargets {
 protected:
  GivenAPlanForTwoPeopleToApprove() { configuration.limits_keys = "approvals = 2\n"; }
};

TEST_F(GivenAPlanForTwoPeopleToApprove, WhenOnePersonDoesSoTwiceThenRefusedAndASecondOneLetsItRun) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  auto const first = run({"approve", digest});
  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("1 of 2 approvals"));
  auto const again = run({"approve", digest, "--json"});
  EXPECT_EQ(again.exit, 4);
  EXPECT_EQ(text_at(document(again).at("error").as_object(), "code"), "same-person");
  EXPECT_THAT(again.err, HasSubstr("different people"));
  EXPECT_THAT(results("approve"), ElementsAre("approved", "refused"));
  auto const held = document(run({"status", "--json"})).at("held").as_array().at(0).as_object();
  EXPECT_EQ(held.at("approvals").at("needed").to_number<int>(), 2);
  EXPECT_EQ(held.at("approvals").at("given").as_array().size(), 1U);
  EXPECT_THAT(reasons_of(sync(4)), testing::Contains("approvals"));
  EXPECT_EQ(writes(), 0);

  auto const second = run({"approve", digest}, {{"SUDO_UID", "33"}});
  auto const actor = text_at(audit({"--action", "approve"}).back(), "actor");
  if (!actor.starts_with("uid:33 ")) {
    EXPECT_EQ(second.exit, 4) << "whoever is not root, or has logged in, is who they are";
    GTEST_SKIP() << "only root without a login can be another person";
  }
  EXPECT_EQ(second.exit, 0) << second.err;
  EXPECT_THAT(text_at(sync(0).at("approved").as_object(), "by"), HasSubstr(" and uid:33 "));
  expect_in_sync();
  expect_chain_holds();
}

TEST_F(GivenAPlanForTwoPeopleToApprove, WhenOneApprovesWithTheirRunThenItsReasonIsKeptAndShown) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  auto const lonely = run({"sync", "--reason", "as announced"});
  EXPECT_EQ(lonely.exit, 2);
  EXPECT_THAT(lonely.err, HasSubstr("--approve DIGEST"));
  EXPECT_EQ(run({"sync", "--approve", digest, "--reason", "a\nb"}).exit, 2);
  EXPECT_THAT(results("approve"), IsEmpty());
  EXPECT_EQ(run({"sync", "--approve", digest, "--reason", "as announced"}).exit, 4);
  EXPECT_EQ(text_at(audit({"--action", "approve"}).back(), "detail"), "approval 1 of 2: as announced");
  EXPECT_THAT(run({"status"}).out, AllOf(HasSubstr("1 of 2 approvals"), HasSubstr("as announced")));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenAPlanForTwoPeopleToApprove, WhenRejectedThenItWaitsForNobodyAndSaysWhoAndWhy) {
  auto const digest = text_at(sync(4).as_object(), "digest");
  EXPECT_EQ(run({"reject", digest, "--reason", "not before Monday"}).exit, 0);
  auto const held = sync(4);
  EXPECT_EQ(text_at(held.as_object(), "digest"), digest);
  EXPECT_THAT(json::serialize(held.at("reasons")),
              AllOf(HasSubstr("\"rejected\""), HasSubstr("not before Monday")));
  EXPECT_TRUE(document(run({"status", "--json"})).at("held").as_array().empty());
  EXPECT_EQ(text_at(audit({"--action", "approve"}).back(), "detail"), "not before Monday");
  join("u23", "team-b");
  auto const changed = sync(4);
  EXPECT_THAT(reasons_of(changed), Not(testing::Contains("rejected")));
  leave("u23", "team-b");
  EXPECT_THAT(reasons_of(sync(4)), testing::Contains("rejected")) << "it is what it was again";
  EXPECT_EQ(run({"approve", text_at(changed.as_object(), "digest")}).exit, 4) << "it is another by now";
  EXPECT_EQ(results("approve").back(), "refused");
  EXPECT_EQ(writes(), 0);
}

class GivenAServiceThatWrites : public GivenAServiceAtRest {
 protected:
  void SetUp() override {
    World::SetUp();
    vault_->replace_faults(R"([{"route":"add-member","delay_ms":150,"count":0}])");
    start_service();
    ASSERT_TRUE(eventually([this] { return vault_->writes() >= 5; })) << service_->err();
  }
};

TEST_F(GivenAServiceThatWrites, WhenAPersonFreezesThenItStopsBeforeTheNextWriteAndGoesOnOnceThawed) {
  auto const frozen = run({"freeze", "--reason", "wrong people"});
  ASSERT_EQ(frozen.exit, 0) << frozen.err;
  ASSERT_TRUE(says("event=run_finished")) << service_->err();
  EXPECT_TRUE(says("event=frozen ")) << service_->err();
  vault_->replace_faults("[]");
  auto const changes = vault_->get("counters").at("changes").to_number<std::size_t>();
  auto wanted = 0U;
  for (auto const& [group, members] : expected_in_vault()) wanted += 1 + members.size();
  EXPECT_LT(changes, wanted) << "it was frozen too late to show anything";
  auto const left = audit({"--target", "vault", "--action", "run"});
  ASSERT_EQ(left.size(), 1U) << "one row for all that was not sent";
  EXPECT_THAT(text_at(left.front(), "detail"), HasSubstr("wrong people"));
  auto const newest = document(run({"runs", "--json", "--limit", "1"})).at("runs").as_array().front();
  EXPECT_EQ(newest.at("exit").to_number<int>(), 4);

  forget_calls();
  EXPECT_EQ(run({"sync"}).exit, 4);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"thaw"}).exit, 0);
  EXPECT_EQ(run({"sync"}).exit, 0);
  expect_in_sync();
  for (auto const& row : audit({"--action", "freeze"}))
    EXPECT_THAT(text_at(row, "actor"), StartsWith("uid:"));
  EXPECT_EQ(stop_service().exit, 0);
  expect_chain_holds();
}

TEST_F(GivenAServiceAtRest, WhenFrozenOverTheSocketThenTheTrailNamesThePeer) {
  auto const frozen = post("/v1/freeze", R"({"reason": "an audit", "target": "vault", "removals": true})");
  EXPECT_THAT(frozen, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("dirsyncd-exit: 0"),
                            HasSubstr("\"target\":\"vault\"")));
  EXPECT_EQ(text_at(audit({"--action", "freeze"}).back(), "actor"), me());
  EXPECT_THAT(post("/v1/freeze", R"({"target": "vault"})"),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("say why")));
  EXPECT_THAT(post("/v1/freeze", R"({"reasons": "x"})"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/thaw", "{}"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\"frozen\":[]")));
  EXPECT_THAT(get("/v1/thaw"), StartsWith("HTTP/1.1 405"));
}

TEST_F(GivenAServiceAtRest, WhenATargetCouldNotBeReadThenItIsTriedAtOnceWhenAskedFor) {
  vault_->replace_faults(R"([{"path":"/","status":503,"count":0}])");
  join("u23", "team-b");
  for (auto times = 2; times > 0; --times) EXPECT_EQ(run({"sync"}).exit, 5);
  vault_->replace_faults("[]");
  auto const retried = run({"retry", "--target", "vault", "--json"});
  EXPECT_EQ(retried.exit, 0) << retried.err;
  EXPECT_TRUE(document(retried).at("at_once").as_bool());
  EXPECT_TRUE(eventually([this] {
    auto const newest = document(run({"runs", "--json", "--limit", "1"})).at("runs").as_array().front();
    return text_at(newest.as_object(), "trigger") == "daemon" && newest.at("exit") == json::value(0);
  })) << service_->err();
  expect_in_sync();
  stop_service();
  EXPECT_FALSE(document(run({"retry", "--json"})).at("at_once").as_bool()) << "nobody is there to do it";
}

TEST_F(GivenAServiceAtRest, WhenSomethingIsSetAsideThenItIsDueAgainOnceAskedFor) {
  vault_->replace_faults(R"([{"route":"add-member","status":403,"count":0}])");
  join("u23", "team-b");
  EXPECT_NE(run({"sync"}).exit, 0);
  vault_->replace_faults("[]");
  auto const aside = [this] {
    return document(run({"status", "--json"})).at("targets").at("vault").at("set_aside").as_array();
  };
  auto const before = aside();
  ASSERT_FALSE(before.empty());
  EXPECT_TRUE(document(run({"retry", "--user", "nobody", "--json"})).at("retried").as_array().empty());
  auto const retried = document(run({"retry", "--target", "vault", "--json"})).at("retried").as_array();
  EXPECT_EQ(retried.size(), before.size());
  EXPECT_THAT(post("/v1/retry", R"({"target": "vualt"})"), StartsWith("HTTP/1.1 400"));
  auto const rows = audit({"--action", "retry"});
  ASSERT_EQ(rows.size(), retried.size());
  EXPECT_THAT(text_at(rows.front(), "actor"), StartsWith("uid:"));
  EXPECT_EQ(run({"sync"}).exit, 0);
  expect_in_sync();
}

}  // namespace
}  // namespace dirsync::test
