#pragma once
// What a person decided: rules and limits, effective and complete, as planner and engine use them.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/filter.hpp"
#include "sync/model/name_template.hpp"
#include "sync/model/selection.hpp"

namespace dirsync {

/// How many changes of one kind may run without approval.
struct PercentLimit {
  bool off = false;
  std::optional<double> percent;        // of the managed memberships observed before the run
  std::int64_t at_least = 0;            // allowed however small `percent` comes out
  std::optional<std::int64_t> at_most;  // cap on what `percent` gives; alone, it is the limit
  /// max(at_least, min(at_most, floor(percent * base / 100))); a missing `percent` counts as "all", and with
  /// neither `percent` nor `at_most` the limit is `at_least`. Off: the largest number there is.
  std::int64_t allowed(std::int64_t base) const;
  /// Exactly `count`, whatever the base.
  static PercentLimit exactly(std::int64_t count) {
    return {.off = false, .percent = std::nullopt, .at_least = count, .at_most = count};
  }
  friend bool operator==(PercentLimit const&, PercentLimit const&) = default;
};

struct Limits {
  PercentLimit removals{.off = false, .percent = 10, .at_least = 5, .at_most = 500};
  PercentLimit removals_per_group{.off = false, .percent = 50, .at_least = 3, .at_most = std::nullopt};
  PercentLimit additions{.off = false, .percent = 25, .at_least = 50, .at_most = std::nullopt};
  std::optional<std::int64_t> groups_created, groups_deleted;  // none: no limit

  /// Stricter figures for the groups named, all of them together.
  struct Privileged {
    std::vector<std::string> names;
    std::int64_t removals = 0, additions = 1;
    int approvals = 1;  // of so many people, where a plan that changes one of them waits
    friend bool operator==(Privileged const&, Privileged const&) = default;
  } privileged;

  /// What becomes of a plan that takes the last managed member out of a group.
  enum class OnEmpty { hold, allow } empty_group = OnEmpty::hold;

  /// Absence is confirmed before it costs access. Decided for a whole run; only that of [limits] counts.
  struct Confirm {
    int reads = 2;  // consecutive runs that must not see it
    /// The last run that counted must have begun at least so long before one that counts.
    std::chrono::seconds apart = std::chrono::minutes{1};
    int removals_above = 10;  // up to here a run may confirm by looking for the entry itself
    friend bool operator==(Confirm const&, Confirm const&) = default;
  } confirm;

  /// Whether removals of people who are gone or disabled wait for what else is held. Decided for a whole run;
  /// only that of [limits] counts.
  enum class Leavers { first, with_plan } leavers = Leavers::first;

  /// What becomes of a rule's first plan.
  enum class FirstPlan { hold, apply } first_plan = FirstPlan::hold;
  std::chrono::seconds approval_ttl = std::chrono::hours{24};
  /// Of so many people, where a plan or a read waits. Decided for a whole run; only that of [limits] counts.
  int approvals = 1;

  /// A membership that runs changed so often within that time stays as it is. Decided for a whole run; only
  /// that of [limits] counts.
  struct Flaps {
    int count = 3;
    std::chrono::seconds within = std::chrono::hours{6};
    friend bool operator==(Flaps const&, Flaps const&) = default;
  };
  std::optional<Flaps> flaps;  // none: however often
  friend bool operator==(Limits const&, Limits const&) = default;
};

enum class ForeignMembers { keep, report, remove };
enum class DeleteGroups { never, when_empty };
enum class SourceGone { keep, empty };
enum class MembersAs { users, group };
/// What becomes of a target group when a second source group comes to give its name; from mild to strict.
enum class OnCollision {
  unite,   // both feed it
  hold,    // the same, once a person agreed to it
  refuse,  // nothing is done to it
};
char const* to_text(ForeignMembers value);  // "keep", "report", "remove"
char const* to_text(DeleteGroups value);    // "never", "when-empty"
char const* to_text(SourceGone value);      // "keep", "empty"
char const* to_text(MembersAs value);       // "users", "group"
char const* to_text(OnCollision value);     // "unite", "hold", "refuse"

/// Another directory that a rule takes its people from: entries with the same key on both sides.
struct PeopleFrom {
  std::string directory;
  std::string group_side, people_side;  // attributes, in the groups' directory and in this one
};

/// Which directory groups feed which groups of a target, and how.
struct Rule {
  std::string name, directory, target;
  std::optional<PeopleFrom> people = {};  // none: they are those of `directory`
  GroupSelection selection;
  NameTemplate group_name, member_name;
  /// Instead of `member_name` where the people's directory turns out to be Active Directory; set where the
  /// configuration says neither how people are called nor what kind of directory it is.
  std::optional<NameTemplate> member_name_on_ad = std::nullopt;
  bool nested = true;
  MembersAs as = MembersAs::users;
  bool create_groups = false;
  DeleteGroups delete_groups = DeleteGroups::never;
  bool adopt = false;
  ForeignMembers foreign_members = ForeignMembers::report;
  SourceGone source_gone = SourceGone::keep;
  OnCollision on_collision = OnCollision::hold;
  bool allow_empty = false;              // that it selects nothing, or nobody, is no mistake
  std::vector<std::string> roles;        // console: of a group to create
  std::vector<std::string> exclude;      // DNs of source or nested groups that are not entered
  std::optional<Filter> exclude_people;  // people it fits are not wanted
  int max_depth = 0;                     // of nesting; 0: no limit
  Limits limits;  // effective for this rule: [limits], then the target's, then its own, each only stricter
  /// What decides about the rule and is written elsewhere: of its directories and its target, by the key of
  /// the configuration.
  std::map<std::string, std::string> around;
  /// The same of every other directory, which may have members of the rule's groups: by its name.
  std::map<std::string, std::map<std::string, std::string>> elsewhere = {};
  /// Under which name a snapshot has the groups of `selection`; empty: that of the rule.
  std::string selected_as = {};
  int line = 0;  // in the configuration file
  std::string const& people_directory() const { return people ? people->directory : directory; }
};

}  // namespace dirsync
