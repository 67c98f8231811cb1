#include "sync/plan/desired/flatten.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/world.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct GivenNestedGroups : testing::Test {
  fake::DirectoryWorld corp;
  NestingRules rules;

  std::vector<std::string> flat(std::string const& source) {
    auto const snapshot = corp.snapshot({});
    Flattener flattener{snapshot};
    return flat(snapshot, flattener, source);
  }
  std::vector<std::string> flat(Snapshot const& snapshot, Flattener& flattener, std::string const& source) {
    auto const result = flattener.flatten(*snapshot.group_by_dn(fake::dn_of_group(source)), rules);
    std::vector<std::string> people;
    for (auto const& one : result.people) people.emplace_back(snapshot.people()[one.person].values("uid")[0]);
    return people;
  }
  std::string path(std::string const& source, std::string const& uid) {
    auto const snapshot = corp.snapshot({});
    Flattener flattener{snapshot};
    auto const result = flattener.flatten(*snapshot.group_by_dn(fake::dn_of_group(source)), rules);
    for (auto const& one : result.people)
      if (snapshot.people()[one.person].values("uid")[0] == uid)
        return path_text(result.nodes, one.node, snapshot.people()[one.person].dn);
    return "";
  }
  void exclude(std::string const& cn) {
    auto const snapshot = corp.snapshot({});
    auto& excluded = rules.excluded[corp.name];
    excluded.resize(snapshot.groups().size());
    excluded[*snapshot.group_by_dn(fake::dn_of_group(cn))] = true;
  }
};

TEST_F(GivenNestedGroups, WhenAGroupContainsItselfThenItsPeopleOnce) {
  corp.people_named({"ann", "bob"});
  corp.group("a", {"ann", "@a", "@b"});
  corp.group("b", {"bob", "ann", "@a"});
  EXPECT_THAT(flat("a"), ElementsAre("ann", "bob"));
  EXPECT_THAT(flat("b"), ElementsAre("ann", "bob"));
}

TEST_F(GivenNestedGroups, WhenThousandGroupsFormARingThenAllPeopleAndTheLongWayRound) {
  for (int n = 0; n < 1000; ++n) {
    auto const number = std::to_string(1000 + n);
    corp.person("u" + number);
    corp.group("g" + number, {"u" + number, "@g" + std::to_string(1000 + (n + 1) % 1000)});
  }
  EXPECT_EQ(flat("g1500").size(), 1000U);
  auto const way = path("g1500", "u1499");
  EXPECT_TRUE(way.starts_with("cn=g1500,ou=groups,dc=x > cn=g1501,"));
  EXPECT_TRUE(way.ends_with("cn=g1499,ou=groups,dc=x > uid=u1499,ou=people,dc=x"));
}

TEST_F(GivenNestedGroups, WhenNestingIsOffThenDirectMembersOnly) {
  corp.people_named({"ann", "bob"});
  corp.group("a", {"ann", "@b"});
  corp.group("b", {"bob"});
  rules.nested = false;
  EXPECT_THAT(flat("a"), ElementsAre("ann"));
}

TEST_F(GivenNestedGroups, WhenDepthIsLimitedThenGroupsBelowTheSourceCount) {
  corp.people_named({"p0", "p1", "p2", "p3"});
  corp.group("g0", {"p0", "@g1"});
  corp.group("g1", {"p1", "@g2"});
  corp.group("g2", {"p2", "@g3"});
  corp.group("g3", {"p3"});
  rules.max_depth = 1;
  EXPECT_THAT(flat("g0"), ElementsAre("p0", "p1"));
  rules.max_depth = 2;
  EXPECT_THAT(flat("g0"), ElementsAre("p0", "p1", "p2"));
  rules.max_depth = 3;
  EXPECT_THAT(flat("g0"), ElementsAre("p0", "p1", "p2", "p3"));
  rules.max_depth = 0;
  EXPECT_THAT(flat("g0"), ElementsAre("p0", "p1", "p2", "p3"));
}

TEST_F(GivenNestedGroups, WhenALongWayIsFoundFirstThenTheShortOneStillLiesWithinTheDepth) {
  corp.person("ann");
  corp.group("a", {"@b", "@d"});
  corp.group("b", {"@c"});
  corp.group("c", {"@d"});
  corp.group("d", {"ann"});
  rules.max_depth = 1;
  EXPECT_THAT(flat("a"), ElementsAre("ann"));
  EXPECT_EQ(path("a", "ann"), "cn=a,ou=groups,dc=x > cn=d,ou=groups,dc=x > uid=ann,ou=people,dc=x");
}

TEST_F(GivenNestedGroups, WhenAGroupIsExcludedThenItIsNotEnteredOnAnyWay) {
  corp.people_named({"ann", "bob", "eve"});
  corp.group("a", {"ann", "@b", "@c"});
  corp.group("b", {"bob", "@c"});
  corp.group("c", {"eve"});
  exclude("c");
  EXPECT_THAT(flat("a"), ElementsAre("ann", "bob"));
  EXPECT_THAT(flat("c"), IsEmpty());
}

TEST_F(GivenNestedGroups, WhenFlattenedOneAfterTheOtherThenNoTraceOfTheOneBefore) {
  corp.people_named({"ann", "bob"});
  corp.group("a", {"ann", "@c"});
  corp.group("b", {"bob", "@c"});
  corp.group("c", {"ann", "bob"});
  auto const snapshot = corp.snapshot({});
  Flattener flattener{snapshot};
  EXPECT_THAT(flat(snapshot, flattener, "a"), ElementsAre("ann", "bob"));
  EXPECT_THAT(flat(snapshot, flattener, "b"), ElementsAre("ann", "bob"));
  EXPECT_THAT(flat(snapshot, flattener, "a"), ElementsAre("ann", "bob"));
}

TEST_F(GivenNestedGroups, WhenAValueNamesNothingThenItIsReportedWhereNestedGroupsAreEntered) {
  corp.person("ann");
  corp.group("a", {"ann", "@b"});
  corp.group("b", {"@lost"});
  auto const snapshot = corp.snapshot({});
  Flattener flattener{snapshot};
  auto const source = *snapshot.group_by_dn(fake::dn_of_group("a"));
  EXPECT_THAT(flattener.flatten(source, rules).unresolved,
              ElementsAre(testing::Field(&NamesNothing::value, "cn=lost,ou=groups,dc=x")));
  // Too deep to be entered, had it been there.
  rules.max_depth = 1;
  EXPECT_THAT(flattener.flatten(source, rules).unresolved, IsEmpty());
}

}  // namespace
}  // namespace dirsync::plan
