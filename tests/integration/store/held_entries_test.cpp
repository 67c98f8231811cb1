// Which entries of a directory have something because of us.
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

struct GivenEntries : OpenStore {
  bool is_held(std::set<std::string> const& people) {
    std::set<EntryId> entries;
    for (auto const& person : people) entries.insert(EntryId{"entry-" + person});
    return store.intervals().is_any_held(entries).value();
  }
  Change removal(std::string const& principal) const {
    auto change = add(principal);
    change.verb = Verb::remove;
    return change;
  }
};

TEST_F(GivenEntries, WhenNobodyWasGivenAnythingThenNobodyHolds) {
  EXPECT_FALSE(is_held({"ann", "bob"}));
  EXPECT_FALSE(is_held({}));
}

TEST_F(GivenEntries, WhenOneHasAMembershipThenUntilItIsTaken) {
  apply(add("ann"));
  EXPECT_TRUE(is_held({"ann"}));
  EXPECT_TRUE(is_held({"aaron", "ann", "bob"}));
  EXPECT_FALSE(is_held({"bob"}));
  apply(removal("ann"));
  EXPECT_FALSE(is_held({"ann"}));
}

TEST_F(GivenEntries, WhenOneOfTwoMembershipsIsTakenThenTheOtherHolds) {
  apply(add("ann", "7"));
  apply(add("ann", "8"));
  apply(removal("ann"));
  EXPECT_TRUE(is_held({"ann"}));
}

TEST_F(GivenEntries, WhenAnAdditionIsOnItsWayThenItMayBeThere) {
  auto const intent = intend(add("bob"));
  EXPECT_TRUE(is_held({"bob"}));
  ASSERT_TRUE(store.settle(intent, with(add("bob"), Outcome::failed)));
  EXPECT_FALSE(is_held({"bob"}));
}

}  // namespace
}  // namespace dirsync::store
