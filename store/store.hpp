#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/chain.hpp"
#include "store/day_figures.hpp"
#include "store/errors.hpp"
#include "store/intervals.hpp"
#include "store/options.hpp"
#include "store/proof/signing.hpp"
#include "store/proof/tree_hash.hpp"
#include "store/pruned_rows.hpp"
#include "sync/model/approvals.hpp"
#include "sync/ports/journal.hpp"

namespace dirsync::store {

class Database;
struct Mark;

/// What verify_chain() found.
struct ChainReport {
  std::int64_t count = 0;  // rows that are there and hold
  ChainHead head;          // as stored
  std::optional<ChainFault> fault;
  std::int64_t checkpoints = 0;    // that hold
  std::int64_t of_other_keys = 0;  // of them, signed with an earlier key
  bool has_key = false;            // without one nobody can tell whose the signatures are
  std::optional<PrunedRows> pruned;
  std::optional<AuditRow> acknowledged;  // the last row of a person who took note of a fault like this
};

/// Rows of [since, until).
struct ExtractBounds {
  std::optional<Time> since, until;
};

/// What proves that rows are of the audit trail.
struct Extract {
  std::int64_t rows = 0;
  std::vector<TreeHash> nodes;  // see store/proof/extract_proof.hpp
  std::string checkpoint;       // a signed note of the whole trail
};

/// What of the set-aside objects is meant, without regard to case but for the target; empty: any.
struct RetryWish {
  std::string target{}, group{}, user{};  // user: the target's name
};

struct TargetSuccess {
  RunId run;
  Time time;
};

/// A directory group as it was.
struct GroupAt {
  struct Member {
    EntryId id;
    std::string dn;  // the last known one, as the directory spells it
    bool is_group = false;
  };
  std::string dn;
  std::vector<Member> members;  // its own, not those of nested groups
};

/// STATE_DIR/dirsyncd.db, and beside it the mark that tells when an older copy was put in its place, and the
/// key that signs the audit trail. A store that was opened with a lock writes the mark: before the first call
/// of a run goes out, and at the end of the run, when it also signs.
///
/// The database: everything dirsyncd remembers, in one SQLite file. Any number of processes may
/// read, and write one after the other; the one that writes to targets holds the InstanceLock as well. Every
/// call may fail with StoreErrc::unwritable, corrupt, busy or full; on a read-only store every call that
/// writes fails with StoreErrc::read_only. Beginning a run, and its first intent, fail with
/// StoreErrc::replaced when the files are no longer those of the state folder; beginning one under the lock
/// also with StoreErrc::chain_broken. Thread: one at a time.
class Store final : public Journal {
 public:
  /// Errors: StoreErrc::untrusted, unwritable, corrupt, foreign, newer, behind, busy, full; read_only also
  /// missing; read_write with a lock also chain_broken, without one also locked. Nothing was done then, but
  /// that a file of an older schema may have got this one.
  static Result<Store> open(Options options);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store() override;

  Result<RunId> begin_run(RunStart const& start) override;
  Result<void> end_run(RunRecord const& run) override;
  /// A row without a time gets the current one.
  Result<void> append(AuditRow row) override;
  Result<std::vector<std::int64_t>> intend(RunId run, PlanDigest const& plan, std::string const& actor,
                                           std::span<Change const> batch) override;
  /// Errors: StoreErrc::no_such_intent, also when it was settled before.
  Result<void> settle_all(std::span<Answered const> answered) override;
  Result<std::vector<OpenIntent>> open_intents() override;
  Result<void> recover(OpenIntent const& intent, Outcome outcome, std::string detail) override;
  Result<void> record_unsent(RunId run, PlanDigest const& plan, std::string const& actor,
                             Change const& change, std::string why) override;
  Result<Managed> managed(std::string const& target) override;
  Result<std::map<std::string, Managed>> held_by(std::span<EntryId const> entries) override;
  Result<void> adopt(RunId run, std::string const& target, std::string const& actor,
                     std::span<ManagedGroup const> groups, std::span<Grant const> grants) override;
  Result<void> claim(ClaimCause const& cause, ClaimsByTarget const& claims) override;
  Result<void> forget(RunId run, std::string const& target, std::string const& actor,
                      std::span<Grant const> grants) override;
  /// Errors: StoreErrc::no_such_group. `created_by_us` is not changed.
  Result<void> update_groups(std::string const& target, std::span<ManagedGroup const> groups) override;
  Result<std::optional<ReadCounts>> last_counts(std::string const& directory) override;
  Result<ChangeNumbers> last_change_numbers(std::string const& directory, std::string const& source) override;
  Result<std::string> last_source(std::string const& directory) override;
  Result<void> accept_read(RunId run, Snapshot const& snapshot) override;
  Result<std::vector<KnownEntry>> known_by_dn(std::string const& directory,
                                              std::span<std::string_view const> normalized) override;
  Result<std::vector<std::string>> known_directories() override;
  Result<std::vector<KnownEntry>> known_by_id(std::string const& directory,
                                              std::span<EntryId const> ids) override;
  Result<std::vector<KnownEntry>> known_right_below(std::string const& directory, std::string_view container,
                                                    std::size_t most) override;
  Result<std::optional<std::vector<KeptUnresolved>>> unresolved(std::string const& directory) override;
  Result<void> keep_unresolved(std::string const& directory, std::span<KeptUnresolved const> values) override;
  Result<std::optional<RuleMemory>> rule_memory(std::string const& rule) override;
  Result<void> remember_rule(std::string const& rule, RuleMemory const& memory) override;
  Result<std::vector<AbsenceCount>> absences(std::string const& directory) override;
  Result<void> replace_absences(std::string const& directory, std::span<AbsenceCount const> counts) override;
  /// A plan that is approved or rejected stays so; one that was superseded or applied is held again.
  Result<void> hold_plan(StoredPlan const& plan) override;
  Result<void> supersede_held_plans() override;
  Result<std::optional<StoredPlan>> find_plan(PlanDigest const& digest) override;
  /// Of all plans and reads whose digest begins with `digits`; at most `limit`.
  Result<std::vector<PlanDigest>> digests_that_begin(std::string const& digits, std::int64_t limit);
  Result<std::optional<StoredPlan>> held_read(std::string const& directory) override;
  Result<std::vector<StoredPlan>> held_plans() override;
  /// Errors: StoreErrc::no_such_plan; plan_closed (the context names the plan that is held now).
  Result<TakenDecision> decide_plan(PlanDecision const& decision) override;
  Result<void> end_approval(PlanDigest const& digest, std::string const& actor, std::string why) override;
  /// Errors: StoreErrc::no_such_plan.
  Result<void> plan_applied(PlanDigest const& digest, RunId run) override;
  Result<void> keep_target_states(RunId run, std::span<TargetState const> states) override;
  Result<std::vector<Blocked>> blocked(std::string const& target) override;
  Result<void> replace_blocked(RunId run, PlanDigest const& plan, std::string const& target,
                               std::string const& actor, std::span<Blocked const> changes) override;
  Result<std::vector<PastChange>> past_changes(RunId run) override;
  Result<std::vector<Undone>> undone(std::string const& target) override;
  Result<void> replace_undone(std::string const& target, std::span<Undone const> changes) override;
  Result<std::vector<Flips>> flips(std::string const& target, Time since, int count) override;
  Result<ExcludedGroups> excludes(std::string const& rule) override;
  Result<void> keep_excludes(std::string const& rule, ExcludedGroups const& groups) override;
  Result<std::vector<SetAside>> set_aside(std::string const& target) override;
  Result<void> replace_set_aside(std::string const& target, std::span<SetAside const> objects) override;
  Result<std::vector<Freeze>> freezes() override;
  Result<std::vector<Freeze>> end_freezes(RunId run, Time now) override;
  Result<FeedCookies> feed_cookies() override;

  // For the commands.

  /// True when open() found no mark beside a store in which runs had begun, and wrote one with an audit row.
  bool was_unmarked() const noexcept { return was_unmarked_; }
  /// Why this store is not the one that the mark was written for; nothing unless Options::examine or recover.
  std::optional<Error> const& went_back() const noexcept { return went_back_; }
  /// A store that went back is the one to be used from here on: an audit row of phase `store`, result
  /// `recovered`, and a mark. `detail`: how it was recovered.
  Result<void> vouch(std::string const& detail);
  /// Rows that fit, oldest first, from one state of the file. `sink` returns false to stop.
  Result<void> audit(AuditFilter const& filter, std::function<bool(AuditRow const&)> const& sink);
  /// Reads every row and every checkpoint. A trail that does not hold is no Error but the report's `fault`.
  /// `key`: whose signatures count; without it that of the state folder, if there is one.
  /// Errors: also StoreErrc::malformed (the folder's key).
  Result<ChainReport> verify_chain(std::optional<PublicKey> key = std::nullopt);
  /// Of a store with the lock: takes out the rows from before that time, but for those since a later one, and
  /// leaves a signed checkpoint of them; adds a row that tells of it. What grants, intervals and the tree
  /// need stands apart from the rows. Nothing when there is no such row. Errors: also StoreErrc::needed (rows
  /// that what is unfinished needs, or the mark: the context tells up to when there are none), chain_broken.
  Result<std::optional<PrunedRows>> prune(Time before, std::string const& actor);
  /// What is left of the rows that were taken out; nothing while all are there.
  Result<std::optional<PrunedRows>> pruned();
  /// Of a store with the lock: a row that tells of the first fault of the trail and of the reason that a
  /// person gives for going on, and a signature over the trail as it is. The fault stays, and verify_chain()
  /// goes on to tell of it. Said once more in the same words, with nothing broken since, it adds no row.
  /// Nothing when there is no fault. Errors: also StoreErrc::chain_broken: no row can be
  /// added so that what follows holds.
  Result<std::optional<ChainFault>> acknowledge(std::string const& actor, std::string const& reason);
  /// Of the state folder; nothing before the first store that was opened with a lock. Errors:
  /// StoreErrc::untrusted, unwritable, malformed.
  Result<std::optional<PublicKey>> public_key() const;
  /// Rows of that time, oldest first, and their proof, from one state of the file. Reads every row. `sink`'s
  /// errors are passed on. Errors: also StoreErrc::missing (no key to sign with), malformed, corrupt (the
  /// trail does not hold).
  Result<Extract> extract(ExtractBounds const& bounds,
                          std::function<Result<void>(AuditRow const&)> const& sink);
  /// Of removals that were made from `since` on: how long each took from the directory's change, ascending.
  Result<std::vector<std::chrono::milliseconds>> removal_delays(Time since);
  /// By day, "2026-11-30", from that of `since` on; days of which nothing is kept are not there.
  Result<std::map<std::string, DayFigures>> daily_figures(Time since);
  Result<ChainHead> chain_head();
  /// Of its file, in bytes.
  Result<std::int64_t> size() const;
  /// The newest `limit` runs, of those before `before`, newest first, without their reports.
  Result<std::vector<RunRecord>> runs(std::int64_t limit, std::optional<RunId> before = {});
  Result<std::optional<RunRecord>> find_run(RunId id);
  /// The last one that had ended by then; those left out that did not look at everything: changes by hand,
  /// undos, and runs of leavers alone. Nothing: by now.
  Result<std::optional<RunRecord>> last_run(std::optional<Time> at);
  /// By target: the last run that ended with the target equal to the rules.
  Result<std::map<std::string, TargetSuccess>> last_successes();
  /// By target: how it stood at the end of the last run that had it in its plan.
  Result<std::map<std::string, TargetState>> target_states();
  /// By rule, those that were in force once among them.
  Result<std::map<std::string, RuleMemory>> rule_memories();
  /// Of all targets, ordered by target, group, principal.
  Result<std::vector<SetAside>> all_set_aside();
  /// With an audit row (phase `freeze`, result `frozen`) by its actor. Replaces an earlier one of the same
  /// target, or of all.
  Result<void> freeze(Freeze const& freeze);
  /// Ends that of the target; empty: all that there are. A row each (`thawed`). Gives them.
  Result<std::vector<Freeze>> thaw(std::string const& target, std::string const& actor, Time now);
  /// What fits is tried in the next run, with a row each (phase `retry`). Gives what does.
  Result<std::vector<SetAside>> retry(RetryWish const& wish, std::string const& actor, Time now);
  /// Plans of every state, newest first, without their documents.
  Result<std::vector<StoredPlan>> plans(std::int64_t limit);
  /// A directory group as of the last run that began at or before `at`; nothing when there was no such group
  /// then.
  Result<std::optional<GroupAt>> group_at(std::string const& directory, EntryId const& group, Time at);
  /// Target groups that are ours, by target, then ordered by id.
  Result<std::map<std::string, std::vector<ManagedGroup>>> managed_groups();
  /// Who owns groups, as DNs, as of the last accepted read of each directory; by the group's id.
  Result<std::map<EntryId, std::vector<std::string>>> group_owners();
  /// By digest: who approved the plan, without their reasons; also where the rows that told of it were
  /// pruned.
  Result<std::map<std::string, PlanApprovals>> approvals();
  /// Everything that `look` reads is of one state of the file; it must not write. Its errors are passed on.
  Result<void> in_one_state(std::function<Result<void>()> const& look);
  /// Who was in which target group because of us. Must not outlive the store, nor stay when it is moved.
  Intervals intervals() { return Intervals{*database_}; }

 private:
  Store(Options options, std::unique_ptr<Database> database);
  static Result<Store> open_to_read(Options options, Result<std::optional<Mark>> const& mark);
  /// Database::transaction, refused on a read-only store.
  template <class Body>
  std::invoke_result_t<Body> write(char const* what, Body&& body);
  /// Sees that there is a mark. Under the lock alone.
  Result<void> begin_marking(bool has_mark);
  /// That store, mark and lock are those that stand in the state folder; nothing for a store without the
  /// lock. Errors: StoreErrc::replaced.
  Result<void> check_in_place() const;
  Result<void> note_place(char const* file);
  /// Says in the mark how far the store has come; nothing for a store without the lock.
  Result<void> move_mark();
  /// Whether what was added since the last look holds; at the first look since the last checkpoint that was
  /// signed with our key, and a trail of not too many rows as a whole. Under the lock alone. Errors:
  /// StoreErrc::chain_broken.
  Result<void> check_chain_end();
  /// Sees that there is a key, and that the tree has all rows. Under the lock alone.
  Result<void> begin_signing();
  Result<void> close_intent(std::int64_t intent, Settled const& settled, char const* phase);

  Options options_;
  std::unique_ptr<Database> database_;
  bool marks_ = false, was_unmarked_ = false;
  RunId marked_run_;  // the last that the mark names
  struct Place {
    std::uint64_t device = 0, inode = 0;
    friend bool operator==(Place const&, Place const&) = default;
  };
  std::map<std::string, Place> places_;  // of the files, by name
  std::optional<Error> went_back_;
  std::optional<SigningKey> key_;     // of a store with the lock
  std::optional<ChainHead> checked_;  // of the same: up to there the trail held when it was looked at
  Time some_rows_due_{};  // of a longer trail: when some of what was looked at once is looked at again
};

/// True when `row` has the group and the user that the filter asks for, without regard to case.
/// The rest of the filter is the database's work.
bool fits_names(AuditFilter const& filter, AuditRow const& row);

}  // namespace dirsync::store
