#include <map>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

/// A directory as a test describes it: groups with the uids of their people and the names of nested groups.
struct Groups {
  std::vector<std::string> people;
  std::map<std::string, std::vector<std::string>> people_of, groups_of;
  std::string suffix = "DC=example,DC=com";
};

std::string person_dn(Groups const& groups, std::string const& uid) {
  return "uid=" + uid + "," + groups.suffix;
}
std::string group_dn(Groups const& groups, std::string const& name) {
  return "cn=" + name + "," + groups.suffix;
}

Snapshot snapshot_of(Groups const& groups, std::string directory = "corp") {
  SnapshotBuilder builder{std::move(directory)};
  for (auto const& uid : groups.people) builder.add_person(EntryId{"p-" + uid}, person_dn(groups, uid), {});
  std::map<std::string, std::uint32_t> numbers;
  for (auto const& [name, people] : groups.people_of)
    numbers[name] = builder.add_group(EntryId{"g-" + name}, group_dn(groups, name), {});
  for (auto const& [name, people] : groups.people_of)
    for (auto const& uid : people) builder.add_member_dn(numbers[name], person_dn(groups, uid));
  for (auto const& [name, nested] : groups.groups_of)
    for (auto const& member : nested) builder.add_member_dn(numbers[name], group_dn(groups, member));
  return std::move(builder).build({}).value();
}

struct GivenStore : OpenStore {
  /// Accepts a read in a run of its own; the time at which that run began.
  Time accept(Groups const& groups, std::string directory = "corp") {
    auto const began = clock->now();
    run = store.begin_run({began, "sync", "a", "c"}).value();
    EXPECT_TRUE(store.accept_read(run, snapshot_of(groups, std::move(directory))));
    return began;
  }
  std::string members(std::string const& group, Time at) {
    auto const found = store.group_at("corp", EntryId{"g-" + group}, at).value();
    if (!found) return "none";
    std::string ids;
    for (auto const& member : found->members) ids += member.id.value() + " ";
    return ids;
  }
  std::vector<KnownEntry> by_dn(std::vector<std::string_view> const& normalized) {
    return store.known_by_dn("corp", normalized).value();
  }
  std::vector<KnownEntry> by_id(std::string id) {
    EntryId const wanted{std::move(id)};
    return store.known_by_id("corp", {&wanted, 1}).value();
  }
};

TEST_F(GivenStore, WhenNothingWasReadThenNothingIsKnown) {
  EXPECT_FALSE(store.last_counts("corp").value());
  EXPECT_TRUE(by_dn({"uid=a,dc=example,dc=com"}).empty());
  EXPECT_EQ(members("ops", clock->now()), "none");
}

TEST_F(GivenStore, WhenReadIsAcceptedThenCountsAndEntries) {
  accept({{"a", "b"}, {{"ops", {"a", "b"}}, {"all", {}}}, {{"all", {"ops"}}}});
  auto const counts = store.last_counts("corp").value().value();
  EXPECT_EQ(counts.groups, 2);
  EXPECT_EQ(counts.people, 2);
  EXPECT_EQ(counts.values, 3);

  auto const people = by_dn({"uid=a,dc=example,dc=com", "uid=z,dc=example,dc=com"});
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].id, EntryId{"p-a"});
  EXPECT_EQ(people[0].dn, "uid=a,dc=example,dc=com");
  EXPECT_FALSE(people[0].is_group);
  ASSERT_EQ(by_id("g-ops").size(), 1U);
  EXPECT_TRUE(by_id("g-ops")[0].is_group);
  EXPECT_TRUE(by_id("g-none").empty());
}

TEST_F(GivenStore, WhenReadIsAcceptedThenMembersAsSpelled) {
  auto const first = accept({{"a", "b"}, {{"ops", {"a", "b"}}, {"all", {}}}, {{"all", {"ops"}}}});
  EXPECT_EQ(members("ops", first), "p-a p-b ");
  auto const all = store.group_at("corp", EntryId{"g-all"}, first).value().value();
  EXPECT_EQ(all.dn, "cn=all,DC=example,DC=com");
  ASSERT_EQ(all.members.size(), 1U);
  EXPECT_TRUE(all.members[0].is_group);
  EXPECT_EQ(all.members[0].dn, "cn=ops,DC=example,DC=com");
}

TEST_F(GivenStore, WhenReadAgainUnchangedThenNothingButTheRunIsWritten) {
  Groups const groups{{"a", "b"}, {{"ops", {"a", "b"}}}, {}};
  accept(groups);
  auto const sets = "SELECT group_concat(since_run || quote(members)) FROM member_set";
  auto const pages = "SELECT group_concat(quote(entries)) FROM entry_page";
  auto const before = ask(sets) + ask(pages);
  accept(groups);
  EXPECT_EQ(ask(sets) + ask(pages), before);
  EXPECT_EQ(ask("SELECT count(*) FROM past_member_set"), "0");
  EXPECT_EQ(ask("SELECT accepted_run FROM directory"), std::to_string(run.value()));
}

TEST_F(GivenStore, WhenServerAnswersInAnotherOrderThenNothingIsWritten) {
  accept({{"a", "b", "c"}, {{"ops", {"a", "b", "c"}}}, {}});
  auto const sets = "SELECT group_concat(since_run || quote(members)) FROM member_set";
  auto const before = ask(sets);
  accept({{"c", "a", "b"}, {{"ops", {"c", "a", "b"}}}, {}});
  EXPECT_EQ(ask(sets), before);
}

TEST_F(GivenStore, WhenMembersChangeThenThePastIsKept) {
  auto const before_all = clock->now() - std::chrono::hours{1};
  auto const first = accept({{"a", "b"}, {{"ops", {"a", "b"}}}, {}});
  auto const second = accept({{"a", "b"}, {{"ops", {"b"}}}, {}});
  auto const third = accept({{"a", "b", "c"}, {{"ops", {"b", "c"}}}, {}});
  EXPECT_EQ(members("ops", before_all), "none");
  EXPECT_EQ(members("ops", first), "p-a p-b ");
  EXPECT_EQ(members("ops", second), "p-b ");
  EXPECT_EQ(members("ops", third), "p-b p-c ");
  EXPECT_EQ(members("ops", clock->now()), "p-b p-c ");
}

TEST_F(GivenStore, WhenGroupGoesAndComesBackThenItsGapIsKept) {
  auto const first = accept({{"a"}, {{"ops", {"a"}}}, {}});
  auto const second = accept({{"a"}, {}, {}});
  EXPECT_TRUE(by_id("g-ops").empty());
  auto const third = accept({{"a"}, {{"ops", {}}}, {}});
  EXPECT_EQ(members("ops", first), "p-a ");
  EXPECT_EQ(members("ops", second), "none");
  EXPECT_EQ(members("ops", third), "");
  EXPECT_EQ(by_id("g-ops").size(), 1U);
}

TEST_F(GivenStore, WhenPersonIsGoneThenNotKnownButStillInThePast) {
  auto const first = accept({{"a", "b"}, {{"ops", {"a", "b"}}}, {}});
  accept({{"b"}, {{"ops", {"b"}}}, {}});
  EXPECT_TRUE(by_id("p-a").empty());
  EXPECT_TRUE(by_dn({"uid=a,dc=example,dc=com"}).empty());
  EXPECT_EQ(members("ops", first), "p-a p-b ");
}

TEST_F(GivenStore, WhenEntriesMoveThenKnownUnderTheNewDn) {
  Groups groups{{"a"}, {{"ops", {"a"}}}, {}};
  accept(groups);
  groups.suffix = "ou=new,dc=example,dc=com";
  accept(groups);
  EXPECT_TRUE(by_dn({"uid=a,dc=example,dc=com"}).empty());
  EXPECT_EQ(by_dn({"uid=a,ou=new,dc=example,dc=com"}).at(0).id, EntryId{"p-a"});
  EXPECT_EQ(ask("SELECT count(*) FROM past_member_set"), "0");
}

TEST_F(GivenStore, WhenTwoDirectoriesAreReadThenApart) {
  accept({{"a"}, {{"ops", {"a"}}}, {}});
  accept({{"x"}, {}, {}}, "lab");
  EXPECT_EQ(by_id("p-a").size(), 1U);
  EXPECT_TRUE(by_id("p-x").empty());
  EXPECT_EQ(store.last_counts("lab").value()->groups, 0);
}

TEST_F(GivenStore, WhenPagesFillOverSeveralReadsThenEveryEntryKeepsItsNumber) {
  Groups groups;
  std::string expected;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 100 + round * 28; ++i) {  // so that pages end within and at the end of a round
      auto const uid = std::to_string(1000 * (round + 1) + i);
      groups.people.push_back(uid);
      groups.people_of["all"].push_back(uid);
      groups.people_of["g" + std::to_string(round)].push_back(uid);
    }
    accept(groups);
  }
  auto const now = clock->now();
  for (int round = 0; round < 6; ++round) {
    expected.clear();
    for (auto const& uid : groups.people_of["g" + std::to_string(round)]) expected += "p-" + uid + " ";
    EXPECT_EQ(members("g" + std::to_string(round), now), expected);
  }
  EXPECT_EQ(store.group_at("corp", EntryId{"g-all"}, now).value()->members.size(), groups.people.size());
  EXPECT_EQ(ask("SELECT count(*) FROM entry_page"), std::to_string((groups.people.size() + 7 + 255) / 256));
}

TEST_F(GivenStore, WhenPageIsDamagedThenRefusedAndNothingChanges) {
  accept({{"a"}, {{"ops", {"a"}}}, {}});
  sql("UPDATE entry_page SET entries = x'0201'");
  auto const next = store.begin_run({}).value();
  EXPECT_ERROR(store.accept_read(next, snapshot_of({{"b"}, {}, {}})), StoreErrc::corrupt);
  EXPECT_EQ(store.last_counts("corp").value()->groups, 1);
}

}  // namespace
}  // namespace dirsync::store
