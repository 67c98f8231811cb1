#include "sync/model/elsewhere.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct GivenDirectoriesBeside : testing::Test {
  std::map<std::string, Snapshot> snapshots;
  BaseDns bases{{"corp", "dc=x"}, {"child", "dc=child,dc=x"}, {"lab", "dc=lab"}};
  GroupIndex const ops = 0;

  void add(std::string const& directory, std::vector<std::string> const& people,
           std::vector<std::string> const& members = {}) {
    SnapshotBuilder builder{directory};
    for (auto const& dn : people) builder.add_person(EntryId{directory + dn}, dn, {});
    auto const group = builder.add_group(EntryId{directory + "ops"}, "cn=ops,dc=groups-of-" + directory, {});
    for (auto const& value : members) builder.add_member_dn(group, value);
    snapshots.emplace(directory, std::move(builder).build({}).value());
  }
  /// "directory: DN" of each.
  std::vector<std::string> elsewhere(std::string const& directory) const {
    std::vector<std::string> found;
    for (auto const& member : snapshots.at(directory).elsewhere(ops)) {
      auto const& there = snapshots.at(member.directory);
      auto const& entry =
          member.entry.is_group ? there.groups()[member.entry.number] : there.people()[member.entry.number];
      found.push_back(member.directory + ": " + std::string{entry.dn});
    }
    return found;
  }
  auto unresolved(std::string const& directory) const {
    return snapshots.at(directory).members(ops).unresolved;
  }
};

TEST_F(GivenDirectoriesBeside, WhenAValueLiesBelowTheBaseOfAnotherThenResolvedThere) {
  add("corp", {"uid=ann,dc=x"}, {"uid=ann,dc=x", "UID=Zoe, dc=child,dc=x", "uid=lost,dc=child,dc=x"});
  add("child", {"uid=zoe,dc=child,dc=x"}, {"uid=ann,dc=x"});
  resolve_elsewhere(snapshots, bases);
  EXPECT_THAT(elsewhere("corp"), ElementsAre("child: uid=zoe,dc=child,dc=x"));
  EXPECT_THAT(unresolved("corp"), ElementsAre("uid=lost,dc=child,dc=x"));
  EXPECT_EQ(snapshots.at("corp").unresolved_count(), 1U);
  EXPECT_THAT(elsewhere("child"), ElementsAre("corp: uid=ann,dc=x"));
  EXPECT_THAT(unresolved("child"), IsEmpty());
}

TEST_F(GivenDirectoriesBeside, WhenTwoHaveTheEntryThenTheOneWithTheLongestBase) {
  add("lab", {}, {"uid=zoe,dc=child,dc=x"});
  add("corp", {"uid=zoe,dc=child,dc=x"});
  add("child", {"uid=zoe,dc=child,dc=x"});
  resolve_elsewhere(snapshots, bases);
  EXPECT_THAT(elsewhere("lab"), ElementsAre("child: uid=zoe,dc=child,dc=x"));
}

TEST_F(GivenDirectoriesBeside, WhenAnEntryLiesBesideTheBaseOfItsDirectoryThenNotLookedFor) {
  add("corp", {}, {"uid=zoe,dc=other"});
  add("lab", {"uid=zoe,dc=other"});
  resolve_elsewhere(snapshots, bases);
  EXPECT_THAT(elsewhere("corp"), IsEmpty());
  EXPECT_THAT(unresolved("corp"), ElementsAre("uid=zoe,dc=other"));
}

TEST_F(GivenDirectoriesBeside, WhenThereIsNoOtherThenNothingChanges) {
  add("corp", {}, {"uid=zoe,dc=child,dc=x"});
  resolve_elsewhere(snapshots, bases);
  EXPECT_THAT(unresolved("corp"), ElementsAre("uid=zoe,dc=child,dc=x"));
}

TEST_F(GivenDirectoriesBeside, WhenAValueNamesNothingThenItMayBeInWhatWasNotRead) {
  EXPECT_TRUE(may_be_in("uid=zoe,dc=child,dc=x", "dc=child,dc=x"));
  EXPECT_FALSE(may_be_in("uid=zoe,dc=lab", "dc=child,dc=x"));
  EXPECT_FALSE(may_be_in("zoe", "dc=child,dc=x"));
  EXPECT_FALSE(may_be_in("uid=zoe,dc=lab", ""));
  EXPECT_TRUE(may_be_in("CN=S-1-5-21-1,CN=ForeignSecurityPrincipals,DC=x", "dc=lab"));
}

}  // namespace
}  // namespace dirsync
