// Promises held in many small worlds of two directories, some people of which are one by their number, and
// some groups of which take their people from the other directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "sync/plan/document.hpp"
#include "tests/unit/plan/two_sides.hpp"

namespace dirsync::plan {
namespace {

#ifndef DIRSYNC_PAIRS_OF_WORLDS
#define DIRSYNC_PAIRS_OF_WORLDS 2000
#endif
constexpr unsigned kPairsOfWorlds = DIRSYNC_PAIRS_OF_WORLDS;

struct World {
  explicit World(unsigned seed) : random(seed) {
    joined = chance(2), bridged = chance(2);
    if (joined) scene.join_by("employeeNumber");
    scene.limits.confirm.removals_above = 1000;
    if (bridged) scene.rule("lab").people = PeopleFrom{"corp", "employeeNumber", "employeeNumber"};
    for (int n = 0; n < 6; ++n) {
      make_person(scene.corp_person("c" + std::to_string(n), number()));
      make_person(scene.lab_person("l" + std::to_string(n), number()));
    }
    for (auto const* cn : {"a", "b", "both"}) {
      scene.corp().group(cn);
      scene.lab_group(cn == std::string{"a"} ? "x" : cn, {});
    }
    for (auto* directory : {&scene.corp(), &scene.lab()})
      for (auto& [cn, group] : directory->groups)
        for (int n = below(4); n > 0; --n) group.values.push_back(someone(*directory).dn);
    for (auto const& [uid, person] : scene.corp().people)
      if (!chance(4)) scene.vault().world.user(uid, person.dn);
    for (auto const& [uid, person] : scene.lab().people)
      if (!chance(4) && !twin_of(scene.corp(), person)) scene.vault().world.user(uid, person.dn);
  }

  std::mt19937 random;
  fake::TwoSides scene;
  bool joined = false, bridged = false;

  int below(int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); }
  bool chance(int in) { return below(in) == 0; }
  std::string number() { return chance(4) ? "" : std::to_string(below(8)); }
  fake::DirectoryWorld::Person& someone(fake::DirectoryWorld& directory) {
    return std::next(directory.people.begin(), below(static_cast<int>(directory.people.size())))->second;
  }
  void make_person(fake::DirectoryWorld::Person& person) {
    if (chance(8)) person.attributes["employeeType"] = "disabled";
  }

  using Person = fake::DirectoryWorld::Person;
  static std::string number_of(Person const& person) {
    auto const found = person.attributes.find("employeeNumber");
    return found == person.attributes.end() ? "" : found->second;
  }
  static bool is_disabled(Person const& person) { return person.attributes.contains("employeeType"); }
  /// The one entry of `directory` with the number of `person`, where that number is theirs alone.
  static Person const* same_number(fake::DirectoryWorld const& own, fake::DirectoryWorld const& directory,
                                   Person const& person) {
    auto const bearers = [&person](fake::DirectoryWorld const& world) {
      std::vector<Person const*> found;
      for (auto const& [uid, other] : world.people)
        if (!number_of(person).empty() && number_of(other) == number_of(person)) found.push_back(&other);
      return found;
    };
    auto const there = bearers(directory);
    return bearers(own).size() == 1 && there.size() == 1 ? there.front() : nullptr;
  }
  Person const* twin_of(fake::DirectoryWorld const& directory, Person const& person) const {
    auto const& own = &directory == &corp() ? lab() : corp();
    return joined ? same_number(own, directory, person) : nullptr;
  }
  fake::DirectoryWorld const& corp() const { return scene.directories.at("corp"); }
  fake::DirectoryWorld const& lab() const { return scene.directories.at("lab"); }

  /// By the definition: ids of all entries of all who belong into the target group, each person as a set.
  std::set<std::set<std::string>> wanted(std::string const& group) const {
    std::set<std::set<std::string>> people;
    auto const add = [this, &people](fake::DirectoryWorld const& directory, Person const& person) {
      if (is_disabled(person)) return;
      std::set<std::string> ids{person.id};
      if (auto const* twin = twin_of(&directory == &corp() ? lab() : corp(), person)) ids.insert(twin->id);
      people.insert(std::move(ids));
    };
    for (auto const* directory : {&corp(), &lab()}) {
      auto const found = directory->groups.find(group);
      if (found == directory->groups.end()) continue;
      for (auto const& [uid, person] : directory->people) {
        if (std::ranges::find(found->second.values, person.dn) == found->second.values.end()) continue;
        if (directory == &corp() || !bridged) {
          add(*directory, person);
        } else if (auto const* there = same_number(lab(), corp(), person); there && !is_disabled(person)) {
          add(corp(), *there);
        }
      }
    }
    return people;
  }

  void apply(fake::Planned const& planned) {
    auto& side = scene.vault();
    auto& managed = side.managed;
    auto const drop = [&managed](std::string const& group_id, std::string const& principal) {
      std::erase_if(managed.grants, [&group_id, &principal](auto const& grant) {
        return grant.group_id == group_id && grant.principal == principal;
      });
    };
    for (auto const& grant : planned.draft.store_updates.at("vault").adopt_grants) {
      drop(grant.group_id, grant.principal);
      managed.grants.push_back(grant);
    }
    for (auto const& change : planned.plan().changes) {
      if (change.unconfirmed) continue;
      if (change.verb == Verb::create_group) {
        side.world.group(change.group);
        managed.groups.push_back(
            {side.world.find_group(change.group)->id, change.group, change.rule, true, {change.id}});
      } else if (change.verb == Verb::add) {
        side.world.add(change.group, change.principal);
        auto grant = fake::grant(side.world, change.group, change.principal, change.rule);
        grant.id = change.id, grant.dn = change.dn;
        managed.grants.push_back(std::move(grant));
      } else {
        side.world.remove(change.group, change.principal);
        drop(change.group_id, change.principal);
      }
    }
    for (auto const& group : planned.draft.store_updates.at("vault").update_groups)
      for (auto& known : managed.groups)
        if (known.group_id == group.group_id) known = group;
  }
  /// Runs until nothing is left to do; what the target holds then is what the rules want.
  void settle() {
    for (int round = 0; round < 3; ++round) apply(*scene.plan());
  }
};

struct GivenWorldsOfTwoDirectories : testing::Test {
  static void each(auto const& check) {
    for (unsigned seed = 0; seed < kPairsOfWorlds && !HasFailure(); ++seed) {
      SCOPED_TRACE("world " + std::to_string(seed));
      World world{seed};
      check(world);
    }
  }
  static std::vector<std::string> removals(fake::Planned const& planned) {
    auto words = planned.changes();
    std::erase_if(words,
                  [](auto const& one) { return one.find(": remove ") == one.npos || one.ends_with("?"); });
    return words;
  }
};

TEST_F(GivenWorldsOfTwoDirectories, WhenResolvedThenAsTheDefinitionSays) {
  std::size_t joined = 0;
  each([&joined](World& world) {
    auto const planned = world.scene.plan();
    for (auto const& [key, group] : planned->desired.groups["vault"]) {
      std::set<std::set<std::string>> people;
      for (auto const& member : group.members) {
        std::set<std::string> ids;
        for (auto const& id : parts_of(planned->desired.identities->id_of(ref_of(group, member))))
          ids.insert(id.value());
        joined += ids.size() > 1;
        people.insert(std::move(ids));
      }
      EXPECT_EQ(people, world.wanted(group.name)) << group.name;
      EXPECT_EQ(people.size(), group.members.size());
    }
  });
  EXPECT_GT(joined, kPairsOfWorlds / 10);
}

TEST_F(GivenWorldsOfTwoDirectories, WhenAppliedThenTheNextPlanIsEmpty) {
  std::size_t changes = 0;
  each([&changes](World& world) {
    auto const planned = world.scene.plan();
    changes += planned->plan().changes.size();
    EXPECT_THAT(removals(*planned), testing::IsEmpty());
    world.apply(*planned);
    auto const again = world.scene.plan();
    EXPECT_THAT(again->changes(), testing::IsEmpty());
    EXPECT_THAT(again->draft.store_updates.at("vault").adopt_grants, testing::IsEmpty());
  });
  EXPECT_GT(changes, kPairsOfWorlds);
}

TEST_F(GivenWorldsOfTwoDirectories, WhenPeopleVanishOrNumbersAreHiddenThenNothingIsRemovedUnconfirmed) {
  std::size_t waiting = 0;
  each([&waiting](World& world) {
    world.settle();
    ASSERT_THAT(world.scene.plan()->changes(), testing::IsEmpty());
    for (int n = world.below(3) + 1; n > 0; --n) {
      auto& directory = world.chance(2) ? world.scene.corp() : world.scene.lab();
      auto& person = world.someone(directory);
      // A number that another has too may become theirs alone by this, and then says something new.
      if (auto const number = World::number_of(person); !number.empty())
        for (auto& [uid, other] : directory.people)
          if (World::number_of(other) == number) other.attributes.erase("employeeNumber");
      if (world.chance(2)) directory.hidden.insert(person.dn);
    }
    auto const planned = world.scene.plan();
    EXPECT_THAT(removals(*planned), testing::IsEmpty());
    waiting += planned->plan().changes.size();
  });
  EXPECT_GT(waiting, kPairsOfWorlds / 10);
}

TEST_F(GivenWorldsOfTwoDirectories, WhenSomebodyLeavesThenTheyKeepWhatTheOtherDirectoryStillGives) {
  std::size_t removed = 0;
  each([&removed](World& world) {
    world.settle();
    for (auto* directory : {&world.scene.corp(), &world.scene.lab()})
      for (auto& [cn, group] : directory->groups)
        if (!group.values.empty() && world.chance(2)) group.values.erase(group.values.begin());
    auto const planned = world.scene.plan();
    for (auto const& change : planned->plan().changes) {
      if (change.verb != Verb::remove) continue;
      ++removed;
      std::set<std::string> ids;
      for (auto const& id : parts_of(change.id)) ids.insert(id.value());
      for (auto const& person : world.wanted(change.group))
        for (auto const& id : person)
          EXPECT_FALSE(ids.contains(id)) << change.group << " " << change.principal;
    }
  });
  EXPECT_GT(removed, kPairsOfWorlds / 10);
}

TEST_F(GivenWorldsOfTwoDirectories, WhenPlannedTwiceThenByteEqual) {
  each([](World& world) {
    auto const first = plan_json(world.scene.plan()->plan(), std::nullopt);
    EXPECT_EQ(plan_json(world.scene.plan()->plan(), std::nullopt), first);
  });
}

}  // namespace
}  // namespace dirsync::plan
