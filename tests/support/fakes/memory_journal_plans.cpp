#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>

#include "sync/model/approvals.hpp"
#include "sync/model/blocked.hpp"

namespace dirsync::fake {

Result<void> MemoryJournal::hold_plan(StoredPlan const& plan) {
  if (auto const ok = step("hold_plan"); !ok) return ok.error();
  for (auto& [digest, other] : plans_)
    if (digest != plan.digest && other.directory == plan.directory && !outlasts(other, plan) &&
        (other.state == State::held || (!plan.directory.empty() && is_open(other.state))))
      other.state = State::superseded;
  auto const [kept, is_new] = plans_.emplace(plan.digest, plan);
  auto& held = kept->second;
  if (is_new || !is_open(held.state)) {
    held.decided.reset();
    held.decided_by.clear();
    held.decided_why.clear();
    held.given.clear();
    held.state = State::held;
  }
  held.approvals_needed = plan.approvals_needed;
  held.run = plan.run;
  held.last_seen = plan.last_seen;
  held.document_json = plan.document_json;
  return {};
}

Result<void> MemoryJournal::supersede_held_plans() {
  if (auto const ok = step("supersede_held_plans"); !ok) return ok.error();
  for (auto& [digest, plan] : plans_)
    if (plan.state == State::held && plan.directory.empty() && !outlasts(plan, StoredPlan{}))
      plan.state = State::superseded;
  return {};
}

Result<std::optional<StoredPlan>> MemoryJournal::held_read(std::string const& directory) {
  if (auto const ok = step("held_read"); !ok) return ok.error();
  for (auto const& [digest, plan] : plans_)
    if (!directory.empty() && plan.directory == directory && is_open(plan.state)) return plan;
  return std::nullopt;
}

Result<std::optional<StoredPlan>> MemoryJournal::find_plan(PlanDigest const& digest) {
  if (auto const ok = step("find_plan"); !ok) return ok.error();
  auto const found = plans_.find(digest);
  if (found == plans_.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<StoredPlan>> MemoryJournal::held_plans() {
  if (auto const ok = step("held_plans"); !ok) return ok.error();
  std::vector<StoredPlan> held;
  for (auto const& [digest, plan] : plans_)
    if (plan.state == State::held) held.push_back(plan);
  std::ranges::sort(held, {}, [](auto const& plan) { return std::pair{plan.first_seen, plan.digest}; });
  return held;
}

Result<TakenDecision> MemoryJournal::decide_plan(PlanDecision const& decision) {
  if (auto const ok = step("decide_plan"); !ok) return ok.error();
  auto const found = plans_.find(decision.digest);
  if (found == plans_.end() || !is_open(found->second.state)) {
    auto const* const why = found == plans_.end() ? "no such plan" : "that plan is closed";
    add_row(refused_decision_row(decision, found == plans_.end() ? RunId{0} : found->second.run, why));
    return failure(boost::system::errc::invalid_argument, why);
  }
  auto decided = decided_plan(found->second, decision);
  add_row(decision_row(decided, decision));
  found->second = decided.plan;
  return taken_decision(decided, decision);
}

Result<void> MemoryJournal::end_approval(PlanDigest const& digest, std::string const& actor,
                                         std::string why) {
  if (auto const ok = step("end_approval"); !ok) return ok.error();
  auto const found = plans_.find(digest);
  if (found == plans_.end() || found->second.state != State::approved) return {};
  auto& plan = found->second;
  plan.state = State::held;
  plan.decided.reset();
  plan.decided_by.clear();
  plan.decided_why.clear();
  AuditRow row;
  row.run = plan.run;
  row.phase = "approve";
  row.plan = digest.value();
  row.actor = actor;
  row.result = "expired";
  row.detail = std::move(why);
  add_row(std::move(row));
  return {};
}

Result<void> MemoryJournal::keep_target_states(RunId, std::span<TargetState const> states) {
  if (auto const ok = step("keep_target_states"); !ok) return ok.error();
  for (auto const& state : states) target_states.insert_or_assign(state.target, state);
  return {};
}

Result<void> MemoryJournal::plan_applied(PlanDigest const& digest, RunId run) {
  if (auto const ok = step("plan_applied"); !ok) return ok.error();
  auto const found = plans_.find(digest);
  if (found == plans_.end()) return failure(boost::system::errc::invalid_argument, "no such plan");
  found->second.state = State::applied;
  found->second.run = run;
  return {};
}

Result<std::vector<Blocked>> MemoryJournal::blocked(std::string const& target) {
  if (auto const ok = step("blocked"); !ok) return ok.error();
  return blocked_[target];
}

Result<void> MemoryJournal::replace_blocked(RunId run, PlanDigest const& plan, std::string const& target,
                                            std::string const& actor, std::span<Blocked const> changes) {
  if (auto const ok = step("replace_blocked"); !ok) return ok.error();
  auto update = update_blocked(run, plan, actor, blocked_[target], changes, clock_->now());
  for (auto& row : update.rows) add_row(std::move(row));
  blocked_[target] = std::move(update.list);
  return {};
}

Result<std::vector<SetAside>> MemoryJournal::set_aside(std::string const& target) {
  if (auto const ok = step("set_aside"); !ok) return ok.error();
  return set_aside_[target];
}

Result<void> MemoryJournal::replace_set_aside(std::string const& target, std::span<SetAside const> objects) {
  if (auto const ok = step("replace_set_aside"); !ok) return ok.error();
  auto& kept = set_aside_[target];
  kept.assign(objects.begin(), objects.end());
  std::ranges::sort(kept, {}, [](auto const& one) { return std::pair{one.group, one.principal}; });
  return {};
}

Result<std::vector<Freeze>> MemoryJournal::freezes() {
  if (auto const ok = step("freezes"); !ok) return ok.error();
  return frozen;
}

Result<std::vector<Freeze>> MemoryJournal::end_freezes(RunId run, Time now) {
  if (auto const ok = step("end_freezes"); !ok) return ok.error();
  auto const left = in_force(frozen, now);
  std::vector<Freeze> ended;
  for (auto const& freeze : frozen) {
    if (std::ranges::find(left, freeze) != left.end()) continue;
    add_row(freeze_row(freeze, run, "daemon", "expired", now));
    ended.push_back(freeze);
  }
  frozen = left;
  return ended;
}

}  // namespace dirsync::fake
