#pragma once
// What became ours, as somebody sees it who only watches the calls and the audit trail.
#include <map>
#include <set>
#include <string>

#include "tests/sequences/world.hpp"

namespace dirsync::sequences {

struct OurMembership {
  std::string target, group_id, user_id, person;
  bool certain = true;  // false: somebody edited it by hand since, so that nobody knows whose it is
  bool interrupted = false, interrupted_before = false;  // added by a run that failed, now or earlier
};

struct OurGroup {
  std::string name = {};          // that we gave it or found it by; somebody may have renamed it since
  std::set<std::string> sources;  // ids
  std::string rule;
  bool created = false;
};

class Ledger {
 public:
  std::map<std::string, OurMembership> memberships;               // by membership()
  std::set<std::string> ever;                                     // keys of all that were ours at any time
  std::map<std::string, std::map<std::string, OurGroup>> groups;  // by target, id

  /// Takes in what was edited by hand since the last run.
  void note_edits(World& world);
  /// Takes in what a run did.
  void note(World& world, Attempt const& attempt);
  /// What the group is to hold: by its name, else by the sources that fed it. Null: nothing is wanted of it.
  Wish const* wish_of(Wishes const& wishes, std::string const& target, std::string const& group_id,
                      std::string const& name) const;

 private:
  void note_call(World& world, Attempt const& attempt, Sent const& sent);
  void note_unverified(World& world, std::span<Settled const> outcomes);
  void note_deletions(World& world, std::span<Settled const> outcomes);
  void disown(World& world, std::string const& target, std::string const& name);
  void note_adoptions(World& world, Attempt const& attempt);

  std::size_t rows_ = 0;  // of the audit trail that were looked at
};

}  // namespace dirsync::sequences
