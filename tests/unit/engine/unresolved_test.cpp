// Member values that name nothing: those that have long done so say nothing, those that are new are doubt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> texts_of(Report const& report, std::string const& code) {
  std::vector<std::string> texts;
  for (auto const& notice : report.plan.targets.at("vault").notices)
    if (notice.code == code) texts.push_back(notice.group + ": " + notice.text);
  return texts;
}

/// A Vault in sync: ann, bob, cid in ops by their names, dan and eve in web by their DNs, eve through team.
struct GivenGroupsOfBothKinds : testing::Test {
  Plant plant;
  fake::DirectoryWorld& corp = plant.corp.world;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob", "cid", "dan", "eve"});
    corp.group("ops");
    by_uid() = {"ann", "bob", "cid"};
    corp.group("team", {"eve"});
    corp.group("web", {"dan", "@team"});
    prepare();
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
  }
  virtual void prepare() {}
  std::vector<std::string>& by_uid() { return corp.groups.at("ops").uids; }
  std::string& uid_of(std::string const& person) { return corp.people.at(person).attributes.at("uid"); }
  void leave_ops(std::string const& uid) { std::erase(by_uid(), uid); }
  std::vector<std::string> sent() {
    plant.run();
    auto calls = plant.vault.sent();
    plant.forget_calls();
    return calls;
  }
  static constexpr char kNobody[] = "cn=nobody,ou=people,dc=x";
};

struct Spoiling {
  char const* name;
  void (*spoil)(GivenGroupsOfBothKinds& given);
};

/// The value of ann comes to name nobody, in some way, while cid leaves.
struct GivenAValueThatStopsResolving : GivenGroupsOfBothKinds, testing::WithParamInterface<Spoiling> {
  void SetUp() override {
    GivenGroupsOfBothKinds::SetUp();
    GetParam().spoil(*this);
    leave_ops("cid");
  }
};

TEST_P(GivenAValueThatStopsResolving, WhenSomebodyElseLeavesThenNobodyGoesBeforeTheNextRead) {
  auto const report = plant.run();
  EXPECT_THAT(plant.vault.sent(), IsEmpty());
  EXPECT_EQ(report.exit, Exit::pending);
  auto const waits = std::ranges::find(report.plan.changes, "cid", &Change::principal);
  ASSERT_NE(waits, report.plan.changes.end());
  EXPECT_TRUE(waits->unconfirmed);
  EXPECT_THAT(waits->why, HasSubstr("cn=ops,ou=groups,dc=x names \"ann\""));
  EXPECT_THAT(texts_of(report, "unresolved"),
              ElementsAre(HasSubstr("ops: 1 member value of cn=ops,ou=groups,dc=x names nobody")));
  EXPECT_THAT(sent(), Contains("remove ops cid"));
}

TEST_P(GivenAValueThatStopsResolving, WhenSomebodyIsDisabledThenTheyLeaveAtOnce) {
  corp.disable("bob");
  EXPECT_THAT(sent(), ElementsAre("remove ops bob"));
}

TEST_P(GivenAValueThatStopsResolving, WhenItNamesThemAgainThenNobodyElseWasLost) {
  sent();
  corp.people.erase("twin");
  uid_of("ann") = "ann";
  uid_of("dan") = "dan";
  EXPECT_THAT(sent(), ElementsAre("remove ops cid"));
  EXPECT_TRUE(plant.vault.world.members("ops").contains("ann"));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, GivenAValueThatStopsResolving,
    testing::Values(Spoiling{"twin",
                             [](auto& given) {
                               given.corp.person("twin");
                               given.uid_of("twin") = "ann";
                             }},
                    Spoiling{"SecondValueOfSomebodyElse",
                             [](auto& given) { given.uid_of("dan") = "dan\nann"; }},
                    Spoiling{"RenamedUid", [](auto& given) { given.uid_of("ann") = "annika"; }},
                    Spoiling{"CapitalLetter", [](auto& given) { given.uid_of("ann") = "Ann"; }},
                    Spoiling{"Deformed", [](auto& given) { given.uid_of("ann") = "a\xcc\x88nn"; }}),
    [](auto const& tested) { return std::string{tested.param.name}; });

TEST_F(GivenGroupsOfBothKinds, WhenANestedGroupGetsAValueThatIsNobodyThenTheGroupAboveLosesNobody) {
  corp.join("team", kNobody);
  corp.leave("web", "dan");
  leave_ops("cid");
  EXPECT_THAT(sent(), ElementsAre("remove ops cid")) << "what team does not feed goes on";
  EXPECT_THAT(sent(), ElementsAre("remove web dan"));
}

TEST_F(GivenGroupsOfBothKinds, WhenMoreReadsAreDueThenNobodyLeavesBeforeThem) {
  plant.setup.limits.confirm.reads = 3;
  corp.join("team", kNobody);
  corp.leave("web", "dan");
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_THAT(sent(), ElementsAre("remove web dan"));
}

TEST_F(GivenGroupsOfBothKinds, WhenTwoRunsAreTooNearThenTheyCountAsOne) {
  plant.setup.limits.confirm.apart = std::chrono::minutes{1};
  corp.join("team", kNobody);
  sent();
  corp.leave("web", "dan");
  EXPECT_THAT(sent(), IsEmpty());
  plant.clock.time += std::chrono::minutes{2};
  EXPECT_THAT(sent(), ElementsAre("remove web dan"));
}

TEST_F(GivenGroupsOfBothKinds, WhenAValueIsMendedAndSpoiltAgainThenItIsNewAgain) {
  for (auto round = 0; round < 2; ++round) {
    uid_of("ann") = "Ann";
    leave_ops("cid");
    EXPECT_THAT(sent(), IsEmpty());
    uid_of("ann") = "ann";
    by_uid().push_back("cid");
    EXPECT_THAT(sent(), IsEmpty());
  }
}

TEST_F(GivenGroupsOfBothKinds, WhenAnotherOneBecomesNobodyWithEachReadThenALeaverWaitsNoLonger) {
  corp.join("team", "cn=nobody-0,ou=people,dc=x");
  corp.leave("web", "dan");
  EXPECT_THAT(sent(), IsEmpty());
  corp.join("team", "cn=nobody-1,ou=people,dc=x");
  EXPECT_THAT(sent(), ElementsAre("remove web dan")) << "two reads have shown that they left";
}

/// As above, with a value that never named anybody in each group.
struct GivenPlaceholders : GivenGroupsOfBothKinds {
  void prepare() override {
    corp.join("web", kNobody);
    corp.join("team", kNobody);
    by_uid().push_back("nobody");
  }
};

TEST_F(GivenPlaceholders, WhenSomebodyLeavesThenAtOnce) {
  corp.may_have_changed = true;  // while it was read, or nobody can tell
  corp.leave("web", "dan");
  leave_ops("cid");
  EXPECT_THAT(sent(), testing::UnorderedElementsAre("remove web dan", "remove ops cid"));
}

TEST_F(GivenPlaceholders, WhenSomebodyWhoShowsNoUserNameLeavesThenAtOnce) {
  corp.people.at("dan").attributes.erase("uid");
  corp.leave("web", "dan");
  EXPECT_THAT(sent(), ElementsAre("remove web dan"));
}

TEST_F(GivenPlaceholders, WhenNothingElseIsAmissThenInSyncAndTold) {
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(
      texts_of(report, "unresolved"),
      ElementsAre("ops: 1 member value of cn=ops,ou=groups,dc=x names nobody and no group that was read: "
                  "\"nobody\"; correct it in the directory, or widen users.base, groups.base and their "
                  "filters",
                  HasSubstr("team: 1 member value"), HasSubstr("web: 2 member values of cn=web")));
  EXPECT_EQ(plant.journal.target_states.at("vault").unresolved.size(), 3U);
}

TEST_F(GivenPlaceholders, WhenThereAreManyThenCountedWithThreeExamples) {
  for (auto n = 10; n < 20; ++n) corp.join("web", "cn=nobody-" + std::to_string(n) + ",ou=people,dc=x");
  EXPECT_THAT(texts_of(plant.run(), "unresolved"),
              Contains(AllOf(HasSubstr("web: 12 member values of cn=web"), HasSubstr("nobody-11,"),
                             HasSubstr(", ...;"), Not(HasSubstr("nobody-12")))));
}

// An access rule on what it searches would look the same, and for ever.
TEST_F(GivenGroupsOfBothKinds, WhenNotAllMembersOfANestedGroupCanBeToldThenNobodyLeavesUntilItIsMended) {
  corp.groups.at("team").hides_members = true;
  corp.groups.at("team").values.clear();
  std::erase(corp.groups.at("web").values, fake::dn_of_person("dan"));
  for (auto again = 0; again < 4; ++again) {
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::pending);
    EXPECT_THAT(texts_of(report, "damaged"), Contains(HasSubstr("memberURL that finds nothing")));
  }
  EXPECT_THAT(plant.vault.sent(), IsEmpty());
  corp.disable("dan");
  EXPECT_THAT(sent(), ElementsAre("remove web dan"));
  corp.groups.at("team").hides_members = false;
  plant.setup.rules.front().allow_empty = true;
  corp.join("web", "cn=typo,ou=people,dc=x");  // a doubt that begins now, however long the other one stood
  EXPECT_THAT(sent(), ElementsAre("remove team eve"));
  EXPECT_THAT(sent(), ElementsAre("remove web eve"));
}

}  // namespace
}  // namespace dirsync::engine
