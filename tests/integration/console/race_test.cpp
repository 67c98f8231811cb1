// Somebody else changes the same people while they are written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/console/console_plant.hpp"

namespace dirsync::console {
namespace {
namespace json = sim::json;
using engine::Exit;
using testing::Each;
using testing::HasSubstr;
using Groups = std::set<std::string>;

struct Release {
  char const* set;
  char const* profile;
};

/// 500 people, all in a group made by hand, who are to come into "ops", a group that is not there yet.
class GivenAnotherWriter : public testing::TestWithParam<Release> {
 protected:
  static constexpr int kPeople = 500;
  static std::string uid(int n) { return "person" + std::to_string(n); }

  static json::object state() {
    json::array users, groups;
    for (auto const* name : {"Before", "Theirs"})
      groups.push_back({{"name", name}, {"roles", json::array{"Device Administrator"}}});
    for (int n = 0; n < kPeople; ++n)
      users.push_back({{"userName", uid(n)}, {"groups", json::array{"Before"}}});
    return {{"groups", std::move(groups)}, {"users", std::move(users)}};
  }

  void SetUp() override {
    std::vector<std::string> everybody;
    for (int n = 0; n < kPeople; ++n) everybody.push_back(uid(n));
    bed_.people(everybody);
    bed_.plant.corp.world.group("ops", everybody);
  }

  /// Does `edit` before the next PUTs of that person arrive; `count` 0: before every one.
  static json::object before_each_write(json::object const& user, json::object edit, int count) {
    edit["user"] = user.at("id");
    return {{"method", "PUT"},
            {"path", "/api/users/" + sim::text_of(user, "id")},
            {"count", count},
            {"do", std::move(edit)}};
  }
  std::int64_t writes() const { return bed_.routes()["PUT /api/users/{id}"]; }

  ConsolePlant bed_{GetParam().set, GetParam().profile, state()};
};

TEST_P(GivenAnotherWriter, WhenEveryPersonIsChangedOnceBetweenLookAndWriteThenBothChangesStay) {
  // What the other one does, by turns, and where the person has to be in the end.
  std::vector<std::pair<json::object, Groups>> const kinds = {
      {{{"op", "add_member"}, {"group", "Theirs"}}, {"Before", "Theirs", "ops"}},
      {{{"op", "remove_member"}, {"group", "Before"}}, {"ops"}},
      {{{"op", "put_user"}, {"status", "SUSPENDED"}, {"displayName", "Renamed"}}, {"Before", "ops"}},
      {{{"op", "put_user"}, {"groups", json::array{"Theirs"}}}, {"Theirs", "ops"}},
      {{{"op", "add_member"}, {"group", "ops"}}, {"Before", "ops"}},
  };
  auto const kind = [&kinds](int n) { return kinds[static_cast<std::size_t>(n) % kinds.size()]; };
  auto const before = bed_.users();
  json::array rules;
  for (int n = 0; n < kPeople; ++n) rules.push_back(before_each_write(before.at(uid(n)), kind(n).first, 1));
  bed_.faults(rules);

  auto const report = bed_.run(Exit::done);
  EXPECT_EQ(std::ranges::count(report.outcomes, Outcome::done, &Settled::outcome), kPeople + 1);
  auto const groups = bed_.groups_of_each();
  auto const after = bed_.users();
  for (int n = 0; n < kPeople; ++n) {
    EXPECT_EQ(groups.at(uid(n)), kind(n).second) << n;
    auto const renamed = n % 5 == 2;
    EXPECT_EQ(sim::text_of(after.at(uid(n)), "status"), renamed ? "SUSPENDED" : "ACTIVE") << n;
    EXPECT_EQ(sim::text_of(after.at(uid(n)), "displayName"), renamed ? "Renamed" : uid(n)) << n;
  }
  // Each first write was refused; whom the other one had put into ops needed no second.
  EXPECT_EQ(bed_.simulator().counters().by_status[409], kPeople);
  EXPECT_EQ(writes(), 2 * kPeople - kPeople / 5);
  bed_.expect_harmless();

  bed_.simulator().forget_calls();
  bed_.run(Exit::done);
  EXPECT_EQ(bed_.simulator().counters().writes, 0);
}

TEST_P(GivenAnotherWriter, WhenSomeAreChangedForEverThenTheyFailAndAreNotOverwrittenAndTheOthersAreDone) {
  constexpr int kEvery = 25;
  auto const before = bed_.users();
  json::array rules;
  for (int n = 0; n < kPeople; n += kEvery)
    rules.push_back(before_each_write(before.at(uid(n)), {{"op", "add_member"}, {"group", "Theirs"}}, 0));
  bed_.faults(rules);

  auto const report = bed_.run(Exit::failed);
  std::vector<std::string> failed, reasons;
  for (auto const& [change, outcome, detail, delay] : report.outcomes) {
    if (outcome == Outcome::done) continue;
    EXPECT_EQ(outcome, Outcome::failed) << change.principal;
    failed.push_back(change.principal);
    reasons.push_back(detail);
  }
  EXPECT_EQ(failed.size(), kPeople / kEvery);
  EXPECT_THAT(reasons, Each(HasSubstr("Update version mismatch")));
  auto const groups = bed_.groups_of_each();
  for (int n = 0; n < kPeople; ++n)
    EXPECT_EQ(groups.at(uid(n)), n % kEvery == 0 ? (Groups{"Before", "Theirs"}) : (Groups{"Before", "ops"}));
  // A bounded number of tries for each of them.
  EXPECT_EQ(writes(), kPeople - kPeople / kEvery + 6 * (kPeople / kEvery));
  bed_.expect_harmless();

  bed_.faults({});
  EXPECT_EQ(bed_.run(Exit::done).plan.changes.size(), failed.size());
  for (auto const& [name, of_one] : bed_.groups_of_each())
    EXPECT_EQ(of_one.contains("ops"), name.starts_with("person")) << name;
}

INSTANTIATE_TEST_SUITE_P(Sets, GivenAnotherWriter,
                         testing::Values(Release{"doc-2.0.2", "pulse-2.0.2"},
                                         Release{"infer-2021", "infer-3"}),
                         [](auto const& set) { return set.index == 0 ? "Doc202" : "Infer2021"; });

}  // namespace
}  // namespace dirsync::console
