// What a review of access asks the store for: owners, managed groups, and all of it from one state.
#include <gmock/gmock.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Attributes = std::map<std::string, std::vector<std::string>>;

struct GivenGroupsWithOwners : OpenStore {
  void accept(std::map<std::string, Attributes> const& groups, std::string directory = "corp") {
    SnapshotBuilder builder{std::move(directory)};
    for (auto const& [name, attributes] : groups) {
      std::vector<EntryAttribute> views;
      for (auto const& [attribute, values] : attributes)
        views.push_back({attribute, {values.begin(), values.end()}});
      builder.add_group(EntryId{"g-" + name}, "cn=" + name + ",dc=x", views);
    }
    ASSERT_TRUE(store.accept_read(run, std::move(builder).build({}).value()));
  }
  std::map<EntryId, std::vector<std::string>> owners() { return store.group_owners().value(); }
};

TEST_F(GivenGroupsWithOwners, WhenReadThenEachOwnerOnceByEitherAttribute) {
  accept({{"ops", {{"owner", {"uid=b,dc=x", "uid=a,dc=x"}}, {"managedBy", {"uid=a,dc=x"}}}},
          {"web", {{"cn", {"web"}}}}});
  EXPECT_THAT(owners(), SizeIs(1));
  EXPECT_THAT(owners().at(EntryId{"g-ops"}), ElementsAre("uid=a,dc=x", "uid=b,dc=x"));
}

TEST_F(GivenGroupsWithOwners, WhenTheyChangeOrGoThenThoseOfTheLastReadAreKept) {
  accept({{"ops", {{"owner", {"uid=a,dc=x"}}}}, {"web", {{"owner", {"uid=a,dc=x"}}}}});
  accept({{"lab", {{"owner", {"uid=z,dc=y"}}}}}, "other");
  accept({{"ops", {{"owner", {"uid=c,dc=x"}}}}, {"web", {}}});
  EXPECT_THAT(owners(), SizeIs(2)) << "and what other directories have stays";
  EXPECT_THAT(owners().at(EntryId{"g-ops"}), ElementsAre("uid=c,dc=x"));
  EXPECT_THAT(owners().at(EntryId{"g-lab"}), ElementsAre("uid=z,dc=y"));
}

TEST_F(GivenGroupsWithOwners, WhenNothingWasReadThenNone) { EXPECT_THAT(owners(), IsEmpty()); }

TEST_F(GivenGroupsWithOwners, WhenGroupsAreOursThenTheyAreTold) {
  std::vector<ManagedGroup> const groups{{.group_id = "7",
                                          .group = "Operators",
                                          .rule = "ops",
                                          .created_by_us = true,
                                          .sources = {EntryId{"g-ops"}}}};
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", groups, {}));
  auto const told = store.managed_groups().value();
  ASSERT_THAT(told, SizeIs(1));
  ASSERT_THAT(told.at("vault"), SizeIs(1));
  EXPECT_EQ(told.at("vault").at(0).group, "Operators");
  EXPECT_THAT(told.at("vault").at(0).sources, ElementsAre(EntryId{"g-ops"}));
}

TEST_F(GivenGroupsWithOwners, WhenLookedAtInOneStateThenWhatIsWrittenMeanwhileIsNotSeen) {
  accept({{"ops", {{"owner", {"uid=a,dc=x"}}}}});
  auto reader = open(Options::Mode::read_only);
  std::vector<std::size_t> seen;
  auto const done = reader.in_one_state([this, &reader, &seen]() -> Result<void> {
    seen.push_back(reader.group_owners().value().size());
    accept({{"ops", {}}});
    seen.push_back(reader.group_owners().value().size());
    seen.push_back(reader.intervals().groups("", std::nullopt).value().size());
    return {};
  });
  EXPECT_TRUE(done) << (done ? "" : text(done.error()));
  EXPECT_THAT(seen, ElementsAre(1U, 1U, 0U));
  EXPECT_THAT(reader.group_owners().value(), IsEmpty());
}

TEST_F(GivenGroupsWithOwners, WhenTheLookEndsInAnErrorThenItIsPassedOnAndTheNextOneWorks) {
  auto const failed = store.in_one_state([]() -> Result<void> { return Error{StoreErrc::missing, "gone"}; });
  EXPECT_ERROR(failed, StoreErrc::missing);
  EXPECT_TRUE(store.in_one_state([] { return Result<void>{}; }));
  accept({{"ops", {}}});
}

}  // namespace
}  // namespace dirsync::store
