#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>
#include <array>

#include "sync/model/approvals.hpp"
#include "sync/model/blocked.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::fake {
namespace {

using State = StoredPlan::State;

bool is_open(State state) { return state != State::applied && state != State::superseded; }

/// What any grant that is the same as this one shares at least one of.
std::array<std::string, 2> marks_of(std::string const& target, Grant const& grant) {
  auto const where = target + '\n' + grant.group_id + '\n';
  return {where + "id " + grant.principal_id, where + "name " + fold_case(grant.principal)};
}

void note_made_user(Managed& managed, Change const& change) {
  auto& made = managed.made_users;
  std::erase_if(made, [&change](MadeUser const& one) { return one.id == change.principal_id; });
  made.push_back({change.principal_id, change.principal});
  std::ranges::sort(made);
}

Error failure(boost::system::errc::errc_t code, std::string context) {
  return {make_error_code(code), std::move(context)};
}

}  // namespace

Result<void> MemoryJournal::step(char const* what) {
  ++calls_;
  if (!failed() && calls_ != fail_once_) return {};
  return failure(boost::system::errc::io_error, std::string{"the fake journal fails at "} + what);
}

void MemoryJournal::add_row(AuditRow row) {
  if (row.time == Time{}) row.time = clock_->now();
  row.sequence = static_cast<std::int64_t>(audit.size()) + 1;
  audit.push_back(std::move(row));
}

Result<RunId> MemoryJournal::begin_run(RunStart const& start) {
  if (auto const ok = step("begin_run"); !ok) return ok.error();
  RunRecord record;
  record.id = RunId{static_cast<std::int64_t>(runs.size()) + 1};
  record.start = start;
  runs.push_back(record);
  return record.id;
}

Result<void> MemoryJournal::end_run(RunRecord const& run) {
  if (auto const ok = step("end_run"); !ok) return ok.error();
  runs.at(static_cast<std::size_t>(run.id.value() - 1)) = run;
  for (auto const& [directory, cookie] : run.feed_cookies) feed_cookies_.insert_or_assign(directory, cookie);
  AuditRow row;
  row.run = run.id;
  row.phase = "run";
  row.plan = run.digest;
  row.actor = run.start.actor;
  row.result = run.verdict;
  add_row(std::move(row));
  return {};
}

Result<void> MemoryJournal::append(AuditRow row) {
  if (auto const ok = step("append"); !ok) return ok.error();
  add_row(std::move(row));
  return {};
}

Result<std::vector<std::int64_t>> MemoryJournal::intend(RunId run, PlanDigest const& plan,
                                                        std::string const& actor,
                                                        std::span<Change const> batch) {
  if (auto const ok = step("intend"); !ok) return ok.error();
  std::vector<std::int64_t> numbers;
  for (auto const& change : batch) {
    numbers.push_back(++last_intent_);
    intents_.emplace(last_intent_, OpenIntent{last_intent_, run, plan, actor, change});
  }
  return numbers;
}

Result<void> MemoryJournal::close_intent(std::int64_t intent, Settled const& settled, char const* phase) {
  auto const found = intents_.find(intent);
  if (found == intents_.end()) return failure(boost::system::errc::invalid_argument, "no such intent");
  auto const last_look = settled.change.verb == Verb::update_group && std::string_view{phase} == "recovered";
  if (settled.outcome == Outcome::unknown && !last_look) return {};
  add_row(
      change_row(found->second.run, found->second.plan, found->second.actor, settled, phase, clock_->now()));
  take_effect(settled);
  if (is_success(settled.outcome))
    events_.push_back(
        {found->second.run, to_text(settled.change.verb), settled.change, settled.outcome, clock_->now()});
  intents_.erase(found);
  return {};
}

Result<void> MemoryJournal::settle(std::int64_t intent, Settled const& settled) {
  if (auto const ok = step("settle"); !ok) return ok.error();
  return close_intent(intent, settled, "change");
}

Result<std::vector<OpenIntent>> MemoryJournal::open_intents() {
  if (auto const ok = step("open_intents"); !ok) return ok.error();
  std::vector<OpenIntent> open;
  for (auto const& [number, intent] : intents_) open.push_back(intent);
  return open;
}

Result<void> MemoryJournal::recover(OpenIntent const& intent, Outcome outcome, std::string detail) {
  if (auto const ok = step("recover"); !ok) return ok.error();
  Settled const settled{intent.change, outcome, std::move(detail)};
  return close_intent(intent.intent, settled, "recovered");
}

Result<void> MemoryJournal::record_unsent(RunId run, PlanDigest const& plan, std::string const& actor,
                                          Change const& change, std::string why) {
  if (auto const ok = step("record_unsent"); !ok) return ok.error();
  add_row(unsent_row(run, plan, actor, change, std::move(why), clock_->now()));
  return {};
}

void MemoryJournal::take_effect(Settled const& settled) {
  if (!is_success(settled.outcome)) return;
  auto const& change = settled.change;
  auto const grant = grant_of(change);
  auto& managed = managed_[change.target];
  switch (change.verb) {
    case Verb::add:
      if (change.made_by_us) note_made_user(managed, change);
      return put_grant(change.target, grant);
    case Verb::remove:
      return drop_grant(change.target, grant);
    case Verb::create_group: {
      if (change.rule.empty()) return;
      ManagedGroup group{change.group_id, change.group, change.rule, settled.outcome == Outcome::done, {}};
      if (!change.id.value().empty()) group.sources = parts_of(change.id);
      return put_group(change.target, group);
    }
    case Verb::delete_group:
      std::erase_if(managed.grants, [&change](auto const& one) { return one.group_id == change.group_id; });
      std::erase_if(managed.groups, [&change](auto const& one) { return one.group_id == change.group_id; });
      return;
    case Verb::rename_group:
      if (change.rule.empty() || change.new_name.empty()) return;
      for (auto& one : managed.groups)
        if (one.group_id == change.group_id) one.group = change.new_name;
      for (auto& one : managed.grants)
        if (one.group_id == change.group_id) one.group = change.new_name;
      return;
    case Verb::update_group:
    case Verb::adopt:
      return;
  }
}

void MemoryJournal::drop_grant(std::string const& target, Grant const& grant) {
  std::erase_if(managed_[target].grants, [&grant](auto const& kept) { return same_membership(kept, grant); });
}

void MemoryJournal::put_grant(std::string const& target, Grant const& grant) {
  // Nearly every grant is a new one; the others need not be looked at to know it.
  auto const marks = marks_of(target, grant);
  auto const known = [this](std::string const& mark) { return grant_marks_.contains(mark); };
  if (std::ranges::any_of(marks, known)) drop_grant(target, grant);
  grant_marks_.insert(marks.begin(), marks.end());
  managed_[target].grants.push_back(grant);
}

void MemoryJournal::put_group(std::string const& target, ManagedGroup const& group) {
  auto& groups = managed_[target].groups;
  auto const known = std::ranges::find(groups, group.group_id, &ManagedGroup::group_id);
  if (known == groups.end()) {
    groups.push_back(group);
    return;
  }
  auto const created = known->created_by_us || group.created_by_us;
  *known = group;
  known->created_by_us = created;
}

Result<Managed> MemoryJournal::managed(std::string const& target) {
  if (auto const ok = step("managed"); !ok) return ok.error();
  auto managed = managed_[target];
  std::ranges::sort(managed.grants, {}, [](auto const& one) {
    return std::tuple{one.group_id, one.principal, one.principal_id};
  });
  std::ranges::sort(managed.groups, {}, &ManagedGroup::group_id);
  return managed;
}

Result<std::map<std::string, Managed>> MemoryJournal::held_by(std::span<EntryId const> entries) {
  if (auto const ok = step("held_by"); !ok) return ok.error();
  std::map<std::string, Managed> held;
  for (auto const& [target, all] : managed_) {
    Managed of_target;
    for (auto const& grant : all.grants)
      if (std::ranges::find(entries, grant.id) != entries.end()) of_target.grants.push_back(grant);
    if (of_target.grants.empty()) continue;
    std::ranges::sort(of_target.grants, {}, [](auto const& one) {
      return std::tuple{one.group_id, one.principal, one.principal_id};
    });
    for (auto const& group : all.groups)
      if (std::ranges::find(of_target.grants, group.group_id, &Grant::group_id) != of_target.grants.end())
        of_target.groups.push_back(group);
    std::ranges::sort(of_target.groups, {}, &ManagedGroup::group_id);
    held.emplace(target, std::move(of_target));
  }
  return held;
}

Result<void> MemoryJournal::adopt(RunId run, std::string const& target, std::string const& actor,
                                  std::span<ManagedGroup const> groups, std::span<Grant const> grants) {
  if (auto const ok = step("adopt"); !ok) return ok.error();
  for (auto const& group : groups) {
    put_group(target, group);
    Grant whole;
    whole.group_id = group.group_id;
    whole.group = group.group;
    whole.rule = group.rule;
    add_row(found_row(run, target, actor, "adopt", whole, clock_->now()));
  }
  for (auto const& grant : grants) {
    put_grant(target, grant);
    note_found(run, target, "adopt", grant);
    add_row(found_row(run, target, actor, "adopt", grant, clock_->now()));
  }
  return {};
}

Result<void> MemoryJournal::claim(ClaimCause const& cause, ClaimsByTarget const& claims) {
  if (auto const ok = step("claim"); !ok) return ok.error();
  for (auto const& [target, of_target] : claims) {
    for (auto const& group : of_target.groups) {
      put_group(target, group);
      add_row(claim_row(cause, target, group, clock_->now()));
    }
    for (auto const& grant : of_target.grants) {
      put_grant(target, grant);
      add_row(claim_row(cause, target, grant, clock_->now()));
    }
    auto& made = managed_[target].made_users;
    for (auto const& user : of_target.made_users)
      if (std::ranges::find(made, user) == made.end()) made.push_back(user);
    for (auto const& grant : of_target.forgotten) {
      drop_grant(target, grant);
      add_row(claim_row(cause, target, grant, clock_->now(), "forget"));
    }
  }
  return {};
}

Result<void> MemoryJournal::forget(RunId run, std::string const& target, std::string const& actor,
                                   std::span<Grant const> grants) {
  if (auto const ok = step("forget"); !ok) return ok.error();
  for (auto const& grant : grants) {
    drop_grant(target, grant);
    note_found(run, target, "forget", grant);
    add_row(found_row(run, target, actor, "forget", grant, clock_->now()));
  }
  return {};
}

Result<void> MemoryJournal::update_groups(std::string const& target, std::span<ManagedGroup const> groups) {
  if (auto const ok = step("update_groups"); !ok) return ok.error();
  auto& managed = managed_[target];
  for (auto const& group : groups)
    if (std::ranges::find(managed.groups, group.group_id, &ManagedGroup::group_id) == managed.groups.end())
      return failure(boost::system::errc::invalid_argument, "no such group");
  for (auto const& group : groups) {
    auto& kept = *std::ranges::find(managed.groups, group.group_id, &ManagedGroup::group_id);
    auto const created = kept.created_by_us;
    kept = group;
    kept.created_by_us = created;
    for (auto& grant : managed.grants)
      if (grant.group_id == group.group_id) grant.group = group.group;
  }
  return {};
}

Result<std::optional<ReadCounts>> MemoryJournal::last_counts(std::string const& directory) {
  if (auto const ok = step("last_counts"); !ok) return ok.error();
  auto const found = accepted_.find(directory);
  if (found == accepted_.end()) return std::nullopt;
  return found->second.counts;
}

Result<void> MemoryJournal::accept_read(RunId, Snapshot const& snapshot) {
  if (auto const ok = step("accept_read"); !ok) return ok.error();
  Accepted now{
      {static_cast<std::int64_t>(snapshot.groups().size()),
       static_cast<std::int64_t>(snapshot.people().size()), static_cast<std::int64_t>(snapshot.value_count()),
       snapshot.certificate().deciding_attributes, snapshot.certificate().ignored_referrals},
      {}};
  for (auto const& person : snapshot.people())
    now.entries.push_back({person.id, std::string{person.normalized_dn}, false});
  for (auto const& group : snapshot.groups())
    now.entries.push_back({group.id, std::string{group.normalized_dn}, true});
  accepted_[snapshot.directory()] = std::move(now);
  auto const& numbers = snapshot.certificate().change_numbers;
  change_numbers_[{snapshot.directory(), numbers.source}] = numbers;
  if (!numbers.source.empty()) last_sources_[snapshot.directory()] = numbers.source;
  for (auto& [digest, plan] : plans_)
    if (plan.directory == snapshot.directory() && is_open(plan.state))
      plan.state = plan.state == State::approved ? State::applied : State::superseded;
  return {};
}

Result<ChangeNumbers> MemoryJournal::last_change_numbers(std::string const& directory,
                                                         std::string const& source) {
  if (auto const ok = step("last_change_numbers"); !ok) return ok.error();
  auto const found = change_numbers_.find({directory, source});
  return found == change_numbers_.end() ? ChangeNumbers{source, {}} : found->second;
}

Result<std::string> MemoryJournal::last_source(std::string const& directory) {
  if (auto const ok = step("last_source"); !ok) return ok.error();
  auto const found = last_sources_.find(directory);
  return found == last_sources_.end() ? std::string{} : found->second;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_by_dn(std::string const& directory,
                                                           std::span<std::string_view const> normalized) {
  if (auto const ok = step("known_by_dn"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (std::ranges::find(normalized, entry.dn) != normalized.end()) known.push_back(entry);
  return known;
}

Result<std::vector<std::string>> MemoryJournal::known_directories() {
  if (auto const ok = step("known_directories"); !ok) return ok.error();
  std::vector<std::string> names;
  for (auto const& [name, read] : accepted_) names.push_back(name);
  return names;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_by_id(std::string const& directory,
                                                           std::span<EntryId const> ids) {
  if (auto const ok = step("known_by_id"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (std::ranges::find(ids, entry.id) != ids.end()) known.push_back(entry);
  return known;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_right_below(std::string const& directory,
                                                                 std::string_view container,
                                                                 std::size_t most) {
  if (auto const ok = step("known_right_below"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (known.size() < most && parent_of(entry.dn) == container) known.push_back(entry);
  return known;
}

Result<std::optional<RuleMemory>> MemoryJournal::rule_memory(std::string const& rule) {
  if (auto const ok = step("rule_memory"); !ok) return ok.error();
  auto const found = rules_.find(rule);
  if (found == rules_.end()) return std::nullopt;
  return found->second;
}

Result<void> MemoryJournal::remember_rule(std::string const& rule, RuleMemory const& memory) {
  if (auto const ok = step("remember_rule"); !ok) return ok.error();
  rules_[rule] = memory;
  return {};
}

Result<std::vector<AbsenceCount>> MemoryJournal::absences(std::string const& directory) {
  if (auto const ok = step("absences"); !ok) return ok.error();
  return absences_[directory];
}

Result<void> MemoryJournal::replace_absences(std::string const& directory,
                                             std::span<AbsenceCount const> counts) {
  if (auto const ok = step("replace_absences"); !ok) return ok.error();
  absences_[directory].assign(counts.begin(), counts.end());
  std::ranges::sort(absences_[directory], {}, &AbsenceCount::key);
  return {};
}

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

Result<std::optional<std::vector<KeptUnresolved>>> MemoryJournal::unresolved(std::string const& directory) {
  if (auto const ok = step("unresolved"); !ok) return ok.error();
  auto const found = unresolved_.find(directory);
  if (found == unresolved_.end()) return std::nullopt;
  return found->second;
}

Result<void> MemoryJournal::keep_unresolved(std::string const& directory,
                                            std::span<KeptUnresolved const> values) {
  if (auto const ok = step("keep_unresolved"); !ok) return ok.error();
  if (!accepted_.contains(directory)) return {};
  auto& kept = unresolved_[directory];
  kept.assign(values.begin(), values.end());
  std::ranges::sort(kept, {}, [](auto const& one) {
    return std::tuple{one.group.value(), one.runs, one.counted};
  });
  return {};
}

Result<ExcludedGroups> MemoryJournal::excludes(std::string const& rule) {
  if (auto const ok = step("excludes"); !ok) return ok.error();
  return excluded_[rule];
}

Result<void> MemoryJournal::keep_excludes(std::string const& rule, ExcludedGroups const& groups) {
  if (auto const ok = step("keep_excludes"); !ok) return ok.error();
  excluded_[rule] = groups;
  return {};
}

void MemoryJournal::note_found(RunId run, std::string const& target, std::string verb, Grant const& grant) {
  Change change;
  change.target = target;
  change.group = grant.group;
  change.group_id = grant.group_id;
  change.principal = grant.principal;
  change.principal_id = grant.principal_id;
  events_.push_back({run, std::move(verb), std::move(change), Outcome::done, clock_->now()});
}

std::optional<LaterChange> MemoryJournal::later_than(Event const& event) const {
  if (event.change.principal.empty()) return std::nullopt;
  for (auto const& other : events_) {
    if (other.run <= event.run || other.change.target != event.change.target ||
        other.change.group_id != event.change.group_id)
      continue;
    auto const is_same = same_membership(grant_of(other.change), grant_of(event.change));
    if (other.verb == "delete-group" || (!other.change.principal.empty() && is_same))
      return LaterChange{other.run, other.verb};
  }
  return std::nullopt;
}

Result<std::vector<PastChange>> MemoryJournal::past_changes(RunId run) {
  if (auto const ok = step("past_changes"); !ok) return ok.error();
  std::vector<PastChange> past;
  for (auto const& event : events_) {
    if (event.run != run || event.verb == "adopt" || event.verb == "forget") continue;
    auto change = event.change;
    change.n = 0;
    past.push_back({std::move(change), event.outcome, later_than(event)});
  }
  return past;
}

Result<std::vector<Undone>> MemoryJournal::undone(std::string const& target) {
  if (auto const ok = step("undone"); !ok) return ok.error();
  return undone_[target];
}

Result<void> MemoryJournal::replace_undone(std::string const& target, std::span<Undone const> changes) {
  if (auto const ok = step("replace_undone"); !ok) return ok.error();
  auto& kept = undone_[target];
  kept.assign(changes.begin(), changes.end());
  std::ranges::stable_sort(kept, {}, [](Undone const& one) {
    return std::tuple{one.change.group, one.change.principal, one.change.verb};
  });
  return {};
}

Result<std::vector<Flips>> MemoryJournal::flips(std::string const& target, Time since, int count) {
  if (auto const ok = step("flips"); !ok) return ok.error();
  std::map<std::tuple<std::string, std::string, EntryId>, Flips> all;
  for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
    auto const& change = event->change;
    auto const is_flip = (event->verb == "add" || event->verb == "remove") && !change.rule.empty() &&
                         event->outcome == Outcome::done && change.target == target && event->time >= since;
    if (!is_flip) continue;
    if (runs.at(static_cast<std::size_t>(event->run.value() - 1)).start.trigger == "undo") continue;
    auto& flips = all[{change.group, change.principal, change.id}];
    flips.group = change.group;
    flips.principal = change.principal;
    flips.id = change.id;
    flips.times.push_back(event->time);
  }
  std::vector<Flips> often;
  for (auto& [key, flips] : all)
    if (std::cmp_greater_equal(flips.times.size(), count)) often.push_back(std::move(flips));
  return often;
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

Result<FeedCookies> MemoryJournal::feed_cookies() {
  if (auto const ok = step("feed_cookies"); !ok) return ok.error();
  return feed_cookies_;
}

}  // namespace dirsync::fake
