#pragma once
// What the directory says, by the plain definition: written without a look at the planner.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sequences/settings.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::sequences {

struct Person {
  std::string id, dn, uid;
  /// `locked`: by wrong passwords, and that counts; such a person is disabled as well.
  bool disabled = false, locked = false, contractor = false;
};

struct Group {
  std::string id, dn, cn;
  bool team = false;
  std::vector<std::string> values, uids;
};

/// Until an administrator unlocks it, and since a moment that has passed in every world.
inline constexpr char kLockedForEver[] = "000001010000Z", kLocked[] = "20260101000000Z";

/// All that one read shows.
struct Said {
  std::vector<Person> people;
  std::vector<Group> groups;
  Person const* person(std::string const& id) const;
  Person const* person_at(std::string const& dn) const;
  Person const* person_named(std::string const& uid) const;
  Group const* group(std::string const& id) const;
  Group const* group_at(std::string const& dn) const;
};
/// `states`: those that count where the directory speaks for its accounts itself.
Said said_by(fake::DirectoryWorld const& world, AccountStates states);

/// Whether each DN of "cn=a > cn=b > uid=x" is a member of the one before, the last one a person.
bool leads_to_a_person(Said const& said, std::string const& path);

/// Ids of the groups that had an excluded DN when it was first seen.
using Followed = std::map<std::string, std::string>;
/// Keeps who is to be followed from now on.
void follow(Said const& said, Settings const& settings, Followed& followed);

struct Wish {
  std::string rule;
  std::set<std::string> sources, people;  // ids
  std::set<std::string> reached;          // ids of all groups that it was made of
};
using Wishes = std::map<std::string, Wish>;  // by name of the target group

/// What one rule wants of its target.
void add_wishes(Said const& said, std::string const& rule, Settings const& settings, Followed const& followed,
                Wishes& wishes);

}  // namespace dirsync::sequences
