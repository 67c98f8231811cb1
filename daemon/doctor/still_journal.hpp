#pragma once
#include "sync/ports/journal.hpp"

namespace dirsync::doctor {

/// What is remembered, and nothing more is: reads come from `memory`, writes succeed and do nothing.
/// Thread: event loop.
class StillJournal final : public Journal {
 public:
  /// `memory`: null where nothing is remembered; else it must outlive this.
  explicit StillJournal(Journal* memory) : memory_(memory) {}

  Result<RunId> begin_run(RunStart const&) override { return RunId{0}; }
  Result<void> end_run(RunRecord const&) override { return {}; }
  Result<void> append(AuditRow) override { return {}; }
  Result<std::vector<std::int64_t>> intend(RunId, PlanDigest const&, std::string const&,
                                           std::span<Change const> batch) override {
    return std::vector<std::int64_t>(batch.size());
  }
  Result<void> settle_all(std::span<Answered const>) override { return {}; }
  Result<std::vector<OpenIntent>> open_intents() override {
    return from_memory<std::vector<OpenIntent>>([this] { return memory_->open_intents(); });
  }
  Result<void> recover(OpenIntent const&, Outcome, std::string) override { return {}; }
  Result<void> record_unsent(RunId, PlanDigest const&, std::string const&, Change const&,
                             std::string) override {
    return {};
  }
  Result<Managed> managed(std::string const& target) override {
    return from_memory<Managed>([this, &target] { return memory_->managed(target); });
  }
  Result<std::map<std::string, Managed>> held_by(std::span<EntryId const> entries) override {
    return from_memory<std::map<std::string, Managed>>([this, entries] { return memory_->held_by(entries); });
  }
  Result<void> adopt(RunId, std::string const&, std::string const&, std::span<ManagedGroup const>,
                     std::span<Grant const>) override {
    return {};
  }
  Result<void> claim(ClaimCause const&, ClaimsByTarget const&) override { return {}; }
  Result<void> forget(RunId, std::string const&, std::string const&, std::span<Grant const>) override {
    return {};
  }
  Result<void> update_groups(std::string const&, std::span<ManagedGroup const>) override { return {}; }
  Result<std::optional<ReadCounts>> last_counts(std::string const& directory) override {
    return from_memory<std::optional<ReadCounts>>(
        [this, &directory] { return memory_->last_counts(directory); });
  }
  Result<ChangeNumbers> last_change_numbers(std::string const& directory,
                                            std::string const& source) override {
    return from_memory<ChangeNumbers>(
        [this, &directory, &source] { return memory_->last_change_numbers(directory, source); });
  }
  Result<std::string> last_source(std::string const& directory) override {
    return from_memory<std::string>([this, &directory] { return memory_->last_source(directory); });
  }
  Result<void> accept_read(RunId, Snapshot const&) override { return {}; }
  Result<std::vector<KnownEntry>> known_by_dn(std::string const& directory,
                                              std::span<std::string_view const> normalized) override {
    return from_memory<std::vector<KnownEntry>>(
        [this, &directory, normalized] { return memory_->known_by_dn(directory, normalized); });
  }
  Result<std::vector<std::string>> known_directories() override {
    return from_memory<std::vector<std::string>>([this] { return memory_->known_directories(); });
  }
  Result<std::vector<KnownEntry>> known_by_id(std::string const& directory,
                                              std::span<EntryId const> ids) override {
    return from_memory<std::vector<KnownEntry>>(
        [this, &directory, ids] { return memory_->known_by_id(directory, ids); });
  }
  Result<std::vector<KnownEntry>> known_right_below(std::string const& directory, std::string_view container,
                                                    std::size_t most) override {
    return from_memory<std::vector<KnownEntry>>([this, &directory, container, most] {
      return memory_->known_right_below(directory, container, most);
    });
  }
  Result<std::optional<std::vector<KeptUnresolved>>> unresolved(std::string const& directory) override {
    return from_memory<std::optional<std::vector<KeptUnresolved>>>(
        [this, &directory] { return memory_->unresolved(directory); });
  }
  Result<void> keep_unresolved(std::string const&, std::span<KeptUnresolved const>) override { return {}; }
  Result<std::optional<RuleMemory>> rule_memory(std::string const& rule) override {
    return from_memory<std::optional<RuleMemory>>([this, &rule] { return memory_->rule_memory(rule); });
  }
  Result<void> remember_rule(std::string const&, RuleMemory const&) override { return {}; }
  Result<ExcludedGroups> excludes(std::string const& rule) override {
    return from_memory<ExcludedGroups>([this, &rule] { return memory_->excludes(rule); });
  }
  Result<void> keep_excludes(std::string const&, ExcludedGroups const&) override { return {}; }
  Result<std::vector<AbsenceCount>> absences(std::string const& directory) override {
    return from_memory<std::vector<AbsenceCount>>(
        [this, &directory] { return memory_->absences(directory); });
  }
  Result<void> replace_absences(std::string const&, std::span<AbsenceCount const>) override { return {}; }
  Result<void> hold_plan(StoredPlan const&) override { return {}; }
  Result<void> supersede_held_plans() override { return {}; }
  Result<std::optional<StoredPlan>> find_plan(PlanDigest const& digest) override {
    return from_memory<std::optional<StoredPlan>>([this, &digest] { return memory_->find_plan(digest); });
  }
  Result<std::optional<StoredPlan>> held_read(std::string const& directory) override {
    return from_memory<std::optional<StoredPlan>>(
        [this, &directory] { return memory_->held_read(directory); });
  }
  Result<std::vector<StoredPlan>> held_plans() override {
    return from_memory<std::vector<StoredPlan>>([this] { return memory_->held_plans(); });
  }
  Result<TakenDecision> decide_plan(PlanDecision const&) override { return TakenDecision{}; }
  Result<void> end_approval(PlanDigest const&, std::string const&, std::string) override { return {}; }
  Result<void> plan_applied(PlanDigest const&, RunId) override { return {}; }
  Result<void> keep_target_states(RunId, std::span<TargetState const>) override { return {}; }
  Result<std::vector<Blocked>> blocked(std::string const& target) override {
    return from_memory<std::vector<Blocked>>([this, &target] { return memory_->blocked(target); });
  }
  Result<void> replace_blocked(RunId, PlanDigest const&, std::string const&, std::string const&,
                               std::span<Blocked const>) override {
    return {};
  }
  Result<std::vector<PastChange>> past_changes(RunId run) override {
    return from_memory<std::vector<PastChange>>([this, run] { return memory_->past_changes(run); });
  }
  Result<std::vector<Undone>> undone(std::string const& target) override {
    return from_memory<std::vector<Undone>>([this, &target] { return memory_->undone(target); });
  }
  Result<void> replace_undone(std::string const&, std::span<Undone const>) override { return {}; }
  Result<std::vector<Flips>> flips(std::string const& target, Time since, int count) override {
    return from_memory<std::vector<Flips>>(
        [this, &target, since, count] { return memory_->flips(target, since, count); });
  }
  Result<std::vector<SetAside>> set_aside(std::string const& target) override {
    return from_memory<std::vector<SetAside>>([this, &target] { return memory_->set_aside(target); });
  }
  Result<void> replace_set_aside(std::string const&, std::span<SetAside const>) override { return {}; }
  Result<std::vector<Freeze>> freezes() override {
    return from_memory<std::vector<Freeze>>([this] { return memory_->freezes(); });
  }
  Result<std::vector<Freeze>> end_freezes(RunId, Time) override { return std::vector<Freeze>{}; }
  Result<FeedCookies> feed_cookies() override {
    return from_memory<FeedCookies>([this] { return memory_->feed_cookies(); });
  }

 private:
  template <class T, class Ask>
  Result<T> from_memory(Ask ask) {
    return memory_ == nullptr ? Result<T>{T{}} : ask();
  }
  Journal* memory_;
};

}  // namespace dirsync::doctor
