#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/errors.hpp"
#include "sync/model/record.hpp"

namespace dirsync::store {

class Database;

/// A group of a target that had members because of us.
struct HeldGroup {
  std::int64_t number = 0;  // within the store
  std::string target;
  std::string id;           // the target's; empty: of before such things were kept
  std::string name;         // at the time that was asked for; the last known one where it had none then
  bool is_managed = false;  // now: it is ours, by creation or adoption
};

/// A membership that was ours, from when to when.
struct HeldInterval {
  enum class Beginning {
    unknown,
    added,    // by us
    already,  // we were about to, and it was there
    adopted,
  };
  enum class End {
    lasts,
    removed,        // by us
    already,        // we were about to, and it was gone
    by_others,      // somebody else took it
    group_deleted,  // with its group
    renewed,        // the next interval goes on from it: another name, id, DN or rule
    unknown,
  };
  std::int64_t number = 0;  // of the audit row with which it began; below 0 where there is none
  std::int64_t group = 0;   // HeldGroup::number
  std::string target;
  std::string principal, principal_id;  // in the target
  EntryId id;                           // of the person
  std::string dn;
  std::string rule, path;     // as of the beginning; path: as in Change, empty where nobody kept it
  std::optional<Time> began;  // nothing: not known
  std::optional<Time> since;  // when the membership began, under whatever name and rule
  Beginning beginning{};
  RunId began_run;  // 0: outside of a run, or not known
  std::string began_plan, began_actor;
  End end{};
  std::optional<Time> ended;  // nothing: it lasts
  RunId ended_run;
  std::string ended_plan, ended_actor, ended_why;

  bool lasts() const { return end == End::lasts; }
};
/// Verb and result of the audit row: "add", "adopt", "" where it is not known; "remove", "forget",
/// "delete-group", "renew", "".
char const* verb_text(HeldInterval::Beginning beginning);
char const* verb_text(HeldInterval::End end);
/// "done", "already", or "" where it is not known.
char const* result_text(HeldInterval::Beginning beginning);
char const* result_text(HeldInterval::End end);

/// One set of names and ids of somebody.
struct HeldPerson {
  std::string target, principal, principal_id;  // principal: as the target spells it
  EntryId id;
  std::string dn;
};

/// Who had what, when and why. Made by Store::intervals(), which it must not outlive. `at`: nothing means
/// now. `target`: empty means any. Every call may fail as the Store's do. Thread: as the Store.
class Intervals {
 public:
  /// By target and name. Those that were known by then, whether somebody was in them or not.
  Result<std::vector<HeldGroup>> groups(std::string const& target, std::optional<Time> at) const;
  /// Those of that name at the time, without regard to case, else of that id, else those that ever bore the
  /// name.
  Result<std::vector<HeldGroup>> find_groups(std::string const& name_or_id, std::string const& target,
                                             std::optional<Time> at) const;
  /// By principal.
  Result<std::vector<HeldInterval>> members(std::int64_t group, std::optional<Time> at) const;
  /// Of whoever is meant by a target's name, a DN, the value of a DN's first part (`uid`) or an immutable id,
  /// at any time; by target, group and principal. `target`: empty means any.
  Result<std::vector<HeldInterval>> of_person(std::string const& person, std::string const& target,
                                              std::optional<Time> at) const;
  /// All of them in that group, oldest first.
  Result<std::vector<HeldInterval>> history(std::string const& person, std::int64_t group) const;
  /// Under which names and ids somebody ever had a membership: who is meant is said as for of_person().
  Result<std::vector<HeldPerson>> people(std::string const& person, std::string const& target) const;
  /// The same of entries of all directories that were ever read: by DN, by the value of its first part, by
  /// id. `target` of these is empty, `principal` too.
  Result<std::vector<HeldPerson>> entries(std::string const& person) const;
  /// Up to `most` sets of names of people in which `part` stands, without regard to case: those whose
  /// target's name begins with it first, then those in whose target's name or DN it stands, at last people of
  /// the directories whom no target ever knew because of us (`target` and `principal` of these are empty).
  /// One person may be there under several names. Nobody for an empty `part`.
  Result<std::vector<HeldPerson>> find_people(std::string const& part, std::size_t most) const;
  /// How many are in it because of us now.
  Result<std::int64_t> count_members(std::int64_t group) const;
  /// Names of members who are there without us, as of the last run that read the target; nothing where they
  /// are not known.
  Result<std::optional<std::vector<std::string>>> foreign(std::string const& target,
                                                          std::string const& group_id) const;
  /// Whom the sources of that group name, and who gets nothing by it, as of the same run.
  Result<LeftOut> left_out(std::string const& target, std::string const& group) const;
  /// Whether one of these entries has a membership because of us now, or a change of one is on its way.
  Result<bool> is_any_held(std::set<EntryId> const& entries) const;

 private:
  friend class Store;
  explicit Intervals(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace dirsync::store
