// How many calls a run needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/vault/vault_plant.hpp"
#include "tests/support/run.hpp"

namespace dirsync::vault {
namespace {

/// What each version needs when nothing changes.
struct Version {
  std::string profile;
  /// Its users list lacks the DNs, so that every LDAP user costs a call.
  bool asks_for_each_dn = false;
};
void PrintTo(Version const& version, std::ostream* out) { *out << version.profile; }

/// Ten groups of 20 people; each person is in five of them.
class GivenTenGroups : public testing::TestWithParam<Version> {
 protected:
  static constexpr int kPeople = 20, kGroups = 10;
  static std::string uid(int number) { return "person" + std::to_string(number); }
  static std::string cn(int number) { return "group" + std::to_string(number); }

  void SetUp() override {
    for (int person = 0; person < kPeople; ++person) bed_.person(uid(person));
    for (int group = 0; group < kGroups; ++group) {
      std::vector<std::string> members;
      for (int person = group % 2; person < kPeople; person += 2) members.push_back(uid(person));
      directory_.group(cn(group), members);
    }
    bed_.settle();
  }
  std::vector<std::string> routes() const {
    std::vector<std::string> all;
    for (auto const& call : bed_.vault.simulator().journal()) all.push_back(call.route);
    return all;
  }
  /// Users of the Vault that stand for an LDAP entry.
  std::ptrdiff_t ldap_users() const {
    auto const state = bed_.vault.simulator().state();
    return std::ranges::count_if(state.at("users").as_array(), [](auto const& user) {
      return sim::text_of(user.as_object(), "source") == "LDAP";
    });
  }

  VaultPlant bed_{GetParam().profile};
  fake::DirectoryWorld& directory_ = bed_.plant.corp.world;
};

TEST_P(GivenTenGroups, WhenNMembershipsChangeThenNWrites) {
  int changed = 0;
  for (int group = 0; group < kGroups; ++group) {
    // One leaves: more removals than that wait for a second read.
    directory_.leave(cn(group), uid(group % 2));
    ++changed;
    for (int person = 1 - group % 2; person < kPeople; person += 4) {
      directory_.join(cn(group), uid(person));
      ++changed;
    }
  }
  EXPECT_EQ(bed_.plant.run().exit, engine::Exit::done);
  auto const counters = bed_.vault.simulator().counters();
  EXPECT_EQ(counters.writes, changed);
  EXPECT_EQ(counters.changes, changed);
  bed_.vault.forget();
  EXPECT_TRUE(bed_.plant.run().plan.changes.empty());
  EXPECT_EQ(bed_.vault.simulator().counters().writes, 0);
}

TEST_P(GivenTenGroups, WhenNothingChangedThenVersionUsersAndGroupsAreReadAndNothingElse) {
  EXPECT_EQ(bed_.plant.run().exit, engine::Exit::done);
  std::vector<std::string> expected = {"server-gen1", "list-users", "list-groups"};
  if (GetParam().asks_for_each_dn) expected.insert(expected.end() - 1, ldap_users(), "get-user");
  EXPECT_EQ(routes(), expected);
  EXPECT_EQ(bed_.vault.simulator().counters().writes, 0);
}

TEST_P(GivenTenGroups, WhenListsComeInPagesThenOneCallMoreForEachPage) {
  auto const groups = test::run(bed_.plant.io, bed_.vault.target().read()).value().groups.size();
  bed_.vault.forget();
  bed_.vault.set({{"page_size", "5"}});
  EXPECT_EQ(bed_.plant.run().exit, engine::Exit::done);
  auto const all = routes();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(all, "list-groups")), (groups + 4) / 5);
  EXPECT_EQ(std::ranges::count(all, "list-users"), 1);
  EXPECT_EQ(std::ranges::count(all, "server-gen1"), 1);
}

INSTANTIATE_TEST_SUITE_P(Vault, GivenTenGroups,
                         testing::Values(Version{"pam-12.0", true}, Version{"pam-12.2"}, Version{"pam-12.6"},
                                         Version{"pam-14.4"}, Version{"ispss"}),
                         [](auto const& version) {
                           auto name = version.param.profile;
                           std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                           return name;
                         });

}  // namespace
}  // namespace dirsync::vault
