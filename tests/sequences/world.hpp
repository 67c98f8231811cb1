#pragma once
// A company, both its targets, and the engine between them, over many runs.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sequences/definition.hpp"
#include "tests/sequences/dice.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::sequences {

/// What goes wrong with one target in one run.
struct TargetFault {
  bool unread = false, looks_fail = false;
  std::set<std::string> unlisted;                        // names of groups that the read does not list
  std::map<std::string, std::set<std::string>> missing;  // by group name: users whom its list lacks
  int percent = 0;                                       // of the changes that do not just work
  std::vector<fake::FakeTarget::Fate> fates;             // which of these they meet
  unsigned seed = 0;
};

/// Where the process ends in one run.
struct Crash {
  enum class At { journal, before_call, after_call, cancel, stop } at = At::journal;
  int nth = 0;  // journal call or sent change
};

/// What is so in the next run alone.
struct Circumstances {
  bool read_fails = false, looks_fail = false, may_have_changed = false;
  std::set<std::string> hidden;                              // DNs that the read does not show
  std::set<std::string> nowhere;                             // ids of them that no look finds either
  std::set<std::string> nobody_knows;                        // ids of which a look tells nothing
  std::string hidden_attribute;                              // of all people
  std::map<std::string, std::set<std::string>> lost_values;  // by cn: member values that the read lacks
  std::map<std::string, TargetFault> targets;
  std::optional<Crash> crash;
  int journal_fails_from = 0, journal_fails_once = 0;
  bool plan_only = false, accept_band = false, by_daemon = false;
  plan::Cut cut;
  std::optional<PlanDigest> approve;
  std::optional<RunId> undo;  // it takes that run back
  bool retried = false;       // somebody wants what was set aside to be tried again
  bool has_fault() const;
};

/// A change that went out, and the membership it is about as the target had it.
struct Sent {
  Change change;
  bool took_effect = false;
};

/// One run, seen from outside.
struct Attempt {
  Said said;                                        // what its read would show
  std::map<std::string, fake::TargetWorld> before;  // both targets
  std::vector<Freeze> freezes;                      // in force
  std::vector<Sent> sent;
  std::optional<engine::Report> report;  // nothing: it failed or died
  std::string failure;
  Time time;
};

class World {
 public:
  explicit World(unsigned seed);

  engine::Plant plant;
  fake::DirectoryWorld truth;
  std::map<std::string, Settings> settings;  // by rule
  bool allows_empty = false;                 // somebody set allow_empty in every rule
  Limits limits;
  bool mends_references = true;  // the directory keeps member values in step with the entries
  Circumstances now;
  std::map<std::string, std::set<std::string>> dns_of, uids_of;  // all that an id ever had
  std::set<PlanDigest> approved;                                 // by anybody, at any time
  std::vector<PlanDigest> digests;                               // of plans that were held
  std::vector<std::string> by_hand;  // "target group-id user-id" of memberships that somebody edited

  fake::FakeTarget& target(std::string const& name) { return name == "vault" ? plant.vault : plant.console; }
  fake::TargetWorld& world_of(std::string const& name) { return target(name).world; }

  std::string hire(std::string uid, std::string const& id = "");
  std::string make_group(std::string cn);
  /// New DN of a person or group; member values follow where the directory keeps them in step.
  void move(std::string const& from, std::string const& to);
  void drop_values(std::string const& dn);
  /// memberUid values follow where the directory keeps them in step; `to` empty: they go.
  void rename_uid(std::string const& from, std::string const& to);
  /// Of accounts: the attribute that says whether they are disabled, and its value that says so.
  std::pair<std::string, std::string> disabling() const;
  AccountStates states() const { return plant.setup.directories.front().policy.account_states; }
  std::string fresh(char const* stem) { return stem + std::to_string(++last_number_); }
  /// Makes the target's user for that person, as its own log-on would.
  void give_user(std::string const& target, std::string const& uid);

  /// One run under the circumstances, which are as usual afterwards.
  Attempt run();

 private:
  void show();
  void shape_target(std::string const& name);
  void die();

  Attempt* attempt_ = nullptr;
  int last_number_ = 0, sends_ = 0;
  bool dead_ = false;
};

/// Key of a membership: target, group id, user id.
std::string membership(std::string const& target, std::string const& group_id, std::string const& user_id);
/// Id of the user that the change is about, also of somebody who was just provisioned; empty: none.
std::string user_of(fake::TargetWorld& world, Change const& change);
TargetGroup const* find_group_by_id(fake::TargetWorld const& world, std::string const& id);
bool holds(fake::TargetWorld const& world, std::string const& group_id, std::string const& user_id);

}  // namespace dirsync::sequences
