// Promises held in ten thousand small worlds, each made from its number alone; under a sanitizer in the first
// of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "sync/plan/document.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

#ifndef DIRSYNC_WORLDS
#define DIRSYNC_WORLDS 10'000
#endif
constexpr unsigned kWorlds = DIRSYNC_WORLDS;
constexpr char kReserved[] = "Refused";  // a name that no target group may get

/// A world of up to eight people and six groups, on both sides in every state that comes to mind: groups that
/// are protected, foreign, half granted, whose source has another name now, or one that the target reserves.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {
    scene.limits.confirm.removals_above = 1000;
    scene.rule().adopt = chance(2);
    for (int n = below(7) + 1; n >= 0; --n) make_person("p" + std::to_string(n));
    auto const groups = below(6) + 1;
    for (int n = 0; n < groups; ++n) scene.corp().group("g" + std::to_string(n));
    for (auto& [cn, group] : scene.corp().groups) fill_source(cn);
    for (int n = 0; n < groups + 1; ++n)
      if (chance(2)) make_target_group("g" + std::to_string(n));
    for (auto& [cn, group] : scene.corp().groups)
      if (chance(6)) group.attributes["cn"] = "new-" + cn;
    if (chance(4)) scene.corp().groups.begin()->second.attributes["cn"] = kReserved;
  }

  fake::Scene scene;

  int below(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }
  bool chance(int in) { return below(in) == 0; }
  std::string somebody() {
    return std::next(scene.corp().people.begin(), below(size(scene.corp().people)))->first;
  }
  std::string some_group() {
    return std::next(scene.corp().groups.begin(), below(size(scene.corp().groups)))->first;
  }

  /// The source of a target group: of ours the one that fed it, else the one that has its name now.
  std::string source_of(std::string const& target_group) const {
    auto const& ours = scene.targets.at("vault").managed.groups;
    auto const managed = std::ranges::find(ours, target_group, &ManagedGroup::group);
    for (auto const& [cn, group] : scene.directories.at("corp").groups) {
      auto const feeds = managed == ours.end() ? group.attributes.at("cn") == target_group
                                               : managed->sources.front().value() == group.id;
      if (feeds) return cn;
    }
    return "";
  }

  /// The people of a source group by the definition: members of it or of any group below it.
  std::set<std::string> wanted(std::string const& cn) const {
    std::set<std::string> people, groups{cn};
    std::vector<std::string> to_do{cn};
    while (!to_do.empty()) {
      auto const group = to_do.back();
      to_do.pop_back();
      for (auto const& value : scene.directories.at("corp").groups.at(group).values) {
        for (auto const& [uid, person] : scene.directories.at("corp").people)
          if (person.dn == value && !person.attributes.contains("employeeType")) people.insert(uid);
        for (auto const& [other, nested] : scene.directories.at("corp").groups)
          if (nested.dn == value && groups.insert(other).second) to_do.push_back(other);
      }
    }
    return people;
  }

  /// The source whose name that is now.
  std::string source_named(std::string const& name) const {
    for (auto const& [cn, group] : scene.directories.at("corp").groups)
      if (group.attributes.at("cn") == name) return cn;
    return "";
  }

  /// What the target would do, and what the store would remember.
  void apply(fake::Planned const& planned) {
    auto& side = scene.vault();
    auto const& house = planned.draft.store_updates.at("vault");
    auto& managed = side.managed;
    managed.groups.insert(managed.groups.end(), house.adopt_groups.begin(), house.adopt_groups.end());
    managed.grants.insert(managed.grants.end(), house.adopt_grants.begin(), house.adopt_grants.end());
    for (auto const& grant : house.forget) drop(grant.group_id, grant.id);
    for (auto const& change : planned.plan().changes) {
      if (!is_to_send(change)) continue;
      if (change.verb == Verb::create_group) {
        side.world.group(change.group);
        managed.groups.push_back(fake::managed_group(side.world, change.group, change.rule));
        managed.groups.back().sources = {change.id};
      } else if (change.verb == Verb::rename_group) {
        side.world.find_group_by_id(change.group_id)->name = change.new_name;
        std::ranges::find(managed.groups, change.group_id, &ManagedGroup::group_id)->group = change.new_name;
      } else if (change.verb == Verb::add) {
        side.world.add(change.group, change.principal);
        auto grant = fake::grant(side.world, change.group, change.principal, change.rule);
        grant.id = change.id;
        managed.grants.push_back(std::move(grant));
      } else if (change.verb == Verb::remove) {
        side.world.remove(change.group, change.principal);
        drop(change.group_id, change.id);
      }
    }
  }

 private:
  template <class T>
  static int size(T const& container) {
    return static_cast<int>(container.size());
  }
  void make_person(std::string const& uid) {
    scene.corp().person(uid);
    if (chance(6)) scene.corp().disable(uid);
    scene.vault().world.ldap_user(uid);
    if (chance(8)) scene.vault().world.observed.users.back().protected_because = "a component user";
  }
  void fill_source(std::string const& cn) {
    for (int n = below(6); n > 0; --n) scene.corp().join(cn, somebody());
    for (int n = below(3); n > 0; --n) scene.corp().join(cn, "@" + some_group());
  }
  void make_target_group(std::string const& name) {
    auto& world = scene.vault().world;
    world.group(name);
    for (int n = below(5); n > 0; --n) world.add(name, somebody());
    if (chance(8)) world.find_group(name)->protected_because = "predefined";
    if (chance(3)) return;  // not ours
    scene.vault().managed.groups.push_back(fake::managed_group(world, name, "all", chance(2)));
    for (auto const& user : world.members(name))
      if (!chance(3)) scene.vault().managed.grants.push_back(fake::grant(world, name, user, "all"));
    if (chance(4)) scene.vault().managed.grants.push_back(fake::grant(world, name, somebody(), "all"));
  }
  void drop(std::string const& group_id, EntryId const& id) {
    std::erase_if(scene.vault().managed.grants, [&group_id, &id](auto const& grant) {
      return grant.group_id == group_id && grant.id == id;
    });
  }

  std::mt19937 random_;
};

struct GivenRandomWorlds : testing::Test {
  static void each(auto const& check) {
    for (unsigned seed = 0; seed < kWorlds && !HasFailure(); ++seed) {
      SCOPED_TRACE("world " + std::to_string(seed));
      RandomWorld world{seed};
      check(world);
    }
  }
};

TEST_F(GivenRandomWorlds, WhenResolvedThenAsTheDefinitionSays) {
  each([](RandomWorld& world) {
    auto const planned = world.scene.plan();
    auto const& groups = planned->desired.groups["vault"];
    ASSERT_EQ(groups.size(), world.scene.corp().groups.size());
    for (auto const& [key, group] : groups) {
      std::set<std::string> uids;
      for (auto const& member : group.members)
        uids.emplace(planned->snapshots.at("corp").people()[member.person].values("uid")[0]);
      EXPECT_EQ(uids, world.wanted(world.source_named(group.name))) << group.name;
      EXPECT_EQ(uids.size(), group.members.size());
    }
  });
}

TEST_F(GivenRandomWorlds, WhenPlannedThenNothingIsRemovedWithoutAGrantAndNothingProtectedIsTouched) {
  std::size_t removals = 0;
  each([&removals](RandomWorld& world) {
    auto const planned = world.scene.plan();
    auto& side = world.scene.vault();
    for (auto const& change : planned->plan().changes) {
      if (!is_to_send(change)) continue;
      auto const* const user = side.world.find_user(change.principal);
      auto const* const group = side.world.find_group(change.group);
      EXPECT_EQ(user == nullptr ? "" : user->protected_because, "");
      EXPECT_EQ(group == nullptr ? "" : group->protected_because, "");
      EXPECT_NE(change.verb == Verb::create_group ? change.group : change.new_name, kReserved);
      if (change.verb != Verb::remove) continue;
      ++removals;
      auto const granted = [&change](Grant const& grant) {
        return grant.group_id == change.group_id && grant.principal == change.principal &&
               grant.id == change.id;
      };
      EXPECT_TRUE(std::ranges::any_of(side.managed.grants, granted))
          << change.group << " " << change.principal;
      auto const source = world.source_of(change.group);
      auto const cause = planned->draft.causes[static_cast<std::size_t>(change.n - 1)];
      if (source.empty())
        EXPECT_TRUE(cause == Cause::gone || cause == Cause::disabled) << change.group;
      else
        EXPECT_FALSE(world.wanted(source).contains(change.principal));
    }
  });
  EXPECT_GT(removals, kWorlds / 10);
}

TEST_F(GivenRandomWorlds, WhenAppliedThenTheNextPlanIsEmpty) {
  std::size_t changes = 0;
  each([&changes](RandomWorld& world) {
    auto const planned = world.scene.plan();
    changes += planned->plan().changes.size();
    world.apply(*planned);
    auto const again = world.scene.plan();
    EXPECT_TRUE(std::ranges::none_of(again->plan().changes, is_to_send));
    // Where no value of a group names anybody, that is told for as long as it is so.
    auto const is_quiet = again->plan().changes.empty() && again->plan().reasons.empty();
    EXPECT_EQ(again->plan().verdict, is_quiet ? Verdict::in_sync : Verdict::wait);
    for (auto const& reason : again->plan().reasons)
      EXPECT_TRUE(reason.code == "unconfirmed" || reason.fails) << reason.code;
    auto const& house = again->draft.store_updates.at("vault");
    EXPECT_TRUE(house.adopt_groups.empty() && house.adopt_grants.empty() && house.forget.empty());
  });
  EXPECT_GT(changes, kWorlds);
}

TEST_F(GivenRandomWorlds, WhenAReadLostPeopleAndGroupsThenNothingIsRemovedBeforeItIsConfirmed) {
  std::size_t waiting = 0;
  each([&waiting](RandomWorld& world) {
    world.scene.rule().create_groups = true;
    world.apply(*world.scene.plan());
    auto const before = world.scene.plan();
    ASSERT_TRUE(std::ranges::none_of(before->plan().changes, is_to_send));
    auto const& snapshot = before->snapshots.at("corp");
    for (auto const& group : snapshot.groups())
      world.scene.facts.known["corp"][std::string{group.normalized_dn}] = {
          group.id, std::string{group.normalized_dn}, true};
    for (auto const& person : snapshot.people())
      world.scene.facts.known["corp"][std::string{person.normalized_dn}] = {
          person.id, std::string{person.normalized_dn}, false};

    for (int n = world.below(3); n > 0 && !world.scene.corp().people.empty(); --n)
      world.scene.corp().drop_person(world.somebody(), world.chance(2));
    for (int n = world.below(3); n > 0 && world.scene.corp().groups.size() > 1; --n)
      world.scene.corp().drop_group(world.some_group(), false);
    auto const planned = world.scene.plan();
    for (auto const& change : planned->plan().changes) {
      EXPECT_FALSE(is_to_send(change))
          << to_text(change.verb) << " " << change.group << " " << change.principal;
      ++waiting;
    }
  });
  EXPECT_GT(waiting, kWorlds / 10);
}

TEST_F(GivenRandomWorlds, WhenADeliveryIsInAnotherOrderThenByteEqual) {
  std::size_t renames = 0;
  each([&renames](RandomWorld& world) {
    auto const first = world.scene.plan();
    for (auto const& change : first->plan().changes) renames += change.verb == Verb::rename_group;
    world.scene.corp().delivery_seed = world.below(1000) + 1;
    auto const again = world.scene.plan();
    EXPECT_EQ(plan_json(again->plan(), std::nullopt), plan_json(first->plan(), std::nullopt));
  });
  EXPECT_GT(renames, kWorlds / 100);
}

}  // namespace
}  // namespace dirsync::plan
