#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

struct GivenAStoreToFreeze : OpenStore {
  Freeze freeze(std::string target, std::optional<Time> until = std::nullopt) const {
    return {.target = std::move(target),
            .removals_alone = true,
            .reason = "an audit",
            .actor = "uid:1000 (alice)",
            .since = *parse_rfc3339("2026-11-21T20:00:00Z"),
            .until = until};
  }
  std::vector<std::string> results() {
    std::vector<std::string> results;
    AuditFilter filter;
    filter.action = "freeze";
    for (auto const& row : rows(filter)) results.push_back(row.target + " " + row.result);
    return results;
  }
  void set_aside(std::string const& target, std::vector<std::string> const& people) {
    std::vector<SetAside> objects;
    for (auto const& who : people)
      objects.push_back({target, "Operators", who, "refused", 3, clock->now() + std::chrono::hours{6}});
    ASSERT_TRUE(store.replace_set_aside(target, objects));
  }
};

TEST_F(GivenAStoreToFreeze, WhenFrozenThenKeptAcrossRestartsWithARow) {
  ASSERT_TRUE(store.freeze(freeze("vault")));
  ASSERT_TRUE(store.freeze(freeze("")));
  auto other = open();
  std::vector const kept{freeze(""), freeze("vault")};
  EXPECT_EQ(other.freezes().value(), kept);
  EXPECT_EQ(results(), (std::vector<std::string>{"vault frozen", " frozen"}));
  EXPECT_EQ(rows().back().actor, "uid:1000 (alice)");
  EXPECT_NE(rows().back().detail.find("an audit"), std::string::npos);
}

TEST_F(GivenAStoreToFreeze, WhenFrozenAgainThenTheLastOneCounts) {
  ASSERT_TRUE(store.freeze(freeze("vault")));
  auto second = freeze("vault", *parse_rfc3339("2026-11-22T20:00:00Z"));
  second.removals_alone = false;
  ASSERT_TRUE(store.freeze(second));
  EXPECT_EQ(store.freezes().value(), std::vector{second});
  EXPECT_EQ(results().size(), 2U);
}

TEST_F(GivenAStoreToFreeze, WhenAnotherConnectionFreezesThenThisOneSeesItAtOnce) {
  auto other = open();
  EXPECT_TRUE(store.freezes().value().empty());
  ASSERT_TRUE(other.freeze(freeze("vault")));
  EXPECT_EQ(store.freezes().value().size(), 1U);
}

TEST_F(GivenAStoreToFreeze, WhenOneTargetIsThawedThenTheOthersStayFrozen) {
  for (auto const* const target : {"", "vault", "console"}) ASSERT_TRUE(store.freeze(freeze(target)));
  auto const ended = store.thaw("vault", "uid:1001 (bob)", clock->now()).value();
  EXPECT_EQ(ended, std::vector{freeze("vault")});
  EXPECT_EQ(store.freezes().value().size(), 2U);
  EXPECT_EQ(rows().back().result, "thawed");
  EXPECT_EQ(rows().back().actor, "uid:1001 (bob)");
  EXPECT_TRUE(store.thaw("vault", "uid:1001 (bob)", clock->now()).value().empty());
  EXPECT_EQ(store.thaw("", "uid:1001 (bob)", clock->now()).value().size(), 2U);
  EXPECT_TRUE(store.freezes().value().empty());
}

TEST_F(GivenAStoreToFreeze, WhenItsTimeIsOverThenTheRunEndsItWithARow) {
  auto const until = *parse_rfc3339("2026-11-22T20:00:00Z");
  ASSERT_TRUE(store.freeze(freeze("vault", until)));
  ASSERT_TRUE(store.freeze(freeze("console")));
  EXPECT_TRUE(store.end_freezes(run, until - std::chrono::milliseconds{1}).value().empty());
  EXPECT_EQ(store.end_freezes(run, until).value(), std::vector{freeze("vault", until)});
  EXPECT_EQ(store.freezes().value(), std::vector{freeze("console")});
  EXPECT_EQ(rows().back().result, "expired");
  EXPECT_EQ(rows().back().run, run);
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_F(GivenAStoreToFreeze, WhenReadOnlyThenNothingCanBeFrozenOrEnded) {
  ASSERT_TRUE(store.freeze(freeze("vault")));
  auto reader = open(Options::Mode::read_only);
  EXPECT_EQ(reader.freezes().value().size(), 1U);
  EXPECT_ERROR(reader.freeze(freeze("")), StoreErrc::read_only);
  EXPECT_ERROR(reader.thaw("", "me", clock->now()), StoreErrc::read_only);
  EXPECT_ERROR(reader.retry({}, "me", clock->now()), StoreErrc::read_only);
}

TEST_F(GivenAStoreToFreeze, WhenSetAsideObjectsAreRetriedThenThoseThatFitAreDueAndKeepTheirCount) {
  set_aside("vault", {"ann", "bob"});
  set_aside("console", {"ann"});
  auto const now = clock->now();
  auto const meant = store.retry({.target = "vault", .group = "OPERATORS", .user = "Ann"}, "me", now).value();
  ASSERT_EQ(meant.size(), 1U);
  EXPECT_EQ(meant[0].principal, "ann");
  auto const vault = store.set_aside("vault").value();
  ASSERT_EQ(vault.size(), 2U);
  EXPECT_LE(vault[0].next_try, now);
  EXPECT_EQ(vault[0].attempts, 3);
  EXPECT_GT(vault[1].next_try, now);
  EXPECT_GT(store.set_aside("console").value().at(0).next_try, now);
  EXPECT_EQ(rows().back().phase + " " + rows().back().principal, "retry ann");
  EXPECT_EQ(store.retry({}, "me", now).value().size(), 3U);
  EXPECT_TRUE(store.retry({.target = "lab"}, "me", now).value().empty());
}

}  // namespace
}  // namespace dirsync::store
