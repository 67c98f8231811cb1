#pragma once
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::fake {

/// A scene with a second directory, "lab", below dc=lab: ids are l-UID and gl-CN.
struct TwoSides : Scene {
  TwoSides() {
    lab().base = "dc=lab";
    rules.push_back(fake::rule("lab", "vault"));
    rules.back().directory = "lab";
  }
  DirectoryWorld& lab() { return directories["lab"]; }
  static std::string lab_dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=lab"; }

  DirectoryWorld::Person& lab_person(std::string const& uid, std::string const& number = "") {
    auto& person = lab().person(uid);
    person.id = "l-" + uid;
    person.dn = lab_dn(uid);
    if (!number.empty()) person.attributes["employeeNumber"] = number;
    return person;
  }
  DirectoryWorld::Person& corp_person(std::string const& uid, std::string const& number = "") {
    auto& person = corp().person(uid);
    if (!number.empty()) person.attributes["employeeNumber"] = number;
    return person;
  }
  void lab_group(std::string const& cn, std::vector<std::string> const& uids) {
    auto& group = lab().group(cn);
    group.id = "gl-" + cn;
    group.dn = "cn=" + cn + ",ou=groups,dc=lab";
    for (auto const& uid : uids) group.values.push_back(lab_dn(uid));
  }
  void leave_lab(std::string const& cn, std::string const& uid) { lab().leave(cn, lab_dn(uid)); }
  void join_by(std::string const& attribute) { corp().join_attribute = lab().join_attribute = attribute; }
  /// That user's membership as granted to the person of that id.
  void grant_to(std::string const& group, std::string const& user, std::string const& id,
                std::string const& dn) {
    auto& side = vault();
    if (side.world.find_user(user) == nullptr) side.world.user(user, dn);
    if (side.world.find_group(group) == nullptr) granted(group, {});
    side.world.add(group, user);
    auto grant = fake::grant(side.world, group, user, "all");
    grant.id = EntryId{id};
    grant.dn = dn;
    side.managed.grants.push_back(std::move(grant));
  }
};

struct GivenTwoDirectories : testing::Test {
  TwoSides scene;
  TargetWorld& vault = scene.vault().world;
  std::unique_ptr<Planned> planned;

  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// Notices about people: that both sides feed one group is told as well, and not what these tests are
  /// about.
  std::vector<std::string> notices(std::string const& target = "vault") const {
    auto words = planned->notices(target);
    std::erase_if(words, [](std::string const& notice) { return notice.starts_with("united "); });
    return words;
  }
  std::vector<std::string> texts(std::string const& target = "vault") const {
    std::vector<std::string> texts;
    for (auto const& notice : planned->plan().targets.at(target).notices)
      if (notice.code != "united") texts.push_back(notice.text);
    return texts;
  }
};

}  // namespace dirsync::fake
