#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/claims.hpp"
#include "sync/model/error.hpp"
#include "sync/model/freeze.hpp"
#include "sync/model/record.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/model/undo.hpp"

namespace dirsync {

/// What came of a change that was announced. `settled` must outlive it.
struct Answered {
  std::int64_t intent = 0;
  Settled const* settled = nullptr;
};

/// Durable memory of the engine. Every call is one transaction, durable on return (fsync) unless it says
/// otherwise. An Error means that nothing was recorded: the caller must then send nothing. Thread: event
/// loop.
class Journal {
 public:
  virtual ~Journal() = default;

  virtual Result<RunId> begin_run(RunStart const& start) = 0;
  /// Closes the run and appends its audit row of phase `run`; keeps its feed_cookies, where those of other
  /// directories stay.
  virtual Result<void> end_run(RunRecord const& run) = 0;
  /// Appends one row outside of the intent protocol: phases read, hold.
  virtual Result<void> append(AuditRow row) = 0;

  /// Before a call: who is about to do what (P6). Durable on return. One transaction for the whole batch.
  virtual Result<std::vector<std::int64_t>> intend(RunId run, PlanDigest const& plan,
                                                   std::string const& actor,
                                                   std::span<Change const> batch) = 0;
  /// After it: exactly one audit row (phase `change`), with its delay beside it, the grant or managed group
  /// that follows from it, and the intent closed, in one transaction. `settled`: with the ids that the target
  /// gave. add done|already grants, and one that made the member's user keeps that in mind for good; remove
  /// done|already takes the grant; create-group done|already manages the
  /// group, unless no rule asked for it; delete-group done|already ends that, with all grants there;
  /// rename-group done|already gives it the new name, where the change has one and a rule asked for it.
  /// Outcome::unknown leaves the intent open and appends nothing: the next start looks it up.
  /// All of them in one transaction, in their order; an error is that of none of them being written.
  virtual Result<void> settle_all(std::span<Answered const> answered) = 0;
  Result<void> settle(std::int64_t intent, Settled const& settled) {
    Answered const one{intent, &settled};
    return settle_all({&one, 1});
  }
  /// Intents without an outcome, oldest first.
  virtual Result<std::vector<OpenIntent>> open_intents() = 0;
  /// As settle(), with phase `recovered`, under the run that sent it. Of an update-group Outcome::unknown
  /// closes the intent with its row, too: no later look can tell more.
  virtual Result<void> recover(OpenIntent const& intent, Outcome outcome, std::string detail) = 0;
  /// A row for a change that is not sent (unconfirmed, skipped): phase `change`, no intent.
  virtual Result<void> record_unsent(RunId run, PlanDigest const& plan, std::string const& actor,
                                     Change const& change, std::string why) = 0;

  virtual Result<Managed> managed(std::string const& target) = 0;
  /// Of the same, by target: what people have whose id in the grant is exactly one of these, and the managed
  /// groups that it is in; without made_users. Targets in which they have nothing are left out. Costs as much
  /// as they have, however much others have.
  virtual Result<std::map<std::string, Managed>> held_by(std::span<EntryId const> entries) = 0;
  /// Existing memberships and groups taken over (adopt = true): grants, with one audit row each (verb
  /// `adopt`).
  virtual Result<void> adopt(RunId run, std::string const& target, std::string const& actor,
                             std::span<ManagedGroup const> groups, std::span<Grant const> grants) = 0;
  /// What a person approved to be ours, of all targets in one transaction: as adopt(), rows as claim_row().
  virtual Result<void> claim(ClaimCause const& cause, ClaimsByTarget const& claims) = 0;
  /// Grants whose membership somebody else ended: dropped, with one audit row each (verb `forget`).
  virtual Result<void> forget(RunId run, std::string const& target, std::string const& actor,
                              std::span<Grant const> grants) = 0;
  /// A managed group found under another name or fed by other sources.
  virtual Result<void> update_groups(std::string const& target, std::span<ManagedGroup const> groups) = 0;

  /// Counts of the last accepted read; nothing before the first.
  virtual Result<std::optional<ReadCounts>> last_counts(std::string const& directory) = 0;
  /// Change numbers of that source as of the last read that had some; no values before the first.
  virtual Result<ChangeNumbers> last_change_numbers(std::string const& directory,
                                                    std::string const& source) = 0;
  /// What gave the change numbers of the last accepted read that had some; empty before the first.
  virtual Result<std::string> last_source(std::string const& directory) = 0;
  /// Keeps the snapshot: people, groups, member sets packed per group; only what changed is written.
  /// Its certificate's change numbers replace those of the same source, its deciding attributes all of
  /// before.
  virtual Result<void> accept_read(RunId run, Snapshot const& snapshot) = 0;
  /// Entries of the last accepted snapshot with these normalized DNs; unknown ones are left out.
  virtual Result<std::vector<KnownEntry>> known_by_dn(std::string const& directory,
                                                      std::span<std::string_view const> normalized) = 0;
  /// Those of which a snapshot was ever accepted, configured or not; ordered.
  virtual Result<std::vector<std::string>> known_directories() = 0;
  /// The same by id, with the DN of the last accepted snapshot.
  virtual Result<std::vector<KnownEntry>> known_by_id(std::string const& directory,
                                                      std::span<EntryId const> ids) = 0;
  /// At most so many entries of the last accepted snapshot right below that DN, which is normalized.
  virtual Result<std::vector<KnownEntry>> known_right_below(std::string const& directory,
                                                            std::string_view container, std::size_t most) = 0;

  /// Member values that named nothing in the last accepted read, ordered by group, runs, counted; nothing
  /// while nobody kept them.
  virtual Result<std::optional<std::vector<KeptUnresolved>>> unresolved(std::string const& directory) = 0;
  /// Replaces them, after accept_read(); only what changed is written.
  virtual Result<void> keep_unresolved(std::string const& directory,
                                       std::span<KeptUnresolved const> values) = 0;

  virtual Result<std::optional<RuleMemory>> rule_memory(std::string const& rule) = 0;
  virtual Result<void> remember_rule(std::string const& rule, RuleMemory const& memory) = 0;

  /// `keep_excludes` sets all of one rule; empty before the first.
  virtual Result<ExcludedGroups> excludes(std::string const& rule) = 0;
  virtual Result<void> keep_excludes(std::string const& rule, ExcludedGroups const& groups) = 0;

  /// Consecutive absences so far. `replace_absences` sets the whole list of one directory.
  virtual Result<std::vector<AbsenceCount>> absences(std::string const& directory) = 0;
  virtual Result<void> replace_absences(std::string const& directory,
                                        std::span<AbsenceCount const> counts) = 0;

  /// Stores a plan that waits (first_seen stays when it is known), marking other held plans superseded. A
  /// read that waits supersedes those of the same directory alone, decided ones too. One that was superseded
  /// or applied before begins without approvals. What the plan says of its decision is not looked at. One
  /// that outlasts() the new one stays.
  virtual Result<void> hold_plan(StoredPlan const& plan) = 0;
  /// No plan waits any more: what would run now needs nobody. Approved plans stay so, and reads that wait,
  /// and plans of a command of their own (command_of()) that somebody has approved.
  virtual Result<void> supersede_held_plans() = 0;
  virtual Result<std::optional<StoredPlan>> find_plan(PlanDigest const& digest) = 0;
  /// The read of that directory that waits, or was decided and not used yet. accept_read() ends it.
  virtual Result<std::optional<StoredPlan>> held_read(std::string const& directory) = 0;
  /// Plans and reads.
  virtual Result<std::vector<StoredPlan>> held_plans() = 0;
  /// A person's decision, with its audit row of phase `approve`, result `approved`, `rejected`, or `refused`
  /// with the reason, also where this is an Error: no such plan, one that is closed.
  virtual Result<TakenDecision> decide_plan(PlanDecision const& decision) = 0;
  /// The approval of a plan or read cannot be used, being too old or by too few people: it waits again, with
  /// a row (`approve`, `expired`) by `actor` that says `why`. Nothing happens to one that is not approved.
  virtual Result<void> end_approval(PlanDigest const& digest, std::string const& actor, std::string why) = 0;
  /// The approval is used up.
  virtual Result<void> plan_applied(PlanDigest const& digest, RunId run) = 0;

  /// Replaces the states of these targets; of what a state does not tell (`foreign`, `left_out`) the last
  /// known stays.
  virtual Result<void> keep_target_states(RunId run, std::span<TargetState const> states) = 0;

  /// Changes to that target that are due and cannot be sent; ordered by group, principal, verb.
  virtual Result<std::vector<Blocked>> blocked(std::string const& target) = 0;
  /// Replaces that list, all of `changes` being of that target, with an audit row (phase `change`, results
  /// `blocked` and `unblocked`) for each that begins, changes or ends to be blocked, as update_blocked()
  /// says. Nothing is written for an equal list.
  virtual Result<void> replace_blocked(RunId run, PlanDigest const& plan, std::string const& target,
                                       std::string const& actor, std::span<Blocked const> changes) = 0;

  /// What that run did to its targets, in the order of its audit rows: additions, removals, and what became
  /// of groups, each with outcome done or already. Empty: nothing, or there is no such run.
  virtual Result<std::vector<PastChange>> past_changes(RunId run) = 0;
  /// What undos took back there and nobody did again; ordered by group, principal, verb.
  virtual Result<std::vector<Undone>> undone(std::string const& target) = 0;
  /// Replaces that list; all of `changes` are of that target.
  virtual Result<void> replace_undone(std::string const& target, std::span<Undone const> changes) = 0;
  /// Memberships of that target that runs changed (outcome done) at least `count` times since then; undos do
  /// not count. Ordered by group, principal, id.
  virtual Result<std::vector<Flips>> flips(std::string const& target, Time since, int count) = 0;

  virtual Result<std::vector<SetAside>> set_aside(std::string const& target) = 0;
  virtual Result<void> replace_set_aside(std::string const& target, std::span<SetAside const> objects) = 0;

  /// What people have frozen, also while a run goes on; that of all targets first, then by target. Those
  /// whose time is over are among them until end_freezes().
  virtual Result<std::vector<Freeze>> freezes() = 0;
  /// Ends those whose time is over at `now`, each with an audit row (phase `freeze`, result `expired`); gives
  /// them.
  virtual Result<std::vector<Freeze>> end_freezes(RunId run, Time now) = 0;

  /// Where the feeds can go on, as of the last run that gave a cookie for the directory.
  virtual Result<FeedCookies> feed_cookies() = 0;
};

}  // namespace dirsync
