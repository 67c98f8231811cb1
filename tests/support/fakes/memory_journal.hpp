#pragma once
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>

#include "sync/ports/clock.hpp"
#include "sync/ports/journal.hpp"

namespace dirsync::fake {

/// The whole Journal in memory. Outlives an engine, so that a second engine finds what the first one left.
class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(Clock const& clock) : clock_(&clock) {}

  std::vector<AuditRow> audit;
  std::vector<RunRecord> runs;
  std::map<std::string, TargetState> target_states;
  std::vector<Freeze> frozen;  // what people froze; tests write here
  /// Every call from the n-th on fails (counted from here); 0: none does.
  void fail_from(int nth) { fail_from_ = nth, calls_ = 0; }
  /// The n-th call alone fails (counted from here); 0: none does.
  void fail_once(int nth) { fail_once_ = nth, calls_ = 0; }
  int calls() const { return calls_; }
  /// How many changes were announced so far.
  std::int64_t intents() const { return last_intent_; }
  bool failed() const { return fail_from_ > 0 && calls_ >= fail_from_; }

  Result<RunId> begin_run(RunStart const& start) override;
  Result<void> end_run(RunRecord const& run) override;
  Result<void> append(AuditRow row) override;
  Result<std::vector<std::int64_t>> intend(RunId run, PlanDigest const& plan, std::string const& actor,
                                           std::span<Change const> batch) override;
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
  Result<void> hold_plan(StoredPlan const& plan) override;
  Result<void> supersede_held_plans() override;
  Result<std::optional<StoredPlan>> find_plan(PlanDigest const& digest) override;
  Result<std::optional<StoredPlan>> held_read(std::string const& directory) override;
  Result<std::vector<StoredPlan>> held_plans() override;
  Result<TakenDecision> decide_plan(PlanDecision const& decision) override;
  Result<void> end_approval(PlanDigest const& digest, std::string const& actor, std::string why) override;
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

 private:
  struct Accepted {
    ReadCounts counts;
    std::vector<KnownEntry> entries;
  };
  /// Something that a run did or found.
  struct Event {
    RunId run;
    std::string verb;  // as in the audit row
    Change change;
    Outcome outcome = Outcome::done;
    Time time{};
  };
  using State = StoredPlan::State;
  /// A person may still decide about it, or did and it was not applied.
  static bool is_open(State state);
  static Error failure(boost::system::errc::errc_t code, std::string context);
  std::optional<LaterChange> later_than(Event const& event) const;
  void note_found(RunId run, std::string const& target, std::string verb, Grant const& grant);
  /// Counts the call; an Error when it is one that is to fail.
  Result<void> step(char const* what);
  Result<void> close_intent(std::int64_t intent, Settled const& settled, char const* phase);
  void add_row(AuditRow row);
  void take_effect(Settled const& settled);
  void put_grant(std::string const& target, Grant const& grant);
  void drop_grant(std::string const& target, Grant const& grant);
  void put_group(std::string const& target, ManagedGroup const& group);

  Clock const* clock_;
  int fail_from_ = 0, fail_once_ = 0, calls_ = 0;
  std::int64_t last_intent_ = 0;
  std::map<std::int64_t, OpenIntent> intents_;
  std::map<std::string, Managed> managed_;
  std::unordered_set<std::string> grant_marks_;  // of all grants, those that are gone included
  std::map<std::string, Accepted> accepted_;
  std::map<std::pair<std::string, std::string>, ChangeNumbers> change_numbers_;  // by directory and source
  std::map<std::string, std::string> last_sources_;                              // by directory
  std::map<std::string, std::vector<KeptUnresolved>> unresolved_;                // by directory
  std::map<std::string, RuleMemory> rules_;
  std::map<std::string, std::vector<AbsenceCount>> absences_;
  std::map<PlanDigest, StoredPlan> plans_;
  std::map<std::string, ExcludedGroups> excluded_;
  std::map<std::string, std::vector<SetAside>> set_aside_;
  std::map<std::string, std::vector<Blocked>> blocked_;
  std::vector<Event> events_;
  std::map<std::string, std::vector<Undone>> undone_;
  FeedCookies feed_cookies_;
};

}  // namespace dirsync::fake
