#pragma once
// What the store keeps, as plain values.
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/freeze.hpp"
#include "sync/model/strong.hpp"
#include "sync/model/time.hpp"

namespace dirsync {

/// One row of the audit trail. `sequence`, `previous` and `hash` are set by the store.
struct AuditRow {
  std::int64_t sequence = 0;
  Time time;
  RunId run;          // 0: outside a run
  std::string phase;  // run, read, hold, approve, change, recovered
  std::string target, verb, group, principal, dn, id, rule, path;
  std::string plan;   // digest
  std::string actor;  // "daemon", "uid:1000 (alice)"
  std::string result;
  std::string detail;
  std::string previous, hash;  // 64 hexadecimal digits
  /// Settled::delay, kept beside the row and no part of what is hashed; nothing: not known.
  std::optional<std::chrono::milliseconds> delay{};
};

/// Selects audit rows; every set field must fit.
struct AuditFilter {
  std::optional<Time> since, until;
  std::string target, group, user, action, outcome;  // user: principal, DN or id; action: verb or phase
  std::optional<RunId> run;
  std::int64_t after_sequence = 0;
  std::optional<std::int64_t> limit;  // the newest so many
  std::int64_t before_sequence = std::numeric_limits<std::int64_t>::max();
};

struct RunStart {
  Time time;
  std::string trigger;  // "sync", "daemon", "feed", "leavers", ...
  std::string actor;
  std::string configuration_digest;
};

/// Where a directory's feed can go on. Opaque bytes of its server, and no secret.
struct FeedCookie {
  std::string kind;  // as to_text(FeedKind)
  std::string cookie;
  friend bool operator==(FeedCookie const&, FeedCookie const&) = default;
};
using FeedCookies = std::map<std::string, FeedCookie>;  // by directory

struct RunRecord {
  RunId id;
  RunStart start;
  std::optional<Time> finished;  // none: the process ended in mid-run
  std::string verdict;           // in-sync, run, hold, refuse
  int exit_code = 0;
  std::string digest;
  std::int64_t planned = 0, done = 0, failed = 0, unconfirmed = 0;
  std::vector<std::string>
      succeeded;            // targets that were read and left as the rules want them; not read back
  std::string report_json;  // figures of its own; shown by `run show` together with the next two
  std::string shared_json;  // what it may have in common with other runs, and is kept once: plan, clauses
  /// JSON, each with its `target`. Told in many runs and kept once: read back as a set, in the order in which
  /// they were first kept.
  std::vector<std::string> notices;
  /// They stand for what this run read and accepted, and are kept with its end; not read back.
  FeedCookies feed_cookies{};
};

/// Who is in a target group, and not because of us.
struct MembersOfOthers {
  std::string group_id;
  std::vector<std::string> names;  // as the target spells them; ordered
  friend bool operator==(MembersOfOthers const&, MembersOfOthers const&) = default;
};

/// Whom the sources of a target group name, and who gets nothing by it.
struct LeftOut {
  std::string group;                        // as the rules name it
  std::vector<EntryId> disabled, excluded;  // excluded: by exclude_people; ordered
  friend bool operator==(LeftOut const&, LeftOut const&) = default;
};

/// How a target stood at the end of the last run that had it in its plan; what `status` shows.
struct TargetState {
  enum class Kind {
    ok,           // read, and left as the rules want it
    held,         // changes wait for a person's decision
    unconfirmed,  // removals wait until further reads confirm an absence
    blocked,      // all that is left is due and cannot be sent
    failed,       // a change was planned and not achieved
    unread,       // it had no part in the run
  };
  /// Of one group of the target.
  struct OfGroup {
    std::string group, text;
    friend bool operator==(OfGroup const&, OfGroup const&) = default;
  };
  std::string target;
  RunId run;
  Time time;
  Kind kind = Kind::ok;
  std::vector<std::string> waiting;  // people whom the target does not know yet, by the name they would have
  std::vector<OfGroup> effective;    // of a Directory group that is a member: who gets in by it
  std::vector<OfGroup> unresolved;   // member values of its sources that name nothing
  /// Of its groups that are ours or that a rule wants, ordered by id; without those whose members were not
  /// told. Nothing: it was not read, and what was kept before stays.
  std::optional<std::vector<MembersOfOthers>> foreign{};
  std::optional<std::vector<LeftOut>> left_out{};  // the same way; ordered by group
  bool in_sync() const { return kind == Kind::ok; }
};
char const* to_text(TargetState::Kind kind);  // "ok", "held", "unconfirmed", "blocked", "failed", "unread"

/// A membership that is ours.
struct Grant {
  std::string group_id, group;          // in the target
  std::string principal, principal_id;  // in the target
  EntryId id;                           // of the person
  std::string dn;                       // when granted
  std::string rule;
  std::optional<UserSource> source{};  // of the target's user; nothing: not known, as of one provisioned
};

/// What follows from an addition.
Grant grant_of(Change const& change);
/// Whether both are of one membership: known by the target's id where both have it, else by the folded name.
/// A person who was provisioned gets an id only afterwards.
bool same_membership(Grant const& left, Grant const& right);

/// A target group that is ours: created by us, or adopted.
struct ManagedGroup {
  std::string group_id, group;
  std::string rule;
  bool created_by_us = false;
  std::vector<EntryId> sources;  // directory groups that fed it at the last applied run
};

/// The audit row of a change that has its outcome; `phase`: change or recovered.
AuditRow change_row(RunId run, PlanDigest const& plan, std::string const& actor, Settled const& settled,
                    std::string phase, Time time);
/// Of one that is not sent: it waits (`unconfirmed`) or is skipped. `why`: in words; may be empty.
AuditRow unsent_row(RunId run, PlanDigest const& plan, std::string const& actor, Change const& change,
                    std::string why, Time time);

/// The audit row of a membership or, with an empty principal, a group that was found and not made.
/// `verb`: adopt or forget.
AuditRow found_row(RunId run, std::string const& target, std::string const& actor, std::string verb,
                   Grant const& grant, Time time);

/// The audit row of a freeze. `result`: frozen, thawed, or expired, which it does by itself.
AuditRow freeze_row(Freeze const& freeze, RunId run, std::string const& actor, char const* result, Time time);

/// A user that dirsyncd made, as the target called it then.
struct MadeUser {
  std::string id, name;
  friend auto operator<=>(MadeUser const&, MadeUser const&) = default;
};

struct Managed {
  std::vector<Grant> grants;           // ordered by group_id, principal
  std::vector<ManagedGroup> groups;    // ordered by group_id
  std::vector<MadeUser> made_users{};  // ordered by id
};

/// A call that was announced and whose outcome was never recorded.
struct OpenIntent {
  std::int64_t intent = 0;
  RunId run;
  PlanDigest plan;
  std::string actor;
  Change change;
};

/// A person's word that what waits may be done.
struct GivenApproval {
  std::string actor;
  Time at{};
  std::string reason{};  // theirs; may be empty
  friend bool operator==(GivenApproval const&, GivenApproval const&) = default;
};

/// What waits for a person, or waited: a plan, or a read of `directory` as the new level.
struct StoredPlan {
  PlanDigest digest;
  RunId run;  // 0: from `plan` or a dry run
  Time first_seen, last_seen;
  enum class State { held, approved, rejected, applied, superseded } state = State::held;
  std::optional<Time> decided;
  std::string decided_by;
  std::string document_json;           // as `plan --json` prints it; of a read, its figures and reasons
  std::string directory{};             // empty: a plan
  int approvals_needed = 1;            // by so many different people
  std::vector<GivenApproval> given{};  // by different people, oldest first; those that are too old included
  std::string decided_why{};           // in the words of who decided; may be empty
};

/// What a person decides of a plan or read that waits.
struct PlanDecision {
  PlanDigest digest;
  bool approves = true;  // false: it shall not be done
  std::string actor{};
  Time time{};
  std::string reason{};           // theirs; may be empty
  Time valid_from = Time::min();  // approvals given up to then do not count any more
};

/// What became of such a decision.
struct TakenDecision {
  StoredPlan::State state{};
  int given = 0, needed = 1;  // approvals that count, and how many it takes
  bool is_repeated = false;   // not taken: the same person has approved it, and another one must as well
};

/// Figures of an accepted read, for the band.
struct ReadCounts {
  std::int64_t groups = 0, people = 0, values = 0;
  std::map<std::string, std::int64_t> attributes{};  // Certificate::deciding_attributes
  std::optional<std::int64_t> ignored_referrals{};   // as Certificate's; none: nobody counted
};

/// What is remembered of a rule since its last applied plan.
struct RuleMemory {
  std::string settings;  // JSON: the effective ones behind its last applied or quiet plan; empty: not known
};

/// Groups that a rule excludes, by the normalized DN that the rule names: the id of the group that had it
/// when it was first seen, by which it is followed.
using ExcludedGroups = std::map<std::string, EntryId>;

/// Something known that reads no longer show, and in how many consecutive runs.
struct AbsenceCount {
  std::string key;  // see sync/plan/facts.hpp
  int runs = 0;
  Time counted{};  // when the last run that counted it began; 1970: not known
};

/// Member values of one group that have named nothing since the same read, as of the last accepted one.
struct KeptUnresolved {
  /// In so many consecutive runs that they are no doubt any more.
  static constexpr int kLongThere = std::numeric_limits<int>::max();
  EntryId group;
  int runs = 0;                       // consecutive ones that found them so
  Time counted{};                     // when the last run that counted began; 1970 with kLongThere
  std::vector<std::uint64_t> values;  // unresolved_key() of each, ascending
  friend bool operator==(KeptUnresolved const&, KeptUnresolved const&) = default;
};
/// What is kept of a member value, byte by byte: the same on every machine and in every version (FNV-1a).
std::uint64_t unresolved_key(std::string_view value);

/// A change that is due and cannot be sent.
struct Blocked {
  Change change;
  std::string code, reason;  // the reason in words: what stands in the way, and what to do
  Time since;
  friend bool operator==(Blocked const&, Blocked const&) = default;
};
/// Results of the audit rows that tell when a change begins and ends to be blocked.
inline constexpr char kBlocked[] = "blocked", kUnblocked[] = "unblocked";

/// An entry of the last accepted snapshot.
struct KnownEntry {
  EntryId id;
  std::string dn;  // normalized
  bool is_group = false;
};

/// An object that is set aside and tried again with back-off (P7).
struct SetAside {
  std::string target, group, principal, reason;
  int attempts = 0;
  Time next_try;
};

}  // namespace dirsync
