// kill -9 at every step of what people do to the store: it is done or not done, and said so (P5, P6).
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/crash_world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Both targets in sync, and u17 has left windows since.
class GivenSomebodyWhoLeft : public CrashWorld {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    leave("u17", "pam-windows");
  }
  std::size_t frozen() { return status().at("frozen").as_array().size(); }
};

TEST_F(GivenSomebodyWhoLeft, WhenAFreezeIsCutOffAnywhereThenItStandsWithItsRowOrNotAtAll) {
  prepare();
  Act const freeze{{"freeze", "--reason", "an audit"}};
  auto const then = [this, &freeze] {
    auto const standing = frozen();
    EXPECT_EQ(results("freeze").size(), standing);
    if (standing == 0) {
      EXPECT_EQ(run(freeze.words).exit, 0);
    }
    EXPECT_THAT(results("freeze"), ElementsAre("frozen"));
    sync(4);
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  };
  crash_everywhere(freeze, "file", then);
  fill_disk_for(freeze, then);
}

TEST_F(GivenSomebodyWhoLeft, WhenAThawIsCutOffAnywhereThenItsRowTellsWhetherItIsDone) {
  ASSERT_EQ(run({"freeze", "--reason", "an audit"}).exit, 0);
  prepare();
  Act const thaw{{"thaw"}};
  auto const then = [this, &thaw] {
    auto const standing = frozen();
    EXPECT_EQ(results("freeze").size(), 2 - standing);
    EXPECT_EQ(run(thaw.words).exit, 0);
    EXPECT_THAT(results("freeze"), ElementsAre("frozen", "thawed"));
    sync(0);
    expect_in_sync();
    expect_chain_holds();
  };
  crash_everywhere(thaw, "file", then);
  fill_disk_for(thaw, then);
}

TEST_F(GivenSomebodyWhoLeft, WhenARetryIsCutOffAnywhereThenItIsOfAllOrOfNone) {
  vault_->replace_faults(R"([{"route":"add-member","status":403,"count":0}])");
  join("u23", "team-b");
  EXPECT_NE(run({"sync"}).exit, 0);
  vault_->replace_faults("[]");
  auto const aside = status().at("targets").at("vault").at("set_aside").as_array().size();
  ASSERT_GT(aside, 0U);
  prepare();
  Act const retry{{"retry", "--target", "vault"}};
  auto const then = [this, &retry, aside] {
    auto const rows = results("retry").size();
    EXPECT_TRUE(rows == 0 || rows == aside) << rows << " of " << aside;
    if (rows == 0) {
      EXPECT_EQ(run(retry.words).exit, 0);
    }
    EXPECT_EQ(results("retry").size(), aside);
    sync(0);
    expect_in_sync();
    expect_chain_holds();
  };
  crash_everywhere(retry, "file", then);
  fill_disk_for(retry, then);
}

TEST_F(GivenSomebodyWhoLeft, WhenARunIsCutOffAnywhereThenTheTrailIsSignedAndHolds) {
  prepare();
  Act const sync_once{{"sync"}};
  auto const then = [this] {
    expect_chain_holds();
    sync(0);
    expect_in_sync();
    auto const removals = audit({"--user", "u17", "--action", "remove"});
    auto const is_done = [](json::object const& row) { return text_at(row, "result") == "done"; };
    EXPECT_EQ(std::ranges::count_if(removals, is_done), 1);
    auto const report = document(run({"log", "verify", "--json"}));
    EXPECT_TRUE(report.at("holds").as_bool());
    EXPECT_TRUE(report.at("signatures_checked").as_bool());
    EXPECT_GT(report.at("checkpoints").to_number<int>(), 0);
    EXPECT_EQ(report.at("checkpoints_of_other_keys").to_number<int>(), 0);
    EXPECT_THAT(results("store"), IsEmpty());
  };
  crash_everywhere(sync_once, "file", then);
  fill_disk_for(sync_once, then);
}

/// The very first plan, which waits for two people.
class GivenAPlanForTwoPeople : public CrashWorld {
 protected:
  GivenAPlanForTwoPeople() { configuration.limits_keys = "approvals = 2\n"; }
  void SetUp() override {
    World::SetUp();
    digest_ = text_at(sync(4).as_object(), "digest");
  }
  json::array held() { return status().at("held").as_array(); }
  std::string digest_;
};

TEST_F(GivenAPlanForTwoPeople, WhenTheRunThatHoldsItIsKilledAfterAnyFlushThenTheTrailTellsOfIt) {
  join("u23", "team-b");  // another plan
  prepare();
  Act const hold{.words = {"sync"}, .exit = 4};
  crash_everywhere(hold, "journal", [this] {
    auto const digest = text_at(sync(4).as_object(), "digest");
    EXPECT_NE(digest, digest_);
    auto const rows = audit({"--action", "hold"});
    auto const is_of_it = [&digest](json::object const& row) { return text_at(row, "plan") == digest; };
    EXPECT_TRUE(std::ranges::any_of(rows, is_of_it));
    EXPECT_EQ(held().size(), 1U);
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  });
}

TEST_F(GivenAPlanForTwoPeople, WhenTheFirstApprovalIsCutOffAnywhereThenItCountsOnceWithItsRow) {
  prepare();
  Act const approve{{"approve", digest_}};
  auto const given = [this] { return held().at(0).at("approvals").at("given").as_array().size(); };
  auto const then = [this, &approve, &given] {
    auto const before = given();
    EXPECT_EQ(results("approve").size(), before);
    EXPECT_EQ(run(approve.words).exit, before == 0 ? 0 : 4) << "whoever has approved is told so";
    EXPECT_EQ(given(), 1U);
    sync(4);
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  };
  crash_everywhere(approve, "file", then);
  fill_disk_for(approve, then);
}

TEST_F(GivenAPlanForTwoPeople, WhenTheSecondApprovalIsCutOffAnywhereThenThePlanRunsOnceBothAreThere) {
  ASSERT_EQ(run({"approve", digest_}).exit, 0);
  prepare();
  Act const approve{{"approve", digest_}, {{"SUDO_UID", "33"}}};
  auto const second = run(approve.words, approve.environment);
  if (!text_at(audit({"--action", "approve"}).back(), "actor").starts_with("uid:33 "))
    GTEST_SKIP() << "only root without a login can be another person";
  EXPECT_EQ(second.exit, 0) << second.err;
  auto const then = [this, &approve] {
    auto const rows = results("approve").size();
    if (rows == 1) {
      sync(4);
      EXPECT_EQ(writes(), 0);
      EXPECT_EQ(run(approve.words, approve.environment).exit, 0);
    }
    EXPECT_THAT(results("approve"), ElementsAre("approved", "approved"));
    sync(0);
    expect_in_sync();
    expect_chain_holds();
  };
  crash_everywhere(approve, "file", then);
  fill_disk_for(approve, then);
}

TEST_F(GivenAPlanForTwoPeople, WhenARejectionIsCutOffAnywhereThenThePlanWaitsOrIsRejected) {
  prepare();
  Act const reject{{"reject", digest_, "--reason", "not before Monday"}};
  auto const then = [this, &reject] {
    auto const rows = results("approve").size();
    EXPECT_EQ(held().size(), rows == 0 ? 1U : 0U);
    if (rows == 0) {
      EXPECT_EQ(run(reject.words).exit, 0);
    }
    EXPECT_THAT(results("approve"), ElementsAre("rejected"));
    EXPECT_THAT(json::serialize(sync(4).at("reasons")), HasSubstr("\"rejected\""));
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  };
  crash_everywhere(reject, "file", then);
  fill_disk_for(reject, then);
}

}  // namespace
}  // namespace dirsync::test
