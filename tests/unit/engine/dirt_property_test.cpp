// Dirt of thirteen sorts in random worlds, each beside the same world without it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <sstream>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

#ifndef DIRSYNC_DIRTY_WORLDS
#define DIRSYNC_DIRTY_WORLDS 300
#endif
constexpr unsigned kWorlds = DIRSYNC_DIRTY_WORLDS;
constexpr int kPeople = 12, kGroups = 6;

/// What a sort of dirt spoils.
struct Touched {
  std::set<std::string> people;  // by uid
  std::set<std::string> groups;  // by cn, in which it stands
  std::string told;              // within a notice
  std::string gets_nobody = {};  // a group to which nobody is added
};

/// Twelve people in six groups, some by their names and some through other groups; in sync.
struct DirtyWorld {
  explicit DirtyWorld(unsigned seed) : random(seed) {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.setup.rules.front().allow_empty = true;      // of a group with a placeholder alone
    plant.setup.limits.confirm.removals_above = 1000;  // else fewer removals wait for each other
    std::vector<std::string> uids;
    for (auto n = 0; n < kPeople; ++n) uids.push_back("p" + std::to_string(10 + n));
    plant.people(uids);
    for (auto n = 0; n < kGroups; ++n) corp.group("g" + std::to_string(n));
    for (auto& [cn, group] : corp.groups) {
      for (auto n = below(6); n > 0; --n) corp.join(cn, somebody());
      for (auto n = below(4); n > 0; --n) group.uids.push_back(somebody());
      if (below(2) == 0) corp.join(cn, "@" + some_group());
      if (below(3) == 0) corp.join(cn, "cn=placeholder,dc=x");
    }
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    plant.setup.directories[0].policy.band.at_least = 1000;
  }
  int below(int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); }
  std::string somebody() { return "p" + std::to_string(10 + below(kPeople)); }
  std::string some_group() { return "g" + std::to_string(below(kGroups)); }

  /// Some leave, join or are disabled, as on any day.
  void go_on() {
    for (auto n = 0; n < 3; ++n) {
      auto& group = corp.groups.at(some_group());
      if (!group.values.empty()) group.values.erase(group.values.begin());
      if (!group.uids.empty()) group.uids.erase(group.uids.begin());
    }
    corp.join(some_group(), somebody());
    disabled = somebody();
    corp.disable(disabled);
  }

  /// Groups in which the person stands.
  std::set<std::string> groups_of(std::string const& uid) const {
    std::set<std::string> found;
    auto const& dn = corp.people.at(uid).dn;
    for (auto const& [cn, group] : corp.groups)
      if (std::ranges::count(group.values, dn) + std::ranges::count(group.uids, uid) > 0) found.insert(cn);
    return found;
  }

  Touched spoil(int sort) {
    auto const uid = somebody(), cn = some_group();
    auto& person = corp.people.at(uid);
    auto& group = corp.groups.at(cn);
    Touched touched{{uid}, groups_of(uid), person.dn};
    switch (sort) {
      case 0:
        group.uids.push_back("a=b,");
        return {{}, {cn}, "\"a=b,\""};
      case 1:
        group.values.push_back("no\xff");
        return {{}, {cn}, "\"no?\""};
      case 2:
        group.values.push_back("cn=typo,ou=people,dc=x");
        return {{}, {cn}, "cn=typo"};
      case 3:  // a twin of the name
        corp.person("twin").attributes["uid"] = uid;
        touched.told = "";
        return touched;
      case 4:  // on somebody's own entry
        corp.person("other").attributes["uid"] = "other\n" + uid;
        touched.told = "";
        return touched;
      case 5:
        person.attributes["uid"] = "P" + uid.substr(1);
        touched.told = "";
        return touched;
      case 6:
        person.dn = "uid=" + uid + ";people";
        touched.told = "uid=" + uid + ";people";
        return touched;
      case 7:
        corp.person("copy").dn = person.dn;
        return touched;
      case 8:
        corp.person("copy").id = person.id;
        return touched;
      case 9:  // and the copy is a member, somewhere
        corp.person("copy").id = person.id;
        corp.join(cn, "copy");
        touched.groups.insert(cn);
        return touched;
      case 10:  // renamed, and read once before and once after
        touched.people.insert("renamed");
        corp.person("renamed").id = person.id;
        std::ranges::replace(group.values, person.dn, fake::dn_of_person("renamed"));
        return touched;
      case 11:
        corp.group("copied").id = group.id;
        corp.groups.at("copied").attributes["cn"] = "copied";
        return {{}, fed_by({cn}), group.dn, cn};
      default:
        corp.group("both").dn = person.dn;
        corp.groups.at("both").attributes["cn"] = "both";
        return touched;
    }
  }

  /// Groups that some of these feed, at any depth, themselves included.
  std::set<std::string> fed_by(std::set<std::string> groups) const {
    for (auto before = std::size_t{0}; before != groups.size();) {
      before = groups.size();
      for (auto const& [cn, group] : corp.groups)
        for (auto const& value : group.values)
          for (auto const& [other, nested] : corp.groups)
            if (nested.dn == value && groups.contains(other)) groups.insert(cn);
    }
    return groups;
  }

  std::mt19937 random;
  Plant plant;
  fake::DirectoryWorld& corp = plant.corp.world;
  std::string disabled;
};

struct Sent {
  std::string verb, group, user;
  auto operator<=>(Sent const&) const = default;
};

std::set<Sent> sent_by(DirtyWorld& world, Report& report) {
  report = world.plant.run();
  std::set<Sent> all;
  for (auto const& words : world.plant.vault.sent()) {
    std::istringstream in{words};
    Sent one;
    in >> one.verb >> one.group >> one.user;
    all.insert(std::move(one));
  }
  return all;
}

/// Of changes that are about nobody and no group that the dirt touches, and of a disabled person's wherever.
std::set<Sent> untouched(std::set<Sent> const& all, DirtyWorld const& world, Touched const& touched) {
  auto const groups = world.fed_by(touched.groups);
  std::set<Sent> found;
  for (auto const& one : all) {
    auto const may_wait = one.verb == "remove" && one.user != world.disabled && groups.contains(one.group);
    auto const may_stay_out = one.verb == "add" && one.group == touched.gets_nobody;
    if (!touched.people.contains(one.user) && !may_wait && !may_stay_out && one.group != "both" &&
        one.group != "copied")
      found.insert(one);
  }
  return found;
}

class GivenDirt : public testing::TestWithParam<int> {};

TEST_P(GivenDirt, WhenThrownIntoRandomWorldsThenWhoeverItDoesNotTouchIsUnaffected) {
  for (auto seed = 0U; seed < kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE("world " + std::to_string(seed));
    DirtyWorld clean{seed}, dirty{seed};
    for (auto* world : {&clean, &dirty}) world->go_on();
    auto const touched = dirty.spoil(GetParam());
    Report clean_report, report;
    auto const without = sent_by(clean, clean_report), with = sent_by(dirty, report);
    EXPECT_EQ(untouched(with, dirty, touched), untouched(without, dirty, touched));
    for (auto const& one : with)
      if (one.verb == "remove") {
        EXPECT_TRUE(without.contains(one)) << one.group << " loses " << one.user;
      }
    if (touched.told.empty()) continue;
    auto const& notices = report.plan.targets.at("vault").notices;
    EXPECT_TRUE(std::ranges::any_of(notices, [&touched](Notice const& notice) {
      return notice.text.find(touched.told) != std::string::npos;
    })) << touched.told;
  }
}

INSTANTIATE_TEST_SUITE_P(Sorts, GivenDirt, testing::Range(0, 13));

}  // namespace
}  // namespace dirsync::engine
