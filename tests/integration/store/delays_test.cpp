// How long changes took, beside their rows.
#include <gmock/gmock.h>

#include "tests/integration/store/signed_trail.hpp"

namespace dirsync::store {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct GivenDelays : OpenStore {
  void settle(Verb verb, std::string const& principal, std::optional<std::chrono::milliseconds> delay,
              Outcome outcome = Outcome::done) {
    auto change = add(principal);
    change.verb = verb;
    auto settled = with(change, outcome);
    settled.delay = delay;
    ASSERT_TRUE(store.settle(intend(change), settled));
  }
};

TEST_F(GivenDelays, WhenReadThenThoseOfRemovalsFromTheShortestOn) {
  settle(Verb::add, "ann", 7ms);
  settle(Verb::remove, "ann", 2000ms);
  settle(Verb::remove, "bob", 0ms);
  settle(Verb::remove, "cid", std::nullopt);
  settle(Verb::remove, "dan", 86'400'000ms);
  EXPECT_THAT(store.removal_delays(Time{}).value(), ElementsAre(0ms, 2000ms, 86'400'000ms));
  EXPECT_EQ(
      ask("SELECT group_concat(coalesce(delay_ms, '-')) FROM (SELECT delay_ms FROM audit ORDER BY sequence)"),
      "7,2000,0,-,86400000");
}

TEST_F(GivenDelays, WhenOnlyLateOnesAreAskedForThenTheOthersDoNotCount) {
  settle(Verb::remove, "ann", 1ms);
  settle(Verb::remove, "bob", 2ms);
  auto const all = rows();
  EXPECT_THAT(store.removal_delays(all[1].time).value(), ElementsAre(2ms));
  EXPECT_THAT(store.removal_delays(all[1].time + 1ms).value(), IsEmpty());
}

TEST_F(GivenDelays, WhenOneIsAlteredOrNoNumberThenTheTrailHoldsAllTheSame) {
  settle(Verb::remove, "ann", 5ms);
  sql("DROP TRIGGER audit_is_not_updated; UPDATE audit SET delay_ms = 6");
  EXPECT_FALSE(store.verify_chain().value().fault) << "nothing vouches for it";
  EXPECT_EQ(rows().at(0).delay, 6ms);
  sql("UPDATE audit SET delay_ms = NULL");
  EXPECT_EQ(rows().at(0).delay, std::nullopt);
  EXPECT_FALSE(store.verify_chain().value().fault);
}

struct GivenDelaysToPrune : GivenSignedTrail {};

TEST_F(GivenDelaysToPrune, WhenTheirRowsArePrunedThenTheyAreGone) {
  auto store = hold();
  auto const begun = store.begin_run({clock->now(), "sync", "daemon", "c"}).value();
  Change change;
  change.n = 1;
  change.target = "vault";
  change.verb = Verb::remove;
  change.group = "Operators";
  change.group_id = "7";
  change.principal = "ann";
  auto const intents = store.intend(begun, PlanDigest{"p"}, "daemon", {&change, 1}).value();
  Settled settled{change, Outcome::done, ""};
  settled.delay = 5ms;
  ASSERT_TRUE(store.settle(intents.at(0), settled));
  EXPECT_THAT(store.removal_delays(Time{}).value(), ElementsAre(5ms));
  run(store, 1);
  ASSERT_TRUE(store.prune(rows().back().time, "jane").value());
  EXPECT_THAT(store.removal_delays(Time{}).value(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::store
