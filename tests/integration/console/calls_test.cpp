// How many calls a run needs, on a console of thousands of people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/console/console_plant.hpp"

namespace dirsync::console {
namespace {
namespace json = sim::json;
using engine::Exit;

constexpr char kLook[] = "GET /api/users/{id}";
constexpr char kWrite[] = "PUT /api/users/{id}";

std::vector<std::string> people(int count) {
  std::vector<std::string> uids;
  for (int n = 0; n < count; ++n) uids.push_back("person" + std::to_string(n));
  return uids;
}

json::object state_with(std::vector<std::string> const& uids) {
  json::array users;
  for (auto const& uid : uids)
    users.push_back({{"userName", uid}, {"roles", json::array{"Insights Viewer"}}});
  return {{"users", std::move(users)}};
}

std::int64_t pages_of(std::int64_t entries) {
  constexpr std::int64_t kSize = ConsolePlant::kPageSize;
  return std::max<std::int64_t>(1, (entries + kSize - 1) / kSize);
}

class GivenPeopleInAConsole {
 protected:
  explicit GivenPeopleInAConsole(int count)
      : uids_{people(count)}, bed_{"infer-2021", "infer-3", state_with(uids_)} {
    bed_.people(uids_);
  }
  void groups(std::vector<std::string> const& names, std::vector<std::string> const& members) {
    for (auto const& name : names) bed_.plant.corp.world.group(name, members);
  }
  void expect_everybody_in(std::set<std::string> const& groups) const {
    auto const of_each = bed_.groups_of_each();
    for (auto const& uid : uids_) EXPECT_EQ(of_each.at(uid), groups) << uid;
  }
  static std::ptrdiff_t done(engine::Report const& report, Verb verb) {
    return std::ranges::count_if(report.outcomes, [verb](Settled const& settled) {
      return settled.change.verb == verb && settled.outcome == Outcome::done;
    });
  }

  std::vector<std::string> uids_;
  ConsolePlant bed_;
};

struct GivenFiveThousandPeople : testing::Test, GivenPeopleInAConsole {
  GivenFiveThousandPeople() : GivenPeopleInAConsole{5'000} {}
};

TEST_F(GivenFiveThousandPeople, WhenThreeGroupsOfEachChangeThenOneWriteForEachPersonAndNoneInTheNextRun) {
  groups({"a", "b", "c"}, uids_);
  auto const report = bed_.run(Exit::done);
  EXPECT_EQ(done(report, Verb::add), 15'000);
  EXPECT_EQ(bed_.routes()[kWrite], 5'000);
  EXPECT_EQ(bed_.routes()[kLook], 10'000);
  EXPECT_EQ(bed_.simulator().counters().writes, 5'003);  // and the three groups
  expect_everybody_in({"a", "b", "c"});
  bed_.expect_harmless();

  bed_.simulator().forget_calls();
  EXPECT_TRUE(bed_.run(Exit::done).plan.changes.empty());
  EXPECT_EQ(bed_.simulator().counters().writes, 0);
  EXPECT_EQ(bed_.routes()[kLook], 0);
}

/// Each of them is in a, b and c; "keeper" is in all six groups, which are thus there.
struct GivenPeopleWhoMove : testing::Test, GivenPeopleInAConsole {
  static constexpr int kPeople = 250;
  GivenPeopleWhoMove() : GivenPeopleInAConsole{kPeople} {
    EXPECT_EQ(bed_.simulator().edit(json::object{{"op", "add_user"}, {"user", {{"userName", "keeper"}}}}),
              std::nullopt);
    bed_.people({"keeper"});
    groups({"a", "b", "c", "d", "e", "f"}, {"keeper"});
    join({"a", "b", "c"});
    bed_.run(Exit::done);
    bed_.simulator().forget_calls();
  }
  void join(std::vector<std::string> const& names) {
    for (auto const& name : names)
      for (auto const& uid : uids_) bed_.plant.corp.world.join(name, uid);
  }
};

TEST_F(GivenPeopleWhoMove, WhenSixMembershipsOfEachChangeThenEachPersonIsLookedAtWrittenAndLookedAt) {
  for (auto const* name : {"a", "b", "c"}) bed_.plant.corp.world.group(name, {"keeper"});
  join({"d", "e", "f"});
  auto const report = bed_.run(Exit::done);
  EXPECT_EQ(done(report, Verb::add), 3 * kPeople);
  EXPECT_EQ(done(report, Verb::remove), 3 * kPeople);
  expect_everybody_in({"d", "e", "f"});
  bed_.expect_harmless();

  // Two default groups, that of the service user, three with everybody, three with the keeper alone; the
  // same six once more when the run looks at what it changed.
  auto const large = pages_of(kPeople + 1);
  std::map<std::string, std::int64_t> const expected = {
      {"GET /api/roles", 1},
      {"GET /api/groups", 1},
      {"GET /api/console-groups/{id}/users", 3 + 2 * (3 * large + 3)},
      {"GET /api/groups/{id}", 6},
      {"GET /api/users", pages_of(kPeople + 3)},
      {kLook, 2 * kPeople},
      {kWrite, kPeople},
  };
  EXPECT_EQ(bed_.routes(), expected);
}

}  // namespace
}  // namespace dirsync::console
